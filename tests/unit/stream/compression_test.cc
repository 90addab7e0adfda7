#include "common/stream/compression.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "common/base/error.h"

namespace nfql {
namespace {

using Method = Compression::Method;

TEST(ParseCompression, KnowsMethodsLevelsAndDigits) {
  EXPECT_EQ(parse_compression("none"), (Compression{Method::none, 0}));
  EXPECT_EQ(parse_compression("lz4"), (Compression{Method::lz4, 1}));
  EXPECT_EQ(parse_compression("LZ4:12"), (Compression{Method::lz4, 12}));
  EXPECT_EQ(parse_compression("zstd"), (Compression{Method::zstd, 3}));
  EXPECT_EQ(parse_compression("zstd:19"), (Compression{Method::zstd, 19}));
  EXPECT_EQ(parse_compression("0").method, Method::none);
  EXPECT_EQ(parse_compression("1").method, Method::lz4);
  EXPECT_EQ(parse_compression("9"), (Compression{Method::zstd, 19}));
}

TEST(ParseCompression, ListsTheChoicesForAnythingElse) {
  for (const std::string text : {"", "gzip", "10", "-1", "none:1", "lz4:0", "lz4:13", "zstd:20",
                                 "zstd:", "zstd:3x", "zstd:-3", "zstd:99999999999"}) {
    try {
      static_cast<void>(parse_compression(text));
      ADD_FAILURE() << "accepted '" << text << "'";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Exit::usage);
      EXPECT_NE(error.hint().find("zstd:19"), std::string::npos);
    }
  }
}

std::span<const std::byte> bytes(const Buffer& buffer) {
  return buffer.bytes();
}

Buffer repetitive() {
  Buffer raw;
  for (std::uint32_t i = 0; i < 5000; ++i) {
    raw.push(i / 100);
  }
  return raw;
}

class Codec : public ::testing::TestWithParam<Compression> {};

TEST_P(Codec, GivesBackWhatItGot) {
  const Buffer raw = repetitive();
  Compressor compressor(GetParam());
  Decompressor decompressor;
  for (int i = 0; i < 2; ++i) {  // again with the same working memory
    Buffer packed;
    ASSERT_TRUE(compressor.compress(raw.bytes(), packed));
    EXPECT_LT(packed.size(), raw.size());
    Buffer back(raw.size());
    ASSERT_TRUE(decompressor.decompress(compressor.method(), bytes(packed),
                                        std::span(back.data(), back.size())));
    EXPECT_EQ(std::memcmp(back.data(), raw.data(), raw.size()), 0);
  }
}

TEST_P(Codec, SaysWhenItDoesNotPay) {
  std::mt19937_64 random(1);
  Buffer raw;
  for (int i = 0; i < 1000; ++i) {
    raw.push(random());
  }
  Buffer packed;
  Compressor compressor(GetParam());
  EXPECT_FALSE(compressor.compress(raw.bytes(), packed));
  EXPECT_FALSE(compressor.compress({}, packed));
}

TEST_P(Codec, RefusesAnotherLength) {
  const Buffer raw = repetitive();
  Buffer packed;
  ASSERT_TRUE(Compressor(GetParam()).compress(raw.bytes(), packed));
  Decompressor decompressor;
  for (const std::size_t size : {raw.size() - 1, raw.size() + 1, std::size_t{0}}) {
    Buffer back(size);
    EXPECT_FALSE(decompressor.decompress(GetParam().method, bytes(packed),
                                         std::span(back.data(), back.size())));
  }
  Buffer back(raw.size());
  EXPECT_FALSE(decompressor.decompress(GetParam().method, bytes(packed).first(packed.size() / 2),
                                       std::span(back.data(), back.size())));
}

INSTANTIATE_TEST_SUITE_P(Methods, Codec,
                         ::testing::Values(Compression{Method::lz4, 1}, Compression{Method::lz4, 9},
                                           Compression{Method::zstd, 1},
                                           Compression{Method::zstd, 19}));

TEST_P(Codec, Appends) {
  Compressor compressor(GetParam());
  Buffer alone;
  ASSERT_TRUE(compressor.compress(repetitive().bytes(), alone));
  Buffer packed;
  packed.push(std::uint64_t{7});
  ASSERT_TRUE(compressor.compress(repetitive().bytes(), packed));
  EXPECT_EQ(packed.size(), 8 + alone.size());
  EXPECT_EQ(std::memcmp(packed.data() + 8, alone.data(), alone.size()), 0);
  EXPECT_FALSE(compressor.compress({}, packed));
  EXPECT_EQ(packed.size(), 8 + alone.size());
}

TEST(Compressor, OfNoMethodNeverPays) {
  const Buffer raw = repetitive();
  Buffer packed;
  EXPECT_FALSE(Compressor(Compression{}).compress(raw.bytes(), packed));
}

}  // namespace
}  // namespace nfql
