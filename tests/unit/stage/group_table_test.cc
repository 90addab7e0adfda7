#include "common/stage/group_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace nfql {
namespace {

using Key = std::vector<std::uint64_t>;

// Numbers as a map gives them, in the order in which keys come.
class GroupTableOfWords : public testing::TestWithParam<std::size_t> {};

TEST_P(GroupTableOfWords, NumbersKeysAsTheyCome) {
  const std::size_t words = GetParam();
  std::mt19937_64 random(1);
  GroupTable table(words);
  std::map<Key, GroupId> expected;
  for (const std::size_t rows : {1U, 5U, 0U, 1024U, 1025U, 9000U}) {
    std::vector<std::uint64_t> keys;
    std::vector<GroupId> numbers;
    for (std::size_t i = 0; i < rows; ++i) {
      const Key key(words, random() % 7000);
      keys.insert(keys.end(), key.begin(), key.end());
      keys.back() ^= random() % 2;
      const Key row(keys.end() - static_cast<std::ptrdiff_t>(words), keys.end());
      numbers.push_back(expected.emplace(row, expected.size()).first->second);
    }
    std::vector<GroupId> groups(rows);
    table.number(keys, groups);
    ASSERT_EQ(groups, numbers);
    ASSERT_EQ(table.size(), expected.size());
  }
  for (const auto& [key, number] : expected) {
    const Key held(table.keys().begin() + static_cast<std::ptrdiff_t>(number * words),
                   table.keys().begin() + static_cast<std::ptrdiff_t>((number + 1) * words));
    ASSERT_EQ(held, key);
  }
}

INSTANTIATE_TEST_SUITE_P(AllWidths, GroupTableOfWords, testing::Values(1, 2, 3, 4, 5, 9));

TEST(GroupTable, OfNoWordsIsOneGroup) {
  GroupTable table(0);
  EXPECT_EQ(table.size(), 0U);
  std::vector<GroupId> groups;
  table.number({}, groups);
  EXPECT_EQ(table.size(), 0U);
  groups = {7, 7};
  table.number({}, groups);
  EXPECT_THAT(groups, testing::ElementsAre(0, 0));
  EXPECT_EQ(table.size(), 1U);
}

TEST(GroupTable, KeepsNumbersWhenKeysAreReplaced) {
  GroupTable table(1);
  std::vector<std::uint64_t> keys;
  for (std::uint64_t i = 0; i < 5000; ++i) {
    keys.push_back(i * 3);
  }
  std::vector<GroupId> groups(keys.size());
  table.number(keys, groups);
  std::vector<std::uint64_t> wide;
  for (const std::uint64_t key : keys) {
    wide.push_back(~key);
    wide.push_back(key);
  }
  table.replace_keys(wide, 2);
  EXPECT_EQ(table.size(), 5000U);
  std::vector<GroupId> again(keys.size());
  table.number(wide, again);
  EXPECT_EQ(again, groups);
  const std::vector<std::uint64_t> added = {1, 2};
  std::vector<GroupId> one(1);
  table.number(added, one);
  EXPECT_EQ(one.front(), 5000U);
}

}  // namespace
}  // namespace nfql
