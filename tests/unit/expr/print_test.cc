#include "common/expr/print.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "common/expr/parse.h"
#include "tests/unit/expr/dump_tree.h"
#include "tests/unit/expr/random_tree.h"

namespace nfql {
namespace {

std::string printed(std::string_view text, Grammar grammar = Grammar::filter) {
  return to_text(parse_expression(text, grammar, "text"));
}

TEST(Print, HasOneWayOfWritingAnExpression) {
  EXPECT_EQ(printed(" a==1&&b<>2||!c in{1,2..3} # end"), "a = 1 and b != 2 or not c in {1, 2..3}");
  EXPECT_EQ(printed("a NOTIN @file, any"), "a not in @file and any");
  EXPECT_EQ(printed("a ! in @\"my file\""), "a not in @\"my file\"");
  EXPECT_EQ(printed("PREFIX( srcip ,16 ) = 10/8"), "prefix(srcip, 16) = 10.0.0.0/8");
  EXPECT_EQ(printed("x=5Ki delta 3 min"), "x = 5120 delta 3min");
  EXPECT_EQ(printed(""), "any");
}

TEST(Print, KeepsOnlyTheParenthesesThatMatter) {
  EXPECT_EQ(printed("((flags & S)) != 0"), "flags & S != 0");
  EXPECT_EQ(printed("a - (b - c) = (d - e) - f"), "a - (b - c) = d - e - f");
  EXPECT_EQ(printed("(a=b or c=d) and (e=f)"), "(a = b or c = d) and e = f");
  EXPECT_EQ(printed("(a=b and c=d) or e=f"), "a = b and c = d or e = f");
  EXPECT_EQ(printed("(a=b and c=d) and e=f"), "(a = b and c = d) and e = f");
  EXPECT_EQ(printed("not (a=b) and not (c=d or e=f)"), "not a = b and not (c = d or e = f)");
}

TEST(Print, LiteralsReadBackAsTheSameKind) {
  EXPECT_EQ(printed("x = 1e3"), "x = 1000.0");
  EXPECT_EQ(printed("x = 0.1s"), "x = 0.1s");
  EXPECT_EQ(printed("x = 1e300"), "x = 1e+300");
  EXPECT_EQ(printed("x = \"S\""), "x = \"S\"");
  EXPECT_EQ(printed("x = s/sa"), "x = s/sa");
  EXPECT_EQ(printed("x = -9223372036854775808"), "x = -9223372036854775808");
  EXPECT_EQ(printed("x = ::ffff:0:0/96"), "x = 0.0.0.0/0");
  EXPECT_EQ(printed("x = FE80::0/10"), "x = fe80::/10");
}

TEST(Print, GroupTermsAndMergeExpressions) {
  EXPECT_EQ(printed("srcip,prefix(dstip,24) as net,end<start rdelta 1s", Grammar::group_terms),
            "srcip and prefix(dstip, 24) as net and end < start rdelta 1s");
  EXPECT_EQ(printed("B oi A or A=B delta 5s or A.x=B.x", Grammar::merge),
            "B overlapped-by A or A equals B delta 5s or A.x = B.x");
}

TEST(Print, OperandsAreColumnNames) {
  const Expr expr = parse_expression("prefix( srcip,16 )", Grammar::group_terms, "terms");
  EXPECT_EQ(to_text(std::get<Bare>(expr.node).operand), "prefix(srcip, 16)");
}

TEST(Print, AggregatesReadBackAsTheSameItems) {
  for (const char* const text : {"sum(bytes) as total", "srcip", "count", "Count as n", "count(x)",
                                 "g1.bitOR(flags)", "quantile(bytes, 0.9) as q", "g1.bytes as b"}) {
    EXPECT_EQ(to_text(parse_aggregates(text).at(0)), text);
  }
  EXPECT_EQ(to_text(parse_aggregates("quantile( bytes ,0.90)").at(0)), "quantile(bytes, 0.90)");
}

TEST(Print, RandomTreesReadBackAsTheSameTrees) {
  for (const Grammar grammar : {Grammar::filter, Grammar::group_terms, Grammar::merge}) {
    test::RandomTree random(20120501, grammar);
    for (int i = 0; i < 1000; ++i) {
      const Expr tree = random.expression(3);
      const std::string text = to_text(tree);
      const Expr again = parse_expression(text, grammar, "text");
      ASSERT_EQ(test::dump(again), test::dump(tree)) << text;
      ASSERT_EQ(to_text(again), text);
    }
  }
}

}  // namespace
}  // namespace nfql
