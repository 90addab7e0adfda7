// A chooser of the flows of several inputs, asked about those of one.
#include "common/io/united_chooser.h"

#include <gtest/gtest.h>

#include "common/expr/predicate_chooser.h"
#include "tests/unit/io/flow_table.h"

namespace nfql::test {
namespace {

using Columns = std::vector<std::size_t>;
using Rows = std::vector<RowId>;

Schema all_columns() {
  return Schema({field_of(element::kPackets), field_of(element::kFlowId),
                 field_of(element::kOctets), field_of(element::kFlowCount)});
}

// An input without packets and without counts of flows.
Table input() {
  Table table;
  table.column(field_of(element::kOctets), U64{10, {}, 30})
      .column(field_of(element::kFlowId), U64{5, 7, {}});
  return table;
}

struct Asked {
  explicit Asked(const std::string& filter)
      : expression(parse(filter, Grammar::filter, "filter")),
        schema(all_columns()),
        chooser(expression, schema, 0),
        origins(origins_of(schema, input().header().flows())) {}

  [[nodiscard]] std::unique_ptr<RowChooser> united() {
    return std::make_unique<UnitedChooser>(chooser, schema, origins);
  }

  ExpressionText expression;
  Schema schema;
  PredicateChooser chooser;
  ColumnOrigins origins;
};

Rows choose(RowChooser& chooser) {
  Table table = input();
  const Block block = table.block();
  Rows rows;
  chooser.choose(block.batch, rows);
  return rows;
}

ColumnExtremes between(std::uint64_t least, std::uint64_t greatest) {
  return {false, true, true, least, greatest};
}

TEST(UnitedChooser, ShowsTheColumnsOfAllInputs) {
  Asked asked("bytes > 5 and flows = 1 and not bytes > 20");
  const auto chooser = asked.united();
  EXPECT_EQ(chooser->columns(), Columns{0}) << "that flows are 1 is no column of the input";
  EXPECT_EQ(choose(*chooser), Rows{0});
  EXPECT_TRUE(chooser->may_choose(std::vector{between(0, 20), between(0, 9)}));
  EXPECT_FALSE(chooser->may_choose(std::vector{between(21, 99), between(0, 9)}));
}

TEST(UnitedChooser, WhatTheInputLacksIsUnknown) {
  Asked asked("packets > 5 or not packets > 5");
  const auto chooser = asked.united();
  EXPECT_EQ(choose(*chooser), Rows{});
  EXPECT_FALSE(chooser->may_choose(std::vector{between(0, 20), between(0, 9)}));
}

TEST(FlowIdWatch, NotesFlowsThatAreLeftOut) {
  Asked asked("bytes > 20");
  std::atomic<std::uint64_t> next = 0;
  FlowIdWatch watch(1, asked.united(), next);
  EXPECT_EQ(watch.columns(), (Columns{0, 1}));
  EXPECT_EQ(choose(watch), Rows{2});
  EXPECT_EQ(next, 8U);
  EXPECT_FALSE(watch.may_choose(std::vector{between(0, 20), between(9, 99)}));
  EXPECT_EQ(next, 100U);
  EXPECT_TRUE(watch.may_choose(std::vector{between(0, 30), between(9, 50)}));
  EXPECT_EQ(next, 100U);
  EXPECT_TRUE(watch.may_choose(std::vector{between(0, 20), ColumnExtremes()}))
      << "their flowIds must be looked at";
  EXPECT_FALSE(watch.may_choose(std::vector{between(0, 20), ColumnExtremes{true, false}}))
      << "there are none";
}

}  // namespace
}  // namespace nfql::test
