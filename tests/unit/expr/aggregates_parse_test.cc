#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "common/base/error.h"
#include "common/expr/parse.h"

namespace nfql {
namespace {

/// QUALIFIER.FUNCTION/WRITTEN(FIELD; ARGUMENT) as ALIAS, parts that are empty left empty.
std::string dump(const AggregateItem& item) {
  return fmt::format("{}.{}/{}({};{}) as {}", item.qualifier, item.function, item.written,
                     item.field, item.argument_text, item.alias);
}

std::string one(std::string_view text) {
  const std::vector<AggregateItem> items = parse_aggregates(text);
  return items.size() == 1 ? dump(items[0]) : fmt::format("{} items", items.size());
}

std::string message(std::string_view text) {
  try {
    static_cast<void>(parse_aggregates(text));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::usage);
    return error.what();
  }
  return "no error";
}

TEST(ParseAggregates, BlankTextGivesNone) {
  EXPECT_TRUE(parse_aggregates("").empty());
  EXPECT_TRUE(parse_aggregates(" # none\n").empty());
}

TEST(ParseAggregates, FunctionsFieldsModulesAndNames) {
  EXPECT_EQ(one("sum(bytes)"), ".sum/sum(bytes;) as ");
  EXPECT_EQ(one("sum(bytes) as total"), ".sum/sum(bytes;) as total");
  EXPECT_EQ(one("bitOR ( flags ) AS f"), ".bitor/bitOR(flags;) as f");
  EXPECT_EQ(one("srcip"), "./(srcip;) as ");
  EXPECT_EQ(one("srcip as a"), "./(srcip;) as a");
  EXPECT_EQ(one("g1.sum(bytes)"), "g1.sum/sum(bytes;) as ");
  EXPECT_EQ(one("g1.bytes"), "g1./(bytes;) as ");
  EXPECT_EQ(one("sum(g1.bytes) as b"), "g1.sum/sum(bytes;) as b");
  EXPECT_EQ(message("g1.sum(g2.bytes)"),
            "aggregate: the module stands in front already\n  g1.sum(g2.bytes)\n         ^~~~~~~~");
  EXPECT_EQ(one("quantile(bytes, 0.9) as q"), ".quantile/quantile(bytes;0.9) as q");
  EXPECT_EQ(one("and(flags)"), ".and/and(flags;) as ");
  EXPECT_EQ(one("sum(e6871:14) as n"), ".sum/sum(e6871:14;) as n");
  EXPECT_EQ(one("e6871:14"), "./(e6871:14;) as ");
}

TEST(ParseAggregates, CountNeedsNoField) {
  EXPECT_EQ(one("count"), ".count/count(;) as ");
  EXPECT_EQ(one("Count as n"), ".count/Count(;) as n");
  EXPECT_EQ(one("count()"), ".count/count(;) as ");
  EXPECT_EQ(one("g1.count"), "g1.count/count(;) as ");
  EXPECT_EQ(one("count(x)"), ".count/count(x;) as ");
}

TEST(ParseAggregates, ListsKeepTheirOrder) {
  const std::vector<AggregateItem> items =
      parse_aggregates("sum(bytes) as total, # all\n srcip,count,quantile(bytes,1e-1)");
  ASSERT_EQ(items.size(), 4U);
  EXPECT_EQ(items[0].alias, "total");
  EXPECT_EQ(items[1].field, "srcip");
  EXPECT_EQ(items[2].function, "count");
  EXPECT_EQ(items[3].argument_text, "1e-1");
  EXPECT_DOUBLE_EQ(items[3].argument, 0.1);
}

TEST(ParseAggregates, SpansCoverTheItemAndItsField) {
  const std::vector<AggregateItem> items = parse_aggregates("a, g1.sum( bytes ) as x , g1.y");
  EXPECT_EQ(items[1].span.begin, 3U);
  EXPECT_EQ(items[1].span.end, 23U);
  EXPECT_EQ(items[1].field_span.begin, 11U);
  EXPECT_EQ(items[1].field_span.end, 16U);
  EXPECT_EQ(items[2].field_span.begin, 29U);
  EXPECT_EQ(items[2].field_span.end, 30U);
}

TEST(ParseAggregates, MistakesArePointedAt) {
  EXPECT_EQ(message("sum(bytes"),
            "aggregate: missing ')' for this '('\n"
            "  sum(bytes\n"
            "     ^");
  EXPECT_EQ(message("sum(5)"),
            "aggregate: expected a field after '('\n"
            "  sum(5)\n"
            "      ^");
  EXPECT_EQ(message("sum(a b)"),
            "aggregate: expected ',' or ')' before 'b'\n"
            "  sum(a b)\n"
            "        ^");
  EXPECT_EQ(message("quantile(bytes, x)"),
            "aggregate: expected a number after ','\n"
            "  quantile(bytes, x)\n"
            "                 ^");
  EXPECT_EQ(message("sum(a),"),
            "aggregate: expected an aggregate after ','\n"
            "  sum(a),\n"
            "         ^");
  EXPECT_EQ(message("sum(a) as"),
            "aggregate: expected a name after 'as'\n"
            "  sum(a) as\n"
            "           ^");
  EXPECT_EQ(message("a sum(b)"),
            "aggregate: expected ',' before 'sum'\n"
            "  a sum(b)\n"
            "    ^~~");
  EXPECT_EQ(message(", a"),
            "aggregate: expected an aggregate before ','\n"
            "  , a\n"
            "  ^");
  EXPECT_EQ(message("sum(a))"),
            "aggregate: ')' without '('\n"
            "  sum(a))\n"
            "        ^");
  EXPECT_EQ(message("quantile(a, 1e999)"),
            "aggregate: '1e999' is out of range\n"
            "  quantile(a, 1e999)\n"
            "              ^~~~~");
}

}  // namespace
}  // namespace nfql
