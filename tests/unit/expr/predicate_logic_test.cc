// Three-valued logic, computed fields, and what a reader is told to decode.
#include <limits>

#include "common/expr/computed.h"
#include "tests/unit/expr/predicate_support.h"

namespace nfql {
namespace {

using test::Rows;
using test::Selected;
using Bytes = std::vector<std::optional<std::uint8_t>>;
using Times = std::vector<std::optional<std::int64_t>>;

// a and b run over true (1), false (0) and unknown, in all nine pairs.
Rows nine_pairs() {
  Rows rows;
  rows.add(test::number_field("a", Type::u8), Bytes{1, 1, 1, 0, 0, 0, {}, {}, {}});
  rows.add(test::number_field("b", Type::u8), Bytes{1, 0, {}, 1, 0, {}, 1, 0, {}});
  return rows;
}

TEST(PredicateLogic, IsKleenes) {
  const Rows rows = nine_pairs();
  EXPECT_EQ(rows.select("a = 1 and b = 1"), (Selected{0}));
  EXPECT_EQ(rows.select("a = 1 or b = 1"), (Selected{0, 1, 2, 3, 6}));
  EXPECT_EQ(rows.select("not a = 1"), (Selected{3, 4, 5}));
  EXPECT_EQ(rows.select("not (a = 1 and b = 1)"), (Selected{1, 3, 4, 5, 7}));
  EXPECT_EQ(rows.select("not (a = 1 or b = 1)"), (Selected{4}));
  EXPECT_EQ(rows.select("a = 1 or not a = 1"), (Selected{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(rows.select("a = b"), (Selected{0, 4}));
  EXPECT_EQ(rows.select("a != b"), (Selected{1, 3}));
  EXPECT_EQ(rows.select("a in {1, 7}"), (Selected{0, 1, 2}));
  EXPECT_EQ(rows.select("not a in {1, 7}"), (Selected{3, 4, 5}));
  EXPECT_EQ(rows.select("a not in {1, 7}"), (Selected{3, 4, 5}));
  EXPECT_EQ(rows.select("not a not in {1, 7}"), (Selected{0, 1, 2}));
}

TEST(PredicateLogic, DeMorganHoldsOnUnknowns) {
  const Rows rows = nine_pairs();
  const std::vector<std::pair<std::string, std::string>> pairs = {
      {"not (a = 1 and b = 1)", "not a = 1 or not b = 1"},
      {"not (a = 1 or b = 1)", "not a = 1 and not b = 1"},
      {"not (a = 1 and (b = 1 or a < b))", "a != 1 or (b != 1 and a >= b)"},
      {"not (a + b = 2)", "a + b != 2"},
      {"not (a <= b delta 0)", "a > b"},
      {"not not (a = 1 and b = 1)", "a = 1 and b = 1"}};
  for (const auto& [left, right] : pairs) {
    EXPECT_EQ(rows.select(left), rows.select(right)) << left;
  }
}

TEST(PredicateLogic, AnyIsTrueOfEveryRowAndNotAnyOfNone) {
  const Rows rows = nine_pairs();
  EXPECT_EQ(rows.select("any").size(), 9U);
  EXPECT_EQ(rows.select("").size(), 9U);
  EXPECT_EQ(rows.select("not any").size(), 0U);
  EXPECT_EQ(rows.select("any and a = 1"), (Selected{0, 1, 2}));
  EXPECT_EQ(rows.select("any or a = 1").size(), 9U);
  EXPECT_EQ(rows.select("a = 1 and not any").size(), 0U);
}

TEST(PredicateLogic, AllValuesOfATypeIsStillUnknownForUnknowns) {
  const Rows rows = nine_pairs();
  EXPECT_EQ(rows.select("a <= 255"), (Selected{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(rows.select("not a > 255"), (Selected{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(rows.select("not a >= 0"), (Selected{}));
  EXPECT_EQ(rows.select("a < 0"), (Selected{}));
  EXPECT_EQ(rows.select("not a < 0"), (Selected{0, 1, 2, 3, 4, 5}));
}

TEST(PredicateLogic, ManyTermsOverManyRows) {
  Bytes a;
  Bytes b;
  Selected both;
  Selected either;
  for (unsigned i = 0; i < 5000; ++i) {  // several chunks of the wide kernels
    a.emplace_back(static_cast<std::uint8_t>(i % 7));
    b.emplace_back(static_cast<std::uint8_t>(i % 11));
    if (i % 7 < 3 && i % 7 + i % 11 > 8) {
      both.push_back(i);
    }
    if (i % 7 == 0 || i % 7 + i % 11 == 16) {
      either.push_back(i);
    }
  }
  Rows rows;
  rows.add(test::number_field("a", Type::u8), a).add(test::number_field("b", Type::u8), b);
  EXPECT_EQ(rows.select("a < 3 and a + b > 8"), both);
  EXPECT_EQ(rows.select("a = 0 or a + b = 16"), either);
}

TEST(PredicateEvaluate, MaskHasOneWhereTrue) {
  const Rows rows = nine_pairs();
  Predicate predicate(parse("a = 1", Grammar::filter, "filter"), rows.schema);
  std::vector<std::uint8_t> mask(9, 7);
  predicate.evaluate(rows.batch, mask);
  EXPECT_EQ(mask, (std::vector<std::uint8_t>{1, 1, 1, 0, 0, 0, 0, 0, 0}));
  EXPECT_FALSE(predicate.always());
  Predicate moved(std::move(predicate));
  moved.evaluate(rows.batch, mask);
  EXPECT_EQ(mask[0], 1);
}

TEST(PredicateEvaluate, NoRowsAreNoRows) {
  Rows rows;
  rows.add(test::number_field("a", Type::u8), Bytes{});
  EXPECT_EQ(rows.select("a = 1 or a + 1 = 2 or a in {1, 9}"), (Selected{}));
}

Rows flows() {
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  Rows rows;
  rows.add(test::known_field("start"), Times{1000, 1000, {}, kMin, kMax});
  rows.add(test::known_field("end"), Times{1000, 6000, 9000, kMax, kMin});
  return rows;
}

TEST(Computed, DurationIsEndMinusStart) {
  const Rows rows = flows();
  EXPECT_EQ(rows.select("duration = 0"), (Selected{0}));
  EXPECT_EQ(rows.select("duration >= 5s"), (Selected{1, 3}));
  EXPECT_EQ(rows.select("flowDurationMilliseconds < 1"), (Selected{0, 4}));
  EXPECT_EQ(rows.select("not td = 5000"), (Selected{0, 3, 4}));
}

TEST(Computed, DurationIsHeldAtTheEndsOfI64) {
  const Rows rows = flows();
  const auto reader = FieldReader::find(rows.schema, "duration");
  ASSERT_TRUE(reader);
  EXPECT_FALSE(reader->column());
  EXPECT_EQ(reader->field().name, "duration");
  EXPECT_EQ(reader->field().meaning, Meaning::duration);
  Batch scratch;
  const Column column = reader->read(rows.batch, scratch);
  EXPECT_EQ(column.values<std::int64_t>()[1], 5000);
  EXPECT_FALSE(column.is_known(2));
  EXPECT_EQ(column.values<std::int64_t>()[3], std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(column.values<std::int64_t>()[4], std::numeric_limits<std::int64_t>::min());
}

TEST(Computed, AColumnGoesBeforeWhatCouldBeComputed) {
  Rows rows = flows();
  rows.add(test::known_field("duration"), Times{7, 7, 7, 7, 7});
  const auto reader = FieldReader::find(rows.schema, "duration");
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->column(), std::optional<std::size_t>(2));
  EXPECT_EQ(rows.select("duration = 7").size(), 5U);
}

TEST(Computed, DurationOfABranch) {
  Rows rows;
  Field start = test::known_field("start");
  start.name = "A.start";
  Field end = test::known_field("end");
  end.name = "A.end";
  rows.add(start, Times{1, 2}).add(end, Times{5, 2});
  Predicate predicate(parse("A.duration > 3", Grammar::merge, "merge expression"), rows.schema);
  Selected selected;
  predicate.select(rows.batch, selected);
  EXPECT_EQ(selected, (Selected{0}));
  EXPECT_FALSE(FieldReader::find(rows.schema, "B.duration"));
}

TEST(Computed, FlowsIsOneWhereThereAreFlows) {
  const Rows rows = flows();
  EXPECT_EQ(rows.select("flows = 1").size(), 5U);
  EXPECT_EQ(rows.select("dFlows > 1").size(), 0U);
  Rows groups = flows();
  const Field count = {"count", element::kCount, Type::u64, Meaning::number, Type::u64};
  groups.add(count, std::vector<std::optional<std::uint64_t>>(5, 1));
  EXPECT_FALSE(FieldReader::find(groups.schema, "flows"));
  EXPECT_FALSE(FieldReader::find(rows.schema, "bytes"));
  EXPECT_FALSE(FieldReader::find(rows.schema, "nonsense"));
}

TEST(CollectElements, NamesAllFieldsAndWhatTheyAreComputedFrom) {
  const auto elements = [](const std::string& text) {
    std::vector<ElementId> found;
    collect_elements(parse_expression(text, Grammar::filter, "filter"), found);
    return found;
  };
  EXPECT_EQ(elements("any"), (std::vector<ElementId>{}));
  EXPECT_EQ(elements("dstport = http and not (proto = tcp or dport = 1)"),
            (std::vector<ElementId>{element::kDestinationPort, element::kProtocol}));
  EXPECT_EQ(elements("duration > 5s"),
            (std::vector<ElementId>{element::kDuration, element::kStart, element::kEnd}));
  EXPECT_EQ(elements("prefix(src, 24) in {10.0.0.0, 10.0.1.0} or gap(bytes, pkts) - tos > 1"),
            (std::vector<ElementId>{element::kSourceAddress, element::kOctets, element::kPackets,
                                    element::kClassOfService}));
  EXPECT_EQ(elements("nonsense = 1"), (std::vector<ElementId>{}));
}

TEST(CollectElements, AllenTermsReadTheTimes) {
  std::vector<ElementId> found;
  collect_elements(parse_expression("A before B", Grammar::merge, "merge expression"), found);
  EXPECT_EQ(found, (std::vector<ElementId>{element::kStart, element::kEnd}));
}

}  // namespace
}  // namespace nfql
