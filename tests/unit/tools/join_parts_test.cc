// Parts of the merger whose claims its results alone do not show.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <utility>

#include "common/expr/parse.h"
#include "nfql-merge/bind.h"
#include "nfql-merge/conjuncts.h"
#include "nfql-merge/span_tree.h"

namespace nfql::merge {
namespace {

using testing::ElementsAre;

TEST(SpanTree, FindsExactlyWhatIsWithinTheBounds) {
  std::mt19937_64 random(1);
  const auto pick = [&random](std::size_t below) {
    return static_cast<std::size_t>(random() % below);
  };
  for (int round = 0; round < 300; ++round) {
    std::vector<std::int64_t> values(pick(2000));
    for (std::size_t i = 0; i < values.size(); ++i) {
      // Now and then in order, so that whole parts are taken and others passed over.
      values[i] =
          round % 2 == 0 ? static_cast<std::int64_t>(i / 7) : static_cast<std::int64_t>(pick(300));
    }
    const SpanTree tree(values);
    const std::size_t begin = pick(values.size() + 1);
    const std::size_t end = begin + pick(values.size() - begin + 1);
    const auto low = static_cast<std::int64_t>(pick(300));
    const Bounds bounds{low, low + static_cast<std::int64_t>(pick(200))};
    std::vector<std::size_t> found;
    tree.search(begin, end, bounds, [&](std::size_t i, std::size_t j) {
      EXPECT_LT(i, j);
      for (; i < j; ++i) {
        found.push_back(i);
      }
      return true;
    });
    std::vector<std::size_t> expected;
    for (std::size_t i = begin; i < end; ++i) {
      if (values[i] >= bounds.low && values[i] <= bounds.high) {
        expected.push_back(i);
      }
    }
    ASSERT_EQ(found, expected);
  }
}

TEST(SpanTree, StopsWhenTold) {
  const SpanTree tree(std::vector<std::int64_t>{1, 9, 1, 9, 1});
  std::size_t calls = 0;
  EXPECT_FALSE(tree.search(0, 5, {0, 5}, [&](std::size_t, std::size_t) { return ++calls < 2; }));
  EXPECT_EQ(calls, 2U);
}

std::vector<Branch> branches() {
  const Schema groups({{"x", {}, Type::u32, Meaning::number, Type::u32},
                       {"y", {}, Type::u64, Meaning::number, Type::u64},
                       field_of(element::kStart),
                       field_of(element::kEnd)});
  return {{"A", groups}, {"B", groups}, {"C", groups}};
}

std::size_t conjuncts_of(const std::string& text) {
  const BoundExpression bound = bind_terms(parse(text, Grammar::merge, "merge"), branches());
  return expand(bound.root, bound.leaves).size();
}

TEST(Conjuncts, AreMultipliedOutUpToALimit) {
  EXPECT_EQ(conjuncts_of(""), 1U);
  EXPECT_EQ(conjuncts_of("not any"), 0U);
  EXPECT_EQ(conjuncts_of("A.x = B.x and A.y = B.y"), 1U);
  EXPECT_EQ(conjuncts_of("A.x = B.x and (A.y = B.y or A before B)"), 2U);
  EXPECT_EQ(conjuncts_of("not (A.x = B.x and A.y = B.y)"), 2U);
  EXPECT_EQ(conjuncts_of("A.x = B.x and (A.y = 1 or A.y = 2)"), 1U);  // of one branch
  std::string text = "any";
  for (int i = 0; i < 7; ++i) {
    text += " and (A.x = B.x or A.y = B.y)";
  }
  EXPECT_EQ(conjuncts_of(text), 64U);
}

Leaf only_leaf(const std::string& text) {
  BoundExpression bound = bind_terms(parse(text, Grammar::merge, "merge"), branches());
  EXPECT_EQ(bound.leaves.size(), 1U);
  return std::move(bound.leaves.front());
}

TEST(Terms, ThatJoinsCanUseAreSeen) {
  EXPECT_TRUE(only_leaf("A.x = B.y").equal);
  EXPECT_TRUE(only_leaf("not A.x != B.y").equal);
  EXPECT_FALSE(only_leaf("A.x != B.y").equal);
  EXPECT_FALSE(only_leaf("A.x = A.y").equal);
  for (const char* text :
       {"A.x < B.y", "A.x = B.y delta 3", "A.end + 5s > B.start", "gap(A.end, B.start) <= 3s",
        "not A.start < C.end delta 1h", "B.x - 7 = A.x"}) {
    EXPECT_EQ(only_leaf(text).differences.size(), 1U) << text;
    EXPECT_FALSE(only_leaf(text).equal) << text;
  }
  EXPECT_EQ(only_leaf("A during B").differences.size(), 2U);
  EXPECT_EQ(only_leaf("A m B").differences.size(), 3U);
  for (const char* text : {"not (A during B)", "A.x != B.y", "A.x + B.x = C.x", "A during A",
                           "not A.x = B.x delta 1", "A.x > 3", "A.x - A.y < 3"}) {
    EXPECT_TRUE(only_leaf(text).differences.empty()) << text;
  }
  const Difference term = only_leaf("gap(A.end, B.start) < 3s").differences.front();
  EXPECT_EQ(term.left, (ColumnRef{1, 2}));
  EXPECT_EQ(term.right, (ColumnRef{0, 3}));
  EXPECT_EQ(term.high, 2999);
  EXPECT_EQ(term.low, kNoLow);
}

TEST(Terms, NameTheColumnsTheyRead) {
  const Leaf leaf = only_leaf("a.DURATION > 3s and any");
  EXPECT_THAT(leaf.branches, ElementsAre(0));
  const Schema schema = schema_of(leaf, branches());
  ASSERT_EQ(schema.size(), 2U);
  EXPECT_EQ(schema[0].name, "A.start");
  EXPECT_EQ(schema[1].name, "A.end");
}

}  // namespace
}  // namespace nfql::merge
