#include "common/stage/member_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "common/base/error.h"
#include "common/flow/column_builder.h"
#include "common/stage/tidy_column.h"

namespace nfql {
namespace {

const Schema kFlows({field_of(element::kStart), field_of(element::kFlowId)});
constexpr std::int64_t kUnknown = -1;

// Flows as start and flowId; -1 is an unknown start.
Batch flows(const std::vector<std::pair<std::int64_t, std::uint64_t>>& rows) {
  ColumnBuilder starts(kFlows[0]);
  ColumnBuilder ids(kFlows[1]);
  for (const auto& [start, id] : rows) {
    if (start == kUnknown) {
      starts.push_unknown();
    } else {
      starts.push(start);
    }
    ids.push(id);
  }
  Batch batch;
  starts.move_to(batch);
  ids.move_to(batch);
  return batch;
}

TEST(FlowOrderReader, OrdersByStartThenIdAndUnknownStartsFirst) {
  const FlowOrderReader reader(kFlows, OrderBy::start);
  std::vector<FlowOrder> order;
  reader.read(flows({{5, 9}, {5, 8}, {kUnknown, 99}, {6, 0}, {0, 7}}), 0, order);
  EXPECT_LT(order[1], order[0]);
  EXPECT_LT(order[0], order[3]);
  EXPECT_LT(order[2], order[4]);
  EXPECT_LT(order[4], order[1]);
}

TEST(FlowOrderReader, TakesTheArrivalForAMissingId) {
  const FlowOrderReader reader(Schema({kFlows[0]}), OrderBy::start);
  std::vector<FlowOrder> order;
  reader.read(flows({{5, 9}, {5, 8}}), 40, order);
  EXPECT_EQ(order[0], (FlowOrder{5, 40}));
  EXPECT_EQ(order[1], (FlowOrder{5, 41}));
}

TEST(FlowOrderReader, GoesByArrivalWhenAsked) {
  const FlowOrderReader reader(Schema(), OrderBy::arrival);
  std::vector<FlowOrder> order;
  reader.read(flows({{9, 9}, {5, 8}}), 3, order);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(FlowOrderReader, ReadsTheSameOfAStore) {
  for (const OrderBy by : {OrderBy::start, OrderBy::arrival}) {
    const FlowOrderReader reader(kFlows, by);
    RowStore store(kFlows);
    store.add(flows({{5, 9}, {kUnknown, 8}}));
    store.add(flows({{2, 7}}));
    store.seal();
    std::vector<FlowOrder> batch;
    reader.read(flows({{5, 9}, {kUnknown, 8}, {2, 7}}), 0, batch);
    std::vector<FlowOrder> order;
    reader.read(store, std::vector<std::uint32_t>{2, 0, 1}, order);
    EXPECT_THAT(order, testing::ElementsAre(batch[2], batch[0], batch[1]));
  }
}

TEST(FlowOrderReader, NeedsAStart) {
  try {
    const FlowOrderReader reader(Schema({kFlows[1]}), OrderBy::start);
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::usage);
    EXPECT_STREQ(error.what(), "the input has no field 'start', by which flows are ordered");
    EXPECT_EQ(error.hint(),
              "give it a column 'start'; where --columns chose the fields, keep it among them");
  }
}

TEST(MemberOrder, LaysFlowsOutByGroupInTheOrderAsked) {
  const std::vector<GroupId> group_of = {0, 1, 0, 2, 1, 0};
  const std::vector<GroupId> groups = {2, 0, 1};
  const MemberOrder members = lay_out(group_of, groups);
  EXPECT_THAT(members.rows, testing::ElementsAre(3, 0, 2, 5, 1, 4));
  EXPECT_THAT(members.end_of, testing::ElementsAre(4, 6, 1));
  EXPECT_THAT(members.groups_of(0, 6), testing::ElementsAre(2, 0, 0, 0, 1, 1));
  EXPECT_THAT(members.groups_of(2, 5), testing::ElementsAre(0, 0, 1));
  EXPECT_THAT(members.groups_of(6, 6), testing::IsEmpty());
  EXPECT_THAT(members.of(0, 1), testing::ElementsAre(3));
  EXPECT_THAT(members.of(1, 3), testing::ElementsAre(0, 2, 5, 1, 4));
  EXPECT_TRUE(members.of(0, 0).empty());
  EXPECT_TRUE(lay_out({}, {}).rows.empty());
}

// Sizes around the number of rows that are looked up together.
TEST(MemberOrder, SortsEachGroupAndLeavesTiesAsTheyCame) {
  std::mt19937_64 random(3);
  RowStore store(kFlows);
  std::vector<GroupId> group_of;
  std::vector<std::pair<std::int64_t, std::uint64_t>> all;
  for (std::uint64_t i = 0; i < 110'000; ++i) {
    all.emplace_back(static_cast<std::int64_t>(random() % 1000) - 1, random() % 2);
    group_of.push_back(random() % 3 == 0 ? static_cast<GroupId>(random() % 5000) : 5000);
  }
  store.add(flows(all));
  store.seal();
  std::vector<GroupId> groups(5001);
  for (GroupId i = 0; i < groups.size(); ++i) {
    groups[i] = 5000 - i;
  }
  MemberOrder members = lay_out(group_of, groups);
  std::vector<std::vector<std::uint32_t>> expected(5001);
  for (std::uint32_t row = 0; row < group_of.size(); ++row) {
    expected[5000 - group_of[row]].push_back(row);
  }
  for (auto& rows : expected) {
    std::stable_sort(rows.begin(), rows.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return all[a] < all[b]; });
  }
  sort_members(store, FlowOrderReader(kFlows, OrderBy::start), members);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto rows = members.of(i, i + 1);
    ASSERT_EQ(std::vector<std::uint32_t>(rows.begin(), rows.end()), expected[i]) << i;
  }
}

TEST(Tidy, NarrowsAddressesThatAreAllIpv4) {
  Batch owner;
  ColumnBuilder builder(field_of(element::kSourceAddress));
  builder.push_address({1, 2});
  builder.push_address(mapped(7));
  builder.push_unknown();
  builder.move_to(owner);
  Column all = owner.columns[0];
  tidy(all, owner);
  EXPECT_EQ(all.width, 16);
  EXPECT_NE(all.known, nullptr);

  Column last = gather(owner.columns[0], std::vector<RowId>{1, 2}, owner);
  tidy(last, owner);
  ASSERT_EQ(last.width, 4);
  EXPECT_EQ(last.address(0), mapped(7));
  EXPECT_FALSE(last.is_known(1));

  Column known = gather(owner.columns[0], std::vector<RowId>{1}, owner);
  tidy(known, owner);
  EXPECT_EQ(known.known, nullptr);
}

TEST(Tidy, ClearsWhatStandsAtUnknownValues) {
  const std::vector<std::uint16_t> values = {1, 2, 3};
  const std::vector<std::uint8_t> known = {1, 0, 1};
  Column column;
  column.type = Type::u16;
  column.width = 2;
  column.rows = 3;
  column.data = reinterpret_cast<const std::byte*>(values.data());
  column.known = known.data();
  Batch owner;
  tidy(column, owner);
  EXPECT_THAT(column.values<std::uint16_t>(), testing::ElementsAre(1, 0, 3));
}

}  // namespace
}  // namespace nfql
