#include <array>
#include <limits>

#include "common/expr/allen.h"
#include "tests/unit/expr/predicate_support.h"

namespace nfql {
namespace {

constexpr std::array<Allen, 13> kAll = {
    Allen::before,        Allen::after,       Allen::meets,      Allen::met_by, Allen::overlaps,
    Allen::overlapped_by, Allen::starts,      Allen::started_by, Allen::during, Allen::contains,
    Allen::finishes,      Allen::finished_by, Allen::equals};

// The textbook definitions, spelled out; without a tolerance.
bool textbook(Allen relation, Interval x, Interval y) {
  switch (relation) {
    case Allen::before:
      return x.end < y.start;
    case Allen::after:
      return y.end < x.start;
    case Allen::meets:
      return x.end == y.start && x.start < y.start && x.end < y.end;
    case Allen::met_by:
      return textbook(Allen::meets, y, x);
    case Allen::overlaps:
      return x.start < y.start && y.start < x.end && x.end < y.end;
    case Allen::overlapped_by:
      return textbook(Allen::overlaps, y, x);
    case Allen::starts:
      return x.start == y.start && x.end < y.end;
    case Allen::started_by:
      return textbook(Allen::starts, y, x);
    case Allen::during:
      return y.start < x.start && x.end < y.end;
    case Allen::contains:
      return textbook(Allen::during, y, x);
    case Allen::finishes:
      return x.end == y.end && y.start < x.start;
    case Allen::finished_by:
      return textbook(Allen::finishes, y, x);
    case Allen::equals:
      return x.start == y.start && x.end == y.end;
  }
  return false;
}

template <class Visitor>
void for_all_pairs(Visitor visit) {
  for (std::int64_t a = 0; a <= 6; ++a) {
    for (std::int64_t b = a; b <= 6; ++b) {
      for (std::int64_t c = 0; c <= 6; ++c) {
        for (std::int64_t d = c; d <= 6; ++d) {
          visit(Interval{a, b}, Interval{c, d});
        }
      }
    }
  }
}

TEST(Allen, ExactlyOneRelationHoldsForEveryPairAndDelta) {
  for_all_pairs([](Interval x, Interval y) {
    for (std::int64_t delta = 0; delta <= 2; ++delta) {
      int count = 0;
      for (const Allen relation : kAll) {
        const bool gap = relation == Allen::before || relation == Allen::after;
        count += gap ? (classify(x, y, delta) == relation ? 1 : 0)
                     : (holds(relation, x, y, delta) ? 1 : 0);
      }
      EXPECT_EQ(count, 1) << x.start << ' ' << x.end << ' ' << y.start << ' ' << y.end;
    }
  });
}

TEST(Allen, InverseRelationsMirror) {
  for_all_pairs([](Interval x, Interval y) {
    for (std::int64_t delta = 0; delta <= 2; ++delta) {
      EXPECT_EQ(classify(y, x, delta), inverse(classify(x, y, delta)));
      for (const Allen relation : kAll) {
        EXPECT_EQ(holds(relation, x, y, delta), holds(inverse(relation), y, x, delta));
        EXPECT_EQ(holds(relation, x, y, {}), holds(inverse(relation), y, x, {}));
      }
    }
  });
}

TEST(Allen, WithoutDeltaIsTheTextbookWherePointsDoNotTouchEnds) {
  for_all_pairs([](Interval x, Interval y) {
    if (x.start == x.end || y.start == y.end) {
      return;  // the textbook has no points; the table of the language decides those
    }
    for (const Allen relation : kAll) {
      EXPECT_EQ(holds(relation, x, y, {}), textbook(relation, x, y))
          << to_name(relation) << ' ' << x.start << ' ' << x.end << ' ' << y.start << ' ' << y.end;
    }
  });
}

// Section 3 of the language, row by row.
TEST(Allen, ToleranceMakesNearTimesEqual) {
  EXPECT_EQ(classify({0, 10}, {1, 11}, 1), Allen::equals);
  EXPECT_EQ(classify({0, 10}, {1, 12}, 1), Allen::starts);
  EXPECT_EQ(classify({0, 12}, {1, 10}, 1), Allen::started_by);
  EXPECT_EQ(classify({5, 10}, {1, 11}, 1), Allen::finishes);
  EXPECT_EQ(classify({1, 11}, {5, 10}, 1), Allen::finished_by);
  EXPECT_EQ(classify({5, 8}, {1, 11}, 1), Allen::during);
  EXPECT_EQ(classify({1, 11}, {5, 8}, 1), Allen::contains);
  EXPECT_EQ(classify({0, 10}, {12, 20}, 1), Allen::before);
  EXPECT_EQ(classify({0, 10}, {11, 20}, 1), Allen::meets);
  EXPECT_EQ(classify({0, 10}, {9, 20}, 1), Allen::meets);
  EXPECT_EQ(classify({0, 10}, {8, 20}, 1), Allen::overlaps);
  EXPECT_EQ(classify({12, 20}, {0, 10}, 1), Allen::after);
  EXPECT_EQ(classify({11, 20}, {0, 10}, 1), Allen::met_by);
  EXPECT_EQ(classify({8, 20}, {0, 10}, 1), Allen::overlapped_by);
}

TEST(Allen, DeltaOfBeforeAndAfterIsTheLargestGap) {
  EXPECT_TRUE(holds(Allen::before, {0, 10}, {15, 20}, 5));
  EXPECT_FALSE(holds(Allen::before, {0, 10}, {16, 20}, 5));
  EXPECT_TRUE(holds(Allen::before, {0, 10}, {11, 20}, 5));
  EXPECT_FALSE(holds(Allen::before, {0, 10}, {10, 20}, 5));
  EXPECT_TRUE(holds(Allen::after, {15, 20}, {0, 10}, 5));
  EXPECT_FALSE(holds(Allen::after, {16, 20}, {0, 10}, 5));
}

TEST(Allen, DoesNotOverflowAtTheEndsOfTime) {
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(classify({kMin, kMin}, {kMax, kMax}, kMax), Allen::before);
  EXPECT_FALSE(holds(Allen::before, {kMin, kMin}, {kMax, kMax}, kMax));
  EXPECT_TRUE(holds(Allen::before, {-1, -1}, {kMax - 1, kMax}, kMax));
}

TEST(Allen, NamesAreFoundWhateverTheirForm) {
  for (const Allen relation : kAll) {
    EXPECT_EQ(parse_allen(to_name(relation)), relation);
  }
  EXPECT_EQ(parse_allen("met_by"), Allen::met_by);
  EXPECT_EQ(parse_allen("BF"), Allen::before);
  EXPECT_EQ(parse_allen("<"), Allen::before);
  EXPECT_EQ(parse_allen(">"), Allen::after);
  EXPECT_EQ(parse_allen("="), Allen::equals);
  EXPECT_EQ(parse_allen("di"), Allen::contains);
  EXPECT_EQ(parse_allen("fi"), Allen::finished_by);
  EXPECT_EQ(parse_allen("near"), std::nullopt);
  EXPECT_EQ(parse_allen(""), std::nullopt);
}

class AllenTermTest : public ::testing::Test {
 protected:
  AllenTermTest() {
    using Times = std::vector<std::optional<std::int64_t>>;
    rows_.add(renamed("start", "A.start"), Times{0, 0, 0, {}});
    rows_.add(renamed("end", "A.end"), Times{10, 10, 10, 10});
    rows_.add(renamed("start", "B.start"), Times{20, 10, 8, 20});
    rows_.add(renamed("end", "B.end"), Times{30, 30, 30, 30});
  }
  static Field renamed(std::string_view name, std::string to) {
    Field field = test::known_field(name);
    field.name = std::move(to);
    return field;
  }
  test::Selected select(const std::string& text) {
    Predicate predicate(parse(text, Grammar::merge, "merge expression"), rows_.schema);
    test::Selected rows;
    predicate.select(rows_.batch, rows);
    return rows;
  }
  test::Rows rows_;
};

TEST_F(AllenTermTest, RelatesTwoBranchesOfAJoinedSchema) {
  EXPECT_EQ(select("A before B"), (test::Selected{0}));
  EXPECT_EQ(select("A before B delta 9ms"), (test::Selected{}));
  EXPECT_EQ(select("A before B delta 10ms"), (test::Selected{0}));
  EXPECT_EQ(select("A m B"), (test::Selected{1}));
  EXPECT_EQ(select("A m B delta 2"), (test::Selected{1, 2}));
  EXPECT_EQ(select("B oi A"), (test::Selected{2}));
  EXPECT_EQ(select("A.end < B.start"), (test::Selected{0, 3}));
}

TEST_F(AllenTermTest, NotOfAnUnknownIntervalIsUnknown) {
  EXPECT_EQ(select("not A before B"), (test::Selected{1, 2}));
  EXPECT_EQ(select("A before B or not A before B"), (test::Selected{0, 1, 2}));
}

TEST_F(AllenTermTest, ABranchWithoutTimesIsAnError) {
  try {
    select("A before C");
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::usage);
    EXPECT_TRUE(std::string(error.what())
                    .starts_with("merge expression: there is no branch 'C' with times here"))
        << error.what();
    EXPECT_TRUE(std::string(error.what()).ends_with("  A before C\n           ^")) << error.what();
  }
}

}  // namespace
}  // namespace nfql
