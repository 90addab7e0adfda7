#include "common/io/inflater.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace nfql {
namespace {

using State = Inflater::State;

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

std::string deflated(const std::string& text, int level) {
  uLongf size = ::compressBound(text.size());
  std::string packed(size, '\0');
  EXPECT_EQ(::compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                        reinterpret_cast<const Bytef*>(text.data()), text.size(), level),
            Z_OK);
  packed.resize(size);
  return packed;
}

// Text that repeats itself, near and far, as records do.
std::string made_text(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < size) {
    if (random() % 3 == 0 && text.size() > 40) {
      const std::size_t from = random() % (text.size() - 20);
      text += text.substr(from, 3 + random() % 40);
    } else {
      text += static_cast<char>(random() % 256);
    }
  }
  text.resize(size);
  return text;
}

struct Inflated {
  std::string text;
  std::size_t consumed = 0;
  State state = State::running;

  bool operator==(const Inflated&) const = default;
};

// With at most so many bytes in and out at a time; until nothing more comes.
Inflated inflate(Inflater& inflater, const std::string& packed, std::size_t in, std::size_t out) {
  Inflated all;
  std::string room(out, '\0');
  for (;;) {
    const auto rest = bytes_of(packed).subspan(all.consumed);
    const Inflater::Step step = inflater.step(rest.first(std::min(in, rest.size())),
                                              std::as_writable_bytes(std::span(room)));
    all.text.append(room, 0, step.produced);
    all.consumed += step.consumed;
    all.state = step.state;
    if (step.state != State::running || (step.consumed == 0 && step.produced == 0)) {
      return all;
    }
  }
}

// What zlib makes of it.
Inflated by_zlib(const std::string& packed) {
  Inflated all;
  z_stream stream{};
  EXPECT_EQ(::inflateInit(&stream), Z_OK);
  std::string given = packed;
  std::string room(1 << 16, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(given.data());
  stream.avail_in = static_cast<uInt>(given.size());
  int result = Z_OK;
  while (result == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(room.data());
    stream.avail_out = static_cast<uInt>(room.size());
    result = ::inflate(&stream, Z_NO_FLUSH);
    all.text.append(room, 0, room.size() - stream.avail_out);
  }
  all.consumed = given.size() - stream.avail_in;
  all.state = result == Z_STREAM_END  ? State::ended
              : result == Z_BUF_ERROR ? State::running
                                      : State::corrupt;
  ::inflateEnd(&stream);
  return all;
}

TEST(Inflater, InflatesInPiecesOfAnySize) {
  const std::string text = made_text(300'000, 1);
  for (const int level : {0, 1, 6, 9}) {
    const std::string packed = deflated(text, level);
    const Inflated expected{text, packed.size(), State::ended};
    for (const auto& [in, out] : {std::pair<std::size_t, std::size_t>{1 << 20, 1 << 20},
                                  {1 << 16, 1 << 16},
                                  {1, 4096},
                                  {4096, 1},
                                  {7, 13},
                                  {100'000, 65'499}}) {
      Inflater inflater;
      EXPECT_EQ(inflate(inflater, packed, in, out), expected) << level << ' ' << in << ' ' << out;
    }
  }
}

TEST(Inflater, LeavesWhatComesAfterTheEnd) {
  for (const std::size_t size : {0U, 1U, 100U, 50'000U}) {
    const std::string text = made_text(size, 2);
    const std::string packed = deflated(text, 6);
    for (const std::size_t in : {std::size_t{1}, std::size_t{3}, packed.size() + 30}) {
      Inflater inflater;
      EXPECT_EQ(inflate(inflater, packed + std::string(30, 'x'), in, 4096),
                (Inflated{text, packed.size(), State::ended}))
          << size << ' ' << in;
    }
  }
}

// The end of the stream is then seen in a step of its own, which reads nothing.
TEST(Inflater, LeavesWhatComesAfterAnOutputThatIsJustFull) {
  for (std::size_t size = 1; size < 3000; size += 7) {
    const std::string text = made_text(size, 5);
    const std::string packed = deflated(text, 6);
    Inflater inflater;
    EXPECT_EQ(inflate(inflater, packed + std::string(30, 'x'), 1 << 16, size),
              (Inflated{text, packed.size(), State::ended}))
        << size;
  }
}

TEST(Inflater, BeginsANewStreamAfterReset) {
  Inflater inflater;
  const std::string packed = deflated("one", 6);
  EXPECT_EQ(inflate(inflater, packed.substr(0, packed.size() - 3), 100, 100).state, State::running);
  inflater.reset();
  EXPECT_EQ(inflate(inflater, packed, 100, 100), (Inflated{"one", packed.size(), State::ended}));
  inflater.reset();
  const std::string other = deflated("two", 6);
  EXPECT_EQ(inflate(inflater, other, 100, 100), (Inflated{"two", other.size(), State::ended}));
}

TEST(Inflater, AStreamCutShortIsStillRunning) {
  const std::string text = made_text(2000, 3);
  const std::string packed = deflated(text, 6);
  for (std::size_t size = 0; size < packed.size(); ++size) {
    Inflater inflater;
    const Inflated part = inflate(inflater, packed.substr(0, size), 1 << 16, 1 << 16);
    EXPECT_EQ(part.state, State::running) << size;
    EXPECT_EQ(part.consumed, size);
    EXPECT_EQ(part.text, text.substr(0, part.text.size())) << size;
  }
}

// ISA-L counted more bytes of this than it was given.
TEST(Inflater, ConsumesNoMoreThanThereIs) {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    std::mt19937 random(seed);
    std::string damaged = deflated(made_text(200, seed % 50), 6);
    damaged.resize(1 + random() % damaged.size());
    damaged[random() % damaged.size()] = static_cast<char>(random());
    damaged.back() = static_cast<char>(random());
    Inflater inflater;
    const Inflated all = inflate(inflater, damaged, 1 << 16, 1 << 16);
    ASSERT_LE(all.consumed, damaged.size()) << seed;
    ASSERT_LE(all.text.size(), 100'000U) << seed;
  }
}

TEST(Inflater, SeesTheFaultsThatZlibSees) {
  const std::string text = made_text(3000, 4);
  const std::string packed = deflated(text, 6);
  for (std::size_t at = 0; at < packed.size(); ++at) {
    for (const int bit : {1, 8, 128}) {
      std::string damaged = packed;
      damaged[at] = static_cast<char>(damaged[at] ^ bit);
      Inflater inflater;
      const Inflated ours = inflate(inflater, damaged, 1 << 16, 1 << 16);
      const Inflated theirs = by_zlib(damaged);
      EXPECT_EQ(ours.state, theirs.state) << at << ' ' << bit;
      const std::size_t common = std::min(ours.text.size(), theirs.text.size());
      EXPECT_EQ(ours.text.substr(0, common), theirs.text.substr(0, common)) << at << ' ' << bit;
    }
  }
}

}  // namespace
}  // namespace nfql
