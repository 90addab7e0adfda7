#include "common/io/deflater.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

namespace nfql {
namespace {

constexpr std::size_t kPiece = 256 * 1024;
constexpr std::size_t kSizes[] = {
    0, 1, 1000, kPiece - 1, kPiece, kPiece + 1, 2 * kPiece + 7, 3 * kPiece, 5 * kPiece + 12345};

std::string random_bytes(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) {
    byte = static_cast<char>(random());
  }
  return bytes;
}

// Bytes of which some come again, near and far.
std::string made_bytes(std::size_t size) {
  std::string bytes = random_bytes(size, 1);
  std::mt19937 random(2);
  for (std::size_t at = 100; at + 60 < size; at += 50) {
    const std::size_t back = 50 + random() % std::min<std::size_t>(at - 50, 32000);
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at - back), 40,
                bytes.begin() + static_cast<std::ptrdiff_t>(at));
  }
  return bytes;
}

// Written in calls with `step` bytes each.
std::string deflated(const std::string& bytes, int level, std::size_t threads, std::size_t step) {
  const std::string path = ::testing::TempDir() + "deflated";
  OutputFile output(path);
  Deflater deflater(level, threads);
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    deflater.write(
        std::as_bytes(std::span(bytes).subspan(at)).first(std::min(step, bytes.size() - at)),
        output);
  }
  deflater.finish(output);
  output.commit();
  std::ifstream file(path, std::ios::binary);
  std::string read{std::istreambuf_iterator<char>(file), {}};
  std::filesystem::remove(path);
  return read;
}

// By zlib, which must find the whole of it good.
std::string inflated(const std::string& packed, std::size_t size) {
  std::string bytes(size + 1, '\0');
  uLongf room = bytes.size();
  uLong used = packed.size();
  EXPECT_EQ(::uncompress2(reinterpret_cast<Bytef*>(bytes.data()), &room,
                          reinterpret_cast<const Bytef*>(packed.data()), &used),
            Z_OK);
  EXPECT_EQ(used, packed.size());
  bytes.resize(room);
  return bytes;
}

TEST(Deflater, MakesOneStreamThatZlibReads) {
  for (const int level : {1, 2, 4, 6, 9}) {
    for (const std::size_t size : kSizes) {
      const std::string bytes = made_bytes(size);
      ASSERT_EQ(inflated(deflated(bytes, level, 2, 1000), size), bytes) << level << ' ' << size;
    }
  }
}

TEST(Deflater, WritesTheSameWithAnyNumberOfThreadsAndCalls) {
  const std::string bytes = made_bytes(5 * kPiece + 12345);
  for (const int level : {1, 4}) {
    const std::string once = deflated(bytes, level, 1, bytes.size());
    for (const std::size_t threads : {1U, 2U, 5U}) {
      ASSERT_EQ(deflated(bytes, level, threads, 65536), once) << level << ' ' << threads;
    }
  }
}

TEST(Deflater, LooksBackIntoThePieceBefore) {
  constexpr std::size_t kAgain = 8 * 1024;
  std::string bytes = random_bytes(kPiece, 3);
  bytes += bytes.substr(kPiece - kAgain);
  for (const int level : {1, 4}) {
    EXPECT_LT(deflated(bytes, level, 1, bytes.size()).size(), kPiece + kAgain / 4) << level;
  }
}

TEST(Deflater, WhatCannotBeDeflatedHardlyGrows) {
  const std::string bytes = random_bytes(3 * kPiece + 1, 4);
  for (const int level : {1, 4, 9}) {
    const std::string packed = deflated(bytes, level, 2, 1000);
    EXPECT_LT(packed.size(), bytes.size() + bytes.size() / 500) << level;
    EXPECT_EQ(inflated(packed, bytes.size()), bytes) << level;
  }
}

TEST(Deflater, MayEndBeforeTheStreamDoes) {
  const std::string bytes = made_bytes(5 * kPiece);
  OutputFile output(::testing::TempDir() + "unfinished");
  Deflater deflater(4, 3);
  deflater.write(std::as_bytes(std::span(bytes)), output);
}

}  // namespace
}  // namespace nfql
