#include "common/flow/column_builder.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <vector>

namespace nfql {
namespace {

Field field(Type type, Type element = Type::u64) {
  return {"x", {}, type, {}, element};
}

TEST(ColumnBuilder, WidensAddressesAtTheFirstIpv6) {
  ColumnBuilder builder(field(Type::address));
  builder.push_address(mapped(1));
  EXPECT_EQ(builder.view().width, 4);
  builder.push_address({1, 2});
  const Column column = builder.view();
  ASSERT_EQ(column.width, 16);
  EXPECT_EQ(column.address(0), mapped(1));
  EXPECT_EQ(column.address(1), (Address{1, 2}));
}

TEST(ColumnBuilder, AppendsNarrowToWide) {
  ColumnBuilder narrow(field(Type::address));
  narrow.push_address(mapped(7));
  ColumnBuilder wide(field(Type::address));
  wide.push_address({1, 2});
  wide.append(narrow.view());
  EXPECT_EQ(wide.view().address(1), mapped(7));
  narrow.append(wide.view());
  EXPECT_EQ(narrow.view().address(0), mapped(7));
  EXPECT_EQ(narrow.view().address(1), (Address{1, 2}));
}

TEST(ColumnBuilder, KnowsWhatIsUnknown) {
  ColumnBuilder builder(field(Type::u16));
  builder.push(std::uint16_t{1});
  EXPECT_EQ(builder.view().known, nullptr);
  builder.push_unknown();
  builder.push(std::uint16_t{3});
  ColumnBuilder copy(field(Type::u16));
  copy.push(std::uint16_t{0});
  copy.append(builder.view());
  const Column column = copy.view();
  EXPECT_TRUE(column.is_known(0));
  EXPECT_TRUE(column.is_known(1));
  EXPECT_FALSE(column.is_known(2));
  EXPECT_TRUE(column.is_known(3));
}

TEST(ColumnBuilder, KeepsSetsApart) {
  ColumnBuilder builder(field(Type::set, Type::u16));
  const std::array<std::uint16_t, 2> two = {1, 2};
  builder.push_set<std::uint16_t>(two);
  builder.push_unknown();
  builder.push_set<std::uint16_t>({});
  ColumnBuilder copy(field(Type::set, Type::u16));
  copy.append(builder.view());
  const std::vector<RowId> rows = {0, 2};
  copy.append(builder.view(), rows);
  Batch batch;
  copy.move_to(batch);
  const Column& column = batch.columns.front();
  ASSERT_EQ(column.rows, 5U);
  EXPECT_EQ(column.set<std::uint16_t>(0).size(), 2U);
  EXPECT_FALSE(column.is_known(1));
  EXPECT_TRUE(column.is_known(2));
  EXPECT_EQ(column.set<std::uint16_t>(3)[1], 2);
  EXPECT_EQ(column.set<std::uint16_t>(4).size(), 0U);
}

TEST(Gather, TakesRowsOfAllColumnsWithTheirUnknowns) {
  ColumnBuilder builder(field(Type::u32));
  builder.push(10U);
  builder.push_unknown();
  builder.push(30U);
  Batch batch;
  builder.move_to(batch);
  const std::vector<RowId> rows = {2, 1};
  const Batch taken = gather(batch, rows);
  ASSERT_EQ(taken.rows, 2U);
  EXPECT_EQ(taken.columns[0].values<std::uint32_t>()[0], 30U);
  EXPECT_FALSE(taken.columns[0].is_known(1));
}

TEST(OwnsColumns, TellsWhetherABatchHasTheMemoryOfAllItsColumns) {
  ColumnBuilder numbers({"x", {}, Type::u32, Meaning::number, Type::u32});
  ColumnBuilder sets({"y", {}, Type::set, Meaning::number, Type::u16});
  for (std::uint32_t i = 0; i < 10; ++i) {
    i == 5 ? numbers.push_unknown() : numbers.push(i);
    sets.push_set<std::uint16_t>(std::vector<std::uint16_t>{});
  }
  Batch batch;
  batch.rows = 10;
  batch.columns = {numbers.view(), sets.view()};
  EXPECT_FALSE(owns_columns(batch));
  const std::vector<RowId> rows{0, 5};
  Batch own = gather(batch, rows);
  EXPECT_TRUE(owns_columns(own));
  const std::vector<std::uint8_t> known{1, 1};
  own.columns[0].known = known.data();
  EXPECT_FALSE(owns_columns(own));
  EXPECT_TRUE(owns_columns(Batch()));
}

}  // namespace
}  // namespace nfql
