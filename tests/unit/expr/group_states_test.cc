#include "common/expr/group_states.h"

#include <gtest/gtest.h>

#include "common/expr/aggregate.h"

namespace nfql {
namespace {

TEST(GroupStates, HoldValuesOfAllSizesBesideEachOther) {
  GroupStates all;
  const auto flag = all.reserve<std::uint8_t>();
  const auto sum = all.reserve<std::uint64_t>();
  const auto other = all.reserve<std::uint8_t>();
  const auto place = all.reserve<FlowOrder>();
  const auto count = all.reserve<std::uint32_t>();
  GroupId held = 0;
  for (const std::size_t groups : {1U, 3U, 70'000U}) {
    all.resize(groups);
    ASSERT_EQ(all.size(), groups);
    for (GroupId group = 0; group < groups; ++group) {
      const bool old = group < held;
      ASSERT_EQ(all.column(flag)[group], old ? 1 : 0);
      ASSERT_EQ(all.column(other)[group], old ? 2 : 0);
      ASSERT_EQ(all.column(count)[group], old ? group : 0);
      ASSERT_EQ(all.column(sum)[group], old ? ~std::uint64_t{group} : 0);
      ASSERT_EQ(all.column(place)[group], (old ? FlowOrder{-1, group} : FlowOrder{}));
    }
    for (; held < groups; ++held) {
      all.column(flag)[held] = 1;
      all.column(other)[held] = 2;
      all.column(count)[held] = held;
      all.column(sum)[held] = ~std::uint64_t{held};
      all.column(place)[held] = {-1, held};
    }
  }
}

TEST(GroupStates, MayHoldNothing) {
  GroupStates all;
  all.resize(5);
  all.prefetch(4);
  EXPECT_EQ(all.size(), 5U);
}

}  // namespace
}  // namespace nfql
