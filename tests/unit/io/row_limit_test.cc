#include "common/io/row_limit.h"

#include <gtest/gtest.h>

#include <optional>
#include <utility>
#include <vector>

#include "tests/unit/io/text_support.h"

namespace nfql {
namespace {

using test::number;
using test::Rows;

const Field& count_field() {
  static const Field kField{"count", element::kCount, Type::u64, Meaning::number, Type::u64};
  return kField;
}

StreamHeader header_of(StreamKind kind, bool members) {
  return {kind, members, {{"", Schema({count_field()}), Schema({number("x")})}}};
}

Block rows(BlockKind kind, const std::vector<std::optional<std::uint64_t>>& values) {
  Rows made;
  made.numbers<std::uint64_t>(count_field(), values);
  return made.block(kind);
}

// Rows that are left of the block, or nothing if the block is not allowed.
std::optional<std::size_t> left_of(RowLimit& limit, Block block) {
  if (!limit.apply(block)) {
    return std::nullopt;
  }
  for (const Column& column : block.batch.columns) {
    EXPECT_EQ(column.rows, block.batch.rows);
  }
  return block.batch.rows;
}

TEST(RowLimit, CountsFlows) {
  RowLimit limit(header_of(StreamKind::flows, false), 3);
  EXPECT_EQ(left_of(limit, rows(BlockKind::flows, {1, 2})), 2U);
  EXPECT_FALSE(limit.full());
  EXPECT_EQ(left_of(limit, rows(BlockKind::flows, {1, 2})), 1U);
  EXPECT_TRUE(limit.full());
  EXPECT_EQ(left_of(limit, rows(BlockKind::flows, {1, 2})), std::nullopt);
}

TEST(RowLimit, OfNothingIsNone) {
  RowLimit limit(header_of(StreamKind::flows, false), std::nullopt);
  EXPECT_EQ(left_of(limit, rows(BlockKind::flows, {1, 2})), 2U);
  EXPECT_FALSE(limit.full());
}

TEST(RowLimit, KeepsTheMembersOfTheGroupsItKeeps) {
  RowLimit limit(header_of(StreamKind::groups, true), 2);
  EXPECT_EQ(left_of(limit, rows(BlockKind::groups, {1, 3, 2})), 2U);
  EXPECT_FALSE(limit.full());
  EXPECT_EQ(left_of(limit, rows(BlockKind::members, {1, 2, 3})), 3U);
  EXPECT_EQ(left_of(limit, rows(BlockKind::members, {1, 2, 3})), 1U);
  EXPECT_TRUE(limit.full());
  EXPECT_EQ(left_of(limit, rows(BlockKind::groups, {1})), std::nullopt);
  EXPECT_EQ(left_of(limit, rows(BlockKind::members, {1})), std::nullopt);
  EXPECT_TRUE(left_of(limit, {BlockKind::sources, 0, {}, {}}).has_value());
}

TEST(RowLimit, CountsTuplesNotTheirGroups) {
  RowLimit limit(header_of(StreamKind::tuples, true), 1);
  EXPECT_EQ(left_of(limit, rows(BlockKind::groups, {1, 1, 1})), 3U);
  EXPECT_EQ(left_of(limit, rows(BlockKind::members, {1, 2, 3})), 3U);
  EXPECT_EQ(left_of(limit, rows(BlockKind::tuples, {0, 1})), 1U);
  EXPECT_EQ(left_of(limit, rows(BlockKind::groups, {1})), std::nullopt);
  EXPECT_EQ(left_of(limit, rows(BlockKind::members, {1})), std::nullopt);
  EXPECT_EQ(left_of(limit, rows(BlockKind::tuples, {0})), std::nullopt);
}

}  // namespace
}  // namespace nfql
