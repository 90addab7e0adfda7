#include "common/io/lzo.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace nfql::test {
namespace {

std::optional<std::string> decompressed(std::string_view stored, std::size_t room = 100'000) {
  std::vector<std::byte> raw(room);
  const auto size = decompress_lzo1x(std::as_bytes(std::span(stored.data(), stored.size())), raw);
  if (!size) {
    return std::nullopt;
  }
  return std::string(reinterpret_cast<const char*>(raw.data()), *size);
}

std::string bytes(std::initializer_list<int> values, std::string_view text = {}) {
  std::string result;
  for (const int value : values) {
    result += static_cast<char>(value);
  }
  return result + std::string(text);
}

const std::string kEnd = bytes({0x11, 0, 0});

TEST(Lzo, AStreamOfLiterals) {
  EXPECT_EQ(decompressed(kEnd), "");
  EXPECT_EQ(decompressed(bytes({17 + 5}, "hello") + kEnd), "hello");
  EXPECT_EQ(decompressed(bytes({2}, "hello") + kEnd), "hello");  // 3 + 2
  const std::string long_run(3 + 15 + 255 + 7, 'x');
  EXPECT_EQ(decompressed(bytes({0, 0, 7}, long_run) + kEnd), long_run);
}

TEST(Lzo, MatchesOfEachKind) {
  const std::string start = bytes({17 + 8}, "abcdefgh");
  // Three bytes at distance 8 (01LDDDSS), then a literal that comes with it.
  EXPECT_EQ(decompressed(start + bytes({0x40 | 7 << 2 | 1, 0}, "Z") + kEnd), "abcdefghabcZ");
  // Five at distance 1, which repeat the last byte (1LLDDDSS).
  EXPECT_EQ(decompressed(start + bytes({0x80, 0}) + kEnd), "abcdefghhhhhh");
  // Two at distance 2 after the literal of a match (0000DDSS), one more literal.
  EXPECT_EQ(
      decompressed(start + bytes({0x40 | 7 << 2 | 1, 0}, "Z") + bytes({1 << 2 | 1, 0}, "Y") + kEnd),
      "abcdefghabcZcZY");
  // 2 + 31 + 4 at distance 8, of a long length (001LLLLL).
  std::string repeated = "abcdefgh";
  for (int i = 0; i < 37; ++i) {
    repeated += repeated[repeated.size() - 8];
  }
  EXPECT_EQ(decompressed(start + bytes({0x20, 4, 7 << 2, 0}) + kEnd), repeated);
}

TEST(Lzo, FarMatches) {
  std::string far;
  for (int i = 0; i < 20'000; ++i) {
    far += static_cast<char>('a' + i % 23);
  }
  const std::size_t run = far.size() - 18;
  std::string stored =
      bytes({0}) + std::string(run / 255, '\0') + bytes({static_cast<int>(run % 255)});
  stored += far;
  // Three bytes at distance 2049 + 4 * 5 + 1 after a long run.
  EXPECT_EQ(decompressed(stored + bytes({1 << 2, 5}) + kEnd),
            far + far.substr(far.size() - 2070, 3));
  // Four at 16384 + 3 (0001HLLL).
  EXPECT_EQ(decompressed(stored + bytes({0x12, 3 << 2, 0}) + kEnd),
            far + far.substr(far.size() - 16'387, 4));
}

TEST(Lzo, DamageIsRefused) {
  const std::string good = bytes({17 + 8}, "abcdefgh") + bytes({0x40 | 7 << 2 | 1, 0}, "Z") + kEnd;
  ASSERT_TRUE(decompressed(good));
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(decompressed(good.substr(0, size))) << size;
  }
  EXPECT_FALSE(decompressed(good + "x"));
  for (std::size_t room = 0; room < 12; ++room) {
    EXPECT_FALSE(decompressed(good, room)) << room;
  }
  EXPECT_FALSE(decompressed(bytes({17 + 8}, "abcdefgh") + bytes({0x40 | 7 << 2, 1}) + kEnd));
  EXPECT_FALSE(decompressed(bytes({0}) + std::string(500, '\0')));
}

}  // namespace
}  // namespace nfql::test
