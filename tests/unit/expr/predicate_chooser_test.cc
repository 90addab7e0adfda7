// The filter that readers apply.
#include "common/expr/predicate_chooser.h"

#include <thread>

#include "tests/unit/expr/predicate_support.h"

namespace nfql {
namespace {

using test::Rows;
using test::Selected;
using Ports = std::vector<std::optional<std::uint16_t>>;

ExpressionText filter(std::string text) {
  return parse(std::move(text), Grammar::filter, "filter");
}

Rows three_flows() {
  Rows rows;
  rows.add(test::known_field("srcport"), Ports{1, 2, 3})
      .add(test::known_field("dstport"), Ports{80, {}, 443});
  return rows;
}

TEST(PredicateChooser, ChoosesWhatThePredicateSelects) {
  const Rows rows = three_flows();
  const ExpressionText expression = filter("dstport in {80, 8080}");
  PredicateChooser chooser(expression, rows.schema, 0);
  EXPECT_EQ(chooser.columns(), std::vector<std::size_t>{1});
  Selected chosen{7, 8, 9};
  chooser.choose(rows.batch, chosen);
  EXPECT_EQ(chosen, Selected{0});
}

TEST(PredicateChooser, RefusesWhatThePredicateRefuses) {
  const Rows rows = three_flows();
  const ExpressionText expression = filter("bytes > 5");
  EXPECT_THROW(PredicateChooser(expression, rows.schema, 0), Error);
}

TEST(PredicateChooser, RulesBlocksOutByTheirExtremes) {
  const Rows rows = three_flows();
  const ExpressionText expression = filter("dstport = 80 and srcport < 9");
  PredicateChooser chooser(expression, rows.schema, 0);
  const auto may = [&chooser](std::uint64_t least, std::uint64_t greatest) {
    return chooser.may_choose(std::vector<ColumnExtremes>{{false, true, true, 1, 3},
                                                          {true, true, true, least, greatest}});
  };
  EXPECT_TRUE(may(80, 443));
  EXPECT_FALSE(may(81, 443));
  EXPECT_FALSE(may(0, 79));
  EXPECT_FALSE(chooser.may_choose(std::vector<ColumnExtremes>{{}, {true, false, false, 0, 0}}));
}

TEST(PredicateChooser, MayBeAskedBySeveralThreads) {
  const Rows rows = three_flows();
  const ExpressionText expression = filter("dstport + srcport > 80");  // needs working memory
  PredicateChooser chooser(expression, rows.schema, 0);
  const auto ask = [&] {
    for (int i = 0; i < 500; ++i) {
      Selected chosen;
      chooser.choose(rows.batch, chosen);
      ASSERT_EQ(chosen, (Selected{0, 2}));
      ASSERT_TRUE(chooser.may_choose(std::vector<ColumnExtremes>(2)));
    }
  };
  std::thread other(ask);
  ask();
  other.join();
}

}  // namespace
}  // namespace nfql
