#include "common/flow/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "common/flow/column_builder.h"

namespace nfql {
namespace {

TEST(Batch, SlicesColumnsOfAllKinds) {
  ColumnBuilder numbers({"n", {}, Type::u16, {}, Type::u16});
  ColumnBuilder gaps({"g", {}, Type::u64, {}, Type::u64});
  ColumnBuilder sets({"s", {}, Type::set, {}, Type::u8});
  for (std::uint8_t i = 0; i < 5; ++i) {
    numbers.push(std::uint16_t{i});
    if (i == 3) {
      gaps.push_unknown();
    } else {
      gaps.push(std::uint64_t{i} * 10);
    }
    sets.push_set(std::span<const std::uint8_t>(std::array<std::uint8_t, 2>{i, 9}));
  }
  Batch batch;
  numbers.move_to(batch);
  gaps.move_to(batch);
  sets.move_to(batch);
  batch.rows = 5;

  const Batch part = slice(batch, 2, 2);
  EXPECT_EQ(part.rows, 2U);
  EXPECT_THAT(part.columns[0].values<std::uint16_t>(), testing::ElementsAre(2, 3));
  EXPECT_EQ(part.columns[1].values<std::uint64_t>()[0], 20U);
  EXPECT_TRUE(part.columns[1].is_known(0));
  EXPECT_FALSE(part.columns[1].is_known(1));
  EXPECT_THAT(part.columns[2].set<std::uint8_t>(1), testing::ElementsAre(3, 9));
  EXPECT_EQ(slice(batch, 5, 0).rows, 0U);
}

}  // namespace
}  // namespace nfql
