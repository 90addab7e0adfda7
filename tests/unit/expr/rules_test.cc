#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "common/expr/excerpt.h"
#include "common/expr/parse.h"
#include "common/expr/print.h"

namespace nfql {
namespace {

constexpr std::array<std::string_view, 2> kNames = {"req", "res"};

// The rules that stand side by side in a text, as "canonical text|bytes|…".
std::string rules_of(std::string_view text, Grammar grammar = Grammar::filter) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto rule = parse_rule(text, at, grammar, kNames);
    if (!rule) {
      return result + "nothing at " + std::to_string(at);
    }
    result += to_text(rule->expr) + "|" +
              std::string(text.substr(rule->span.begin, rule->span.end - rule->span.begin)) + "|";
    at = std::min(text.find_first_not_of(" \n", rule->span.end), text.size());
  }
  return result;
}

TEST(Rules, EndWhereNoMoreOfThemFollows) {
  EXPECT_EQ(rules_of("srcport = 1 dstport=2"), "srcport = 1|srcport = 1|dstport = 2|dstport=2|");
  EXPECT_EQ(rules_of("srcport = 1 or dstport = 2 proto = 6"),
            "srcport = 1 or dstport = 2|srcport = 1 or dstport = 2|proto = 6|proto = 6|");
  EXPECT_EQ(
      rules_of("srcip not in {1.2.3.4} not proto = 6 # end\n"),
      "srcip not in {1.2.3.4}|srcip not in {1.2.3.4}|not proto = 6|not proto = 6|nothing at 37");
  EXPECT_EQ(rules_of("A o B B d A", Grammar::merge), "A overlaps B|A o B|B during A|B d A|");
  EXPECT_EQ(rules_of("srcip dstip as d x < y rdelta 1s", Grammar::group_terms),
            "srcip|srcip|dstip as d|dstip as d|x < y rdelta 1s|x < y rdelta 1s|");
  EXPECT_EQ(rules_of("x < y delta 5 min  min.x = y delta 5  d = d", Grammar::group_terms),
            "x < y delta 5min|x < y delta 5 min|min.x = y delta 5|min.x = y delta 5|d = d|d = d|");
  EXPECT_EQ(
      rules_of("A m B delta 5 s m o A delta 5\nm m B", Grammar::merge),
      "A meets B delta 5s|A m B delta 5 s|m overlaps A delta 5|m o A delta 5|m meets B|m m B|");
  EXPECT_EQ(rules_of("srcport = http\n(dstport = 1)"),
            "srcport = http|srcport = http|dstport = 1|(dstport = 1)|");
  EXPECT_EQ(rules_of("}"), "nothing at 0");
}

TEST(Rules, KnownNamesAreTermsOfTheirOwn) {
  EXPECT_EQ(rules_of("req res or not req"), "req|req|res or not req|res or not req|");
  EXPECT_EQ(rules_of("(req) req not res"), "req|(req)|req|req|not res|not res|");
  EXPECT_EQ(rules_of("req = 1"), "req = 1|req = 1|");
  EXPECT_THROW(static_cast<void>(rules_of("other")), TextError);
  EXPECT_THROW(static_cast<void>(parse_expression("req", Grammar::filter, "filter")), TextError);
}

TEST(Rules, MistakesKnowTheirPlaceInTheWholeText) {
  try {
    static_cast<void>(parse_rule("filter {\n  srcport = = 2 }", 11, Grammar::filter, {}));
    FAIL() << "expected an error";
  } catch (const TextError& error) {
    EXPECT_EQ(error.fault().what, "");
    EXPECT_EQ(error.fault().message, "expected a value after '='");
    EXPECT_EQ(error.fault().span.begin, 20U);
    EXPECT_STREQ(error.what(),
                 "line 2: expected a value after '='\n    srcport = = 2 }\n             ^");
  }
}

TEST(Rules, AListOfAggregatesEndsWhereNoCommaFollows) {
  const std::string text = "aggregate sum(bytes) as b, count  srcip = srcip";
  EXPECT_EQ(text.substr(0, end_of_aggregates(text, 10)), "aggregate sum(bytes) as b, count");
  EXPECT_EQ(end_of_aggregates("{ srcip }", 0), 0U);
  EXPECT_THROW(static_cast<void>(end_of_aggregates("count, }", 0)), TextError);
}

TEST(Excerpt, PlacesCountLinesAndCharacters) {
  const auto place = [](std::string_view text, std::size_t at) {
    const TextPlace found = place_at(text, at);
    return std::to_string(found.line) + ":" + std::to_string(found.column);
  };
  EXPECT_EQ(place("", 0), "1:1");
  EXPECT_EQ(place("ab\ncd", 2), "1:3");
  EXPECT_EQ(place("ab\ncd", 3), "2:1");
  EXPECT_EQ(place("ab\ncd", 99), "2:3");
  EXPECT_EQ(place("ä😀x", 6), "1:3");
  EXPECT_EQ(place("\n\n", 2), "3:1");
}

TEST(Excerpt, WhatIsShownIsShortAndPrintable) {
  EXPECT_EQ(shown("abc", 3), "abc");
  EXPECT_EQ(shown("abcd", 3), "abc…");
  EXPECT_EQ(shown("\x1b[1mä\xff", 9), "?[1mä?");
}

}  // namespace
}  // namespace nfql
