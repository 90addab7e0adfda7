#include "common/expr/habits.h"

#include <gtest/gtest.h>

namespace nfql {
namespace {

// The hint for an error at the first byte of `at`.
std::string hint_at(std::string_view text, std::string_view at) {
  return habit_hint(text, text.find(at));
}

TEST(HabitHint, TranslatesWordsBeforeValues) {
  EXPECT_EQ(hint_at("dst port 80", "port"), "write 'dstport = 80'");
  EXPECT_EQ(hint_at("dst port 80", " port"), "write 'dstport = 80'");
  EXPECT_EQ(hint_at("SRC IP 10.0.0.1 and x", "IP"), "write 'srcip = 10.0.0.1'");
  EXPECT_EQ(hint_at("host 10.77.0.1", "10"), "write 'srcip = 10.77.0.1 or dstip = 10.77.0.1'");
  EXPECT_EQ(hint_at("bytes > 5 and proto tcp", "tcp"), "write 'proto = tcp'");
  EXPECT_EQ(hint_at("flags AS", "AS"), "write 'flags = AS/AS'");
  EXPECT_EQ(hint_at("dst port > 1024", "port"), "write 'dstport > 1024'");
  EXPECT_EQ(hint_at("port in [80 443]", "["),
            "write 'srcport in {80, 443} or dstport in {80, 443}'");
}

TEST(HabitHint, GivesSetsBraces) {
  EXPECT_EQ(hint_at("dstport in (80,443)", "80"), "a set has braces: 'in {80, 443}'");
  EXPECT_EQ(hint_at("dstport in [80,443]", "["), "a set has braces: 'in {80, 443}'");
  EXPECT_EQ(hint_at("dstport in (80 or 443)", "80"), "a set has braces: 'in {80, 443}'");
}

TEST(HabitHint, KnowsUnitsAndTimesOfOthers) {
  EXPECT_EQ(hint_at("bytes > 10kB", "kB"), "write 10k: a number of bytes has no unit");
  EXPECT_EQ(hint_at("bytes > 4MiB", "MiB"), "write 4Mi: a number of bytes has no unit");
  EXPECT_EQ(hint_at("duration > 1h30m", "1h"), "a number has one unit: 90m");
  EXPECT_EQ(hint_at("start > 2026-11-22 10:42:10", "10:"),
            "a 'T' joins date and time: 2026-11-22T10:42:10");
}

TEST(HabitHint, KeepsToWhatItKnows) {
  EXPECT_EQ(hint_at("proto = tcp foo", "foo"), "");
  EXPECT_EQ(hint_at("(srcport = 1 or dstport = 2) foo", "foo"), "");
  EXPECT_EQ(hint_at("bytes > 10q", "10q"), "");
  EXPECT_EQ(hint_at("duration > 1h", "1h"), "");
  EXPECT_EQ(hint_at("dst port", "port"), "");
  EXPECT_EQ(hint_at("a in (", "("), "");
  EXPECT_EQ(habit_hint("", 0), "");
}

}  // namespace
}  // namespace nfql
