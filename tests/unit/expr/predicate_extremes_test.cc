// What a predicate says of rows of which only extremes are known.
#include <array>
#include <cmath>
#include <limits>
#include <random>

#include "common/stream/column_summary.h"
#include "tests/unit/expr/predicate_support.h"

namespace nfql {
namespace {

using test::Rows;

// As the directory of a block tells them.
std::vector<ColumnExtremes> extremes_of(const Batch& batch) {
  std::vector<ColumnExtremes> extremes;
  for (const Column& column : batch.columns) {
    const ColumnSummary summary = summarize(column);
    extremes.push_back(
        {summary.any_unknown, summary.any_known, summary.has_min_max, summary.min, summary.max});
  }
  return extremes;
}

Predicate predicate_of(const Rows& rows, const std::string& text) {
  return Predicate(parse(text, Grammar::filter, "filter"), rows.schema);
}

bool may_hold(const Rows& rows, const std::string& text) {
  return predicate_of(rows, text).may_hold(extremes_of(rows.batch));
}

// Of each column the extremes are 10 and 20, or such addresses and times.
Rows tens() {
  constexpr std::int64_t kTen = 1'335'830'410'000;  // 2012-05-01T00:00:10
  Rows rows;
  rows.add<std::uint16_t>(test::known_field("dstport"), {10, {}, 20})
      .add<std::int64_t>(test::number_field("i", Type::i64), {-20, -10, {}})
      .add<double>(test::number_field("r", Type::f64), {10.0, std::nan(""), 20.0})
      .add<std::int64_t>(test::known_field("start"), {kTen, kTen + 10'000, {}})
      .add<std::int64_t>(test::known_field("end"), {kTen, kTen + 10'000, {}})
      .add<std::uint64_t>(test::known_field("bytes"), {~0ULL, ~0ULL - 10, {}})
      .add<std::uint8_t>(test::known_field("flags"), {2, 2, {}})
      .add<std::uint32_t>(test::number_field("none", Type::u32), {{}, {}, {}})
      .add<Address>(test::known_field("srcip"),
                    {parse_address("10.0.0.10"), parse_address("10.0.0.20"), {}})
      .add<Address>(test::known_field("dstip"),
                    {parse_address("10.0.0.10"), parse_address("2001:db8::1"), {}});
  return rows;
}

TEST(PredicateExtremes, RuleOutWhatNoValueBetweenThemIs) {
  const Rows rows = tens();
  for (const char* text : {"dstport < 10",
                           "dstport > 20",
                           "dstport = 9",
                           "dstport = http",
                           "dstport in 21..30",
                           "dstport in {1, 9, 21, 80}",
                           "not dstport in 5..25",
                           "dstport not in {5..12, 13..20, 40}",
                           "not dstport >= 10",
                           "not (dstport > 9 or bytes = 1)",
                           "not dstport != 9",
                           "dstport = 5 delta 4",
                           "i >= 0",
                           "i < -20",
                           "i in {-9, -21, 5}",
                           "r < 10",
                           "r > 20.5",
                           "r = 9.5",
                           "r in {1.5, 22}",
                           "start < \"2012-05-01T00:00:10\"",
                           "start >= \"2012-05-01T00:00:20.001\"",
                           "bytes < 18446744073709551605",
                           "flags = S/SA and dstport < 10",
                           "(flags & S) = 0",
                           "not flags = S",
                           "none = 0",
                           "none != 0",
                           "not none > 5",
                           "none in {1, 5}",
                           "srcip = 10.0.1.0/24",
                           "srcip < 10.0.0.10",
                           "srcip in {10.0.0.0/29, 10.0.0.21, 2001:db8::/32}",
                           "srcip = 2001:db8::1",
                           "srcip != 10.0.0.0/24",
                           "dstport = 15 and r = 15 and none = 1",
                           "dstport = 9 or none = 1 or bytes = 4",
                           "not any"}) {
    EXPECT_FALSE(may_hold(rows, text)) << text;
    EXPECT_TRUE(rows.select(text).empty()) << text;
  }
}

TEST(PredicateExtremes, RuleOutNothingElse) {
  const Rows rows = tens();
  for (const char* text : {"dstport < 11",
                           "dstport <= 10",
                           "dstport >= 20",
                           "dstport = 15",
                           "dstport in {1, 12, 40}",
                           "dstport in 0..10",
                           "not dstport in 11..25",
                           "dstport not in {10..14, 16..20}",
                           "dstport = 5 delta 5",
                           "i < 0",
                           "i = -15",
                           "r <= 10",
                           "r in {15.5, 22}",
                           "not r in 10.5..30.0",
                           "start < \"2012-05-01T00:00:10.001\"",
                           "bytes > 18446744073709551614",
                           "(flags & S) != 0",
                           "flags = S/SA",
                           "not none = 1 or dstport = 12",
                           "srcip = 10.0.0.0/24",
                           "srcip != 10.0.0.0/28",
                           "prefix(srcip, 24) = 10.0.0.0",
                           "prefix(srcip, 24) < 10.0.0.10",
                           "dstip = 192.0.2.1",
                           "dstip not in {10.0.0.0/8, 2001:db8::/32}",
                           "dstport + 0 < 10",
                           "duration > 1h",
                           "flows = 1",
                           "dstport = 9 or r = 15",
                           "dstport = 15 and start = end",
                           "any",
                           ""}) {
    EXPECT_TRUE(may_hold(rows, text)) << text;
  }
}

TEST(PredicateExtremes, WithoutAnyEverythingMayBe) {
  const Rows rows = tens();
  const std::vector<ColumnExtremes> nothing(rows.schema.size());
  for (const char* text : {"dstport < 10", "srcip = 10.0.1.0/24", "none = 0", "r in {1.5, 22}"}) {
    EXPECT_TRUE(predicate_of(rows, text).may_hold(nothing)) << text;
  }
  EXPECT_FALSE(predicate_of(rows, "dstport < 0").may_hold(nothing));
}

// Random filters on random rows.
class Sampler {
 public:
  explicit Sampler(unsigned seed) : random_(seed) {}

  Rows rows() {
    Rows rows;
    add<std::uint8_t>(rows, "a", Type::u8);
    add<std::uint16_t>(rows, "b", Type::u16);
    add<std::uint32_t>(rows, "c", Type::u32);
    add<std::uint64_t>(rows, "d", Type::u64);
    add<std::int64_t>(rows, "e", Type::i64);
    add<double>(rows, "f", Type::f64);
    add<Address>(rows, "srcip", Type::address);
    return rows;
  }
  std::string expression(unsigned depth) {
    switch (depth == 0 ? 0 : below(5)) {
      case 1:
        return "(" + expression(depth - 1) + " and " + expression(depth - 1) + ")";
      case 2:
        return "(" + expression(depth - 1) + " or " + expression(depth - 1) + ")";
      case 3:
        return "not (" + expression(depth - 1) + ")";
      default:
        return below(4) == 0 ? address_term() : number_term();
    }
  }

 private:
  unsigned below(unsigned count) { return static_cast<unsigned>(random_() % count); }

  // Columns of values that are near each other, of one value, of none, and at the ends of the type.
  template <class T>
  void add(Rows& rows, const char* name, Type type) {
    const unsigned base = below(2) == 0 ? 0 : below(40);
    const unsigned spread = 1 + below(4) * below(8);
    const unsigned unknown = below(4);
    const bool at_top = below(4) == 0;
    std::vector<std::optional<T>> values;
    for (unsigned i = 0; i < 1 + below(5); ++i) {
      if (below(4) < unknown) {
        values.emplace_back();
      } else {
        values.push_back(value<T>(base + below(spread), at_top));
      }
    }
    values.resize(6);
    rows.add<T>(type == Type::address ? test::known_field(name) : test::number_field(name, type),
                values);
  }
  template <class T>
  T value(unsigned number, bool at_top) {
    if constexpr (std::is_same_v<T, Address>) {
      return at_top && below(2) == 0 ? Address{0x20010db800000000, number} : mapped(number);
    } else if constexpr (std::is_same_v<T, double>) {
      return below(8) == 0 ? std::nan("") : number / 2.0 - (at_top ? 10 : 0);
    } else if constexpr (std::is_signed_v<T>) {
      return static_cast<T>(number) - (at_top ? 20 : 0);
    } else {
      return at_top ? static_cast<T>(std::numeric_limits<T>::max() - number)
                    : static_cast<T>(number);
    }
  }

  std::string number() { return std::to_string(below(45)); }
  std::string number_term() {
    static constexpr std::array kOps = {"=", "!=", "<", "<=", ">", ">="};
    const std::string field(1, "abcdef"[below(6)]);
    switch (below(6)) {
      case 0:
        return field + (below(2) == 0 ? " in {" : " not in {") + number() + ", " + number() + ", " +
               range() + "}";
      case 1:
        return field + (below(2) == 0 ? " in " : " not in ") + range();
      case 2:
        return field == "f" ? "f = a" : "(" + field + " & 6) " + kOps[below(2)] + " " + number();
      case 3:
        return field + " " + kOps[below(6)] + " " + number() + " delta " + number();
      default:
        return field + " " + kOps[below(6)] + " " + number();
    }
  }
  std::string range() {
    const unsigned low = below(40);
    return std::to_string(low) + ".." + std::to_string(low + below(12));
  }
  std::string address_term() {
    static constexpr std::array kTerms = {"srcip = ", "srcip != ", "srcip < ", "srcip >= "};
    const std::string address = "0.0.0." + number();
    switch (below(3)) {
      case 0:
        return std::string("srcip ") + (below(2) == 0 ? "in" : "not in") + " {" + address +
               ", 0.0.0.16/29, 2001:db8::/64}";
      case 1:
        return "prefix(srcip, 29) = 0.0.0.8";
      default:
        return kTerms[below(kTerms.size())] + address;
    }
  }

  std::mt19937_64 random_;
};

TEST(PredicateExtremes, NeverRuleOutARowThatIsSelected) {
  unsigned ruled_out = 0;
  unsigned empty = 0;
  constexpr unsigned kSamples = 20'000;
  for (unsigned seed = 0; seed < kSamples; ++seed) {
    Sampler sampler(seed);
    const Rows rows = sampler.rows();
    const std::string text = sampler.expression(3);
    const bool none = rows.select(text).empty();
    const bool may = may_hold(rows, text);
    ASSERT_TRUE(may || none) << "seed " << seed << ": " << text;
    ruled_out += may ? 0U : 1U;
    empty += none ? 1U : 0U;
  }
  // Else the test would say nothing.
  EXPECT_GT(ruled_out, kSamples / 20);
  EXPECT_GT(2 * ruled_out, empty);
}

}  // namespace
}  // namespace nfql
