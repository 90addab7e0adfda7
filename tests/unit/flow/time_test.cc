#include "common/flow/time.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace nfql {
namespace {

std::string text_of(std::int64_t ms, ZoneMinutes zone = 0) {
  std::string text;
  append_time(text, ms, zone);
  return text;
}

TEST(Time, PrintsIso8601WithMilliseconds) {
  EXPECT_EQ(text_of(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(text_of(1335771830057), "2012-04-30T07:43:50.057Z");
  EXPECT_EQ(text_of(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(text_of(1335771830057, 120), "2012-04-30T09:43:50.057+02:00");
  EXPECT_EQ(text_of(1335771830057, -90), "2012-04-30T06:13:50.057-01:30");
}

TEST(Time, ReadsWhatItPrintsAtTheEdges) {
  for (const std::int64_t ms : {std::int64_t{0}, std::int64_t{951782400000},  // 29 Feb 2000
                                std::int64_t{4107542399999}, std::int64_t{-62135596800000}}) {
    EXPECT_EQ(parse_time(text_of(ms)), ms);
    EXPECT_EQ(parse_time(text_of(ms, 330)), ms);
  }
}

TEST(Time, ReadsYearsOfMoreThanFourDigitsAndBeforeZero) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kEndOf9999 = 253402300800000;
  for (const std::int64_t ms : {kMost, kLeast, kMost - 86'400'000, kLeast + 86'400'000, kEndOf9999,
                                std::int64_t{-62167219200001}}) {
    EXPECT_EQ(parse_time(text_of(ms)), ms) << text_of(ms);
    EXPECT_EQ(parse_time(text_of(ms, -90)), ms) << text_of(ms, -90);
  }
  EXPECT_EQ(parse_time("+1970-01-01"), 0);
  for (const char* text : {"+292278995-01-01", "-292275056-01-01", "+1000000000-01-01",
                           "+970-01-01", "+-1970-01-01", "+", "-", "+1971-02-29", "+10000-13-01"}) {
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
  }
}

TEST(Time, ReadsDatesZonesAndFractions) {
  EXPECT_EQ(parse_time("1970-01-02"), 86'400'000);
  EXPECT_EQ(parse_time("1970-01-01T00:01"), 60'000);
  EXPECT_EQ(parse_time("1970-01-01 00:00:01.5Z"), 1500);
  EXPECT_EQ(parse_time("1970-01-01T00:00:00.123999"), 123);
  EXPECT_EQ(parse_time("1970-01-01T01:00:00+01:00"), 0);
  EXPECT_EQ(parse_time("1970-01-01T01:00:00", 60), 0);
}

TEST(Time, RefusesWhatIsNone) {
  for (const char* text : {"", "1970", "1970-13-01", "1970-02-30", "1970-01-01T24:00",
                           "1970-01-01T00:60", "1970-01-01T00:00:00.", "1970-01-01x"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
}

}  // namespace
}  // namespace nfql
