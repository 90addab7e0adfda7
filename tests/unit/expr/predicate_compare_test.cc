// Every type and operator of columns against constants and columns, at the edges, against the
// meanings spelled out.
#include <functional>
#include <limits>

#include "common/expr/words.h"
#include "tests/unit/expr/predicate_support.h"

namespace nfql {
namespace {

using test::Rows;
using test::Selected;

// What each operator means; written out, for sharing the kernels' tables would share their
// mistakes.
struct Meant {
  const char* op;
  bool (*is_true)(Wide a, Wide b);
  bool (*near)(Wide a, Wide b, Wide d);
};
constexpr Meant kMeanings[] = {
    {"=", [](Wide a, Wide b) { return a == b; },
     [](Wide a, Wide b, Wide d) { return a - b <= d && b - a <= d; }},
    {"!=", [](Wide a, Wide b) { return a != b; },
     [](Wide a, Wide b, Wide d) { return a - b > d || b - a > d; }},
    {"<", [](Wide a, Wide b) { return a < b; }, [](Wide a, Wide b, Wide d) { return a < b + d; }},
    {"<=", [](Wide a, Wide b) { return a <= b; },
     [](Wide a, Wide b, Wide d) { return a <= b + d; }},
    {">", [](Wide a, Wide b) { return a > b; }, [](Wide a, Wide b, Wide d) { return a > b - d; }},
    {">=", [](Wide a, Wide b) { return a >= b; },
     [](Wide a, Wide b, Wide d) { return a >= b - d; }},
};

template <class T>
using Values = std::vector<std::optional<T>>;

template <class T>
Values<T> edges() {
  constexpr T kTop = std::numeric_limits<T>::max();
  constexpr T kBottom = std::numeric_limits<T>::min();
  return {kBottom,
          static_cast<T>(kBottom + 1),
          T{0},
          T{1},
          T{5},
          std::nullopt,
          static_cast<T>(kTop / 2),
          static_cast<T>(kTop / 2 + 1),
          static_cast<T>(kTop - 1),
          kTop};
}

template <class T>
Selected expected(const Values<T>& values, const std::function<bool(Wide)>& is_true) {
  Selected rows;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] && is_true(Wide{*values[i]})) {
      rows.push_back(static_cast<RowId>(i));
    }
  }
  return rows;
}

template <class T>
class PredicateCompare : public ::testing::Test {
 protected:
  PredicateCompare() : values_(edges<T>()) { rows_.add(test::number_field("x", type()), values_); }
  static Type type() {
    if constexpr (std::is_signed_v<T>) {
      return Type::i64;
    } else {
      return sizeof(T) == 1   ? Type::u8
             : sizeof(T) == 2 ? Type::u16
             : sizeof(T) == 4 ? Type::u32
                              : Type::u64;
    }
  }
  // Checks a term, its negation, and that the two are true of no row together.
  void check(const std::string& term, const std::function<bool(Wide)>& is_true) {
    EXPECT_EQ(rows_.select(term), expected(values_, is_true)) << term;
    const auto is_false = [&is_true](Wide a) { return !is_true(a); };
    EXPECT_EQ(rows_.select("not (" + term + ")"), expected(values_, is_false)) << "not " << term;
    EXPECT_EQ(rows_.select("not not (" + term + ")"), expected(values_, is_true)) << term;
  }
  Values<T> values_;
  Rows rows_;
};

using IntegerTypes =
    ::testing::Types<std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t, std::int64_t>;
TYPED_TEST_SUITE(PredicateCompare, IntegerTypes);

TYPED_TEST(PredicateCompare, ColumnAndConstant) {
  for (const auto& value : this->values_) {
    if (!value) {
      continue;
    }
    const Wide c = *value;
    for (const Meant& meant : kMeanings) {
      const std::string text = to_string(c);
      this->check(std::string("x ") + meant.op + " " + text,
                  [&](Wide a) { return meant.is_true(a, c); });
      this->check(text + " " + meant.op + " x", [&](Wide a) { return meant.is_true(c, a); });
    }
  }
}

TYPED_TEST(PredicateCompare, SomeBitsOfAColumn) {
  for (const Meant& meant : kMeanings) {
    for (const Wide mask : {Wide{0}, Wide{1}, Wide{5}, Wide{255}, Wide{1} << 40, Wide{~0ULL}}) {
      for (const Wide value : {Wide{0}, Wide{1}, Wide{4}, Wide{255}, Wide{300}, Wide{-1}}) {
        this->check("(x & " + to_string(mask) + ") " + meant.op + " " + to_string(value),
                    [&](Wide a) { return meant.is_true(a & mask, value); });
        this->check("(" + to_string(mask) + " | x) " + meant.op + " " + to_string(value),
                    [&](Wide a) { return meant.is_true(a | mask, value); });
      }
    }
  }
}

TYPED_TEST(PredicateCompare, ColumnAndConstantWithDelta) {
  for (const auto& value : this->values_) {
    for (const std::uint64_t d : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{200},
                                  std::numeric_limits<std::uint64_t>::max()}) {
      if (!value) {
        continue;
      }
      const Wide c = *value;
      for (const Meant& meant : kMeanings) {
        const std::string delta = " delta " + std::to_string(d);
        this->check(std::string("x ") + meant.op + " " + to_string(c) + delta,
                    [&](Wide a) { return meant.near(a, c, d); });
        this->check(to_string(c) + " " + meant.op + " x" + delta,
                    [&](Wide a) { return meant.near(c, a, d); });
      }
    }
  }
}

TYPED_TEST(PredicateCompare, ColumnAndRange) {
  for (const auto& low : this->values_) {
    for (const auto& high : this->values_) {
      if (!low || !high || *high < *low) {
        continue;
      }
      const Wide from = *low;
      const Wide to = *high;
      const auto inside = [&](Wide a) { return from <= a && a <= to; };
      const std::string range = to_string(from) + ".." + to_string(to);
      this->check("x in " + range, inside);
      this->check("x in {" + range + ", 5}", [&](Wide a) { return inside(a) || a == 5; });
      this->check("x not in " + range, [&](Wide a) { return !inside(a); });
    }
  }
}

TYPED_TEST(PredicateCompare, TwoColumns) {
  // Every value beside every other, and beside an unknown.
  Values<TypeParam> left;
  Values<TypeParam> right;
  for (const auto& a : this->values_) {
    for (const auto& b : this->values_) {
      left.push_back(a);
      right.push_back(b);
    }
  }
  Rows rows;
  rows.add(test::number_field("a", this->type()), left);
  rows.add(test::number_field("b", this->type()), right);
  const auto check = [&](const std::string& term, const auto& is_true) {
    Selected yes;
    Selected no;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (left[i] && right[i]) {
        (is_true(Wide{*left[i]}, Wide{*right[i]}) ? yes : no).push_back(static_cast<RowId>(i));
      }
    }
    EXPECT_EQ(rows.select(term), yes) << term;
    EXPECT_EQ(rows.select("not (" + term + ")"), no) << "not " << term;
  };
  for (const Meant& meant : kMeanings) {
    check(std::string("a ") + meant.op + " b", meant.is_true);
    for (const Wide d : {Wide{0}, Wide{1}, Wide{100}}) {
      check(std::string("a ") + meant.op + " b delta " + to_string(d),
            [&](Wide a, Wide b) { return meant.near(a, b, d); });
    }
    check(std::string("a + 1 ") + meant.op + " b - 1",
          [&](Wide a, Wide b) { return meant.is_true(a + 1, b - 1); });
    check(std::string("a - b ") + meant.op + " 0",
          [&](Wide a, Wide b) { return meant.is_true(a - b, 0); });
    check(std::string("a + b ") + meant.op + " a & b",
          [&](Wide a, Wide b) { return meant.is_true(a + b, a & b); });
    check(std::string("(a | b) ") + meant.op + " b",
          [&](Wide a, Wide b) { return meant.is_true(a | b, b); });
  }
}

TEST(PredicateCompareMixed, TypesOfAnyWidthAndSignCompareByValue) {
  Rows rows;
  const auto bytes = edges<std::uint64_t>();
  const auto times = edges<std::int64_t>();
  Values<std::uint64_t> left;
  Values<std::int64_t> right;
  for (const auto& a : bytes) {
    for (const auto& b : times) {
      left.push_back(a);
      right.push_back(b);
    }
  }
  rows.add(test::number_field("u", Type::u64), left).add(test::number_field("i", Type::i64), right);
  for (const Meant& meant : kMeanings) {
    Selected yes;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (left[i] && right[i] && meant.is_true(Wide{*left[i]}, Wide{*right[i]})) {
        yes.push_back(static_cast<RowId>(i));
      }
    }
    EXPECT_EQ(rows.select(std::string("u ") + meant.op + " i"), yes) << meant.op;
  }
}

TEST(PredicateCompareReal, ComparesExactlyWithWholeNumbers) {
  constexpr double kBig = 9007199254740992;  // 2^53: the next whole number is no double
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Rows rows;
  rows.add(test::number_field("f", Type::f64),
           Values<double>{0.0, -0.5, 1.5, kBig, kInfinity, -kInfinity, kNan, std::nullopt});
  rows.add(test::number_field("u", Type::u64),
           Values<std::uint64_t>{0, 0, 1, (1ULL << 53) + 1, ~0ULL, 0, 0, 0});
  EXPECT_EQ(rows.select("f = 0"), (Selected{0}));
  EXPECT_EQ(rows.select("f != 0"), (Selected{1, 2, 3, 4, 5}));
  EXPECT_EQ(rows.select("f > 1"), (Selected{2, 3, 4}));
  EXPECT_EQ(rows.select("f > 1.5"), (Selected{3, 4}));
  EXPECT_EQ(rows.select("f >= 1.5"), (Selected{2, 3, 4}));
  EXPECT_EQ(rows.select("f < 1.5"), (Selected{0, 1, 5}));
  EXPECT_EQ(rows.select("f <= 1.5"), (Selected{0, 1, 2, 5}));
  EXPECT_EQ(rows.select("f < 9007199254740993"), (Selected{0, 1, 2, 3, 5}));
  EXPECT_EQ(rows.select("f = 9007199254740993"), (Selected{}));
  EXPECT_EQ(rows.select("f = u"), (Selected{0}));
  EXPECT_EQ(rows.select("f < u"), (Selected{1, 3, 5}));
  EXPECT_EQ(rows.select("u < f"), (Selected{2, 4}));
  EXPECT_EQ(rows.select("u > 0.5"), (Selected{2, 3, 4}));
  EXPECT_EQ(rows.select("f in 0..2"), (Selected{0, 2}));
  EXPECT_EQ(rows.select("f not in {0, 1.5}"), (Selected{1, 3, 4, 5}));
  EXPECT_EQ(rows.select("f = 1 delta 0.5"), (Selected{2}));
  EXPECT_EQ(rows.select("f != 1 delta 0.5"), (Selected{0, 1, 3, 4, 5}));
  EXPECT_EQ(rows.select("f + u > 2.25"), (Selected{2, 3, 4}));
  EXPECT_EQ(rows.select("(u & 1) < 0.5"), (Selected{0, 1, 5, 6, 7}));
}

TEST(PredicateCompareReal, ANanIsAsGoodAsUnknown) {
  Rows rows;
  rows.add(test::number_field("f", Type::f64),
           Values<double>{std::numeric_limits<double>::quiet_NaN()});
  rows.add(test::number_field("g", Type::f64), Values<double>{1.0});
  rows.add_sets<double>(test::set_field("s", Type::f64), {std::vector<double>{1.0}});
  for (const char* term : {"f = 1", "f < 1", "f <= 1", "f in 1..2", "f in {1, 3}", "f = g", "f < g",
                           "f + 1 = g", "f - 1 in {1, 2}", "f = g delta 3", "f in s"}) {
    EXPECT_EQ(rows.select(term), (Selected{})) << term;
    EXPECT_EQ(rows.select(std::string("not (") + term + ")"), (Selected{})) << term;
  }
}

TEST(PredicateWide, NothingWrapsAround) {
  constexpr std::uint64_t kTop = std::numeric_limits<std::uint64_t>::max();
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  Rows rows;
  rows.add(test::number_field("u", Type::u64), Values<std::uint64_t>{kTop, 0});
  rows.add(test::number_field("v", Type::u64), Values<std::uint64_t>{kTop, 1});
  rows.add(test::number_field("i", Type::i64), Values<std::int64_t>{kMin, kMin});
  EXPECT_EQ(rows.select("u + v > 18446744073709551615"), (Selected{0}));
  EXPECT_EQ(rows.select("u + u + u + u > u"), (Selected{0}));
  EXPECT_EQ(rows.select("u - v < 0"), (Selected{1}));
  EXPECT_EQ(rows.select("gap(v, u) = -1"), (Selected{1}));
  EXPECT_EQ(rows.select("i - u < i"), (Selected{0}));
  EXPECT_EQ(rows.select("i + i < i - 1"), (Selected{0, 1}));
  EXPECT_EQ(rows.select("u = v delta 1"), (Selected{0, 1}));
  EXPECT_EQ(rows.select("u < v delta 1"), (Selected{0, 1}));
  EXPECT_EQ(rows.select("u > i delta 18446744073709551615"), (Selected{0, 1}));
  EXPECT_EQ(rows.select("u - 1 in {-1}"), (Selected{1}));
  EXPECT_EQ(rows.select("u + v not in 0..1"), (Selected{0}));
}

TEST(PredicateCompareConstants, AreFolded) {
  Rows rows;
  rows.add(test::number_field("x", Type::u8), Values<std::uint8_t>{1, std::nullopt});
  for (const char* term : {"1 < 2", "2 = 1 + 1", "5 in {1, 5}", "(7 & 3) = 3", "(4 | 1) = 5",
                           "1.5 < 2", "1 = 3 delta 2", "10.0.0.1 in 10.0.0.0/8",
                           "10.0.0.1 < 10.0.0.2", "10.0.0.0/8 = 10.1.1.1", "any"}) {
    Predicate predicate(parse(term, Grammar::filter, "filter"), rows.schema);
    EXPECT_TRUE(predicate.always()) << term;
    EXPECT_EQ(rows.select(term), (Selected{0, 1})) << term;
    EXPECT_EQ(rows.select(std::string("not (") + term + ")"), (Selected{})) << term;
  }
}

}  // namespace
}  // namespace nfql
