#include "common/expr/aggregate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/expr/parse.h"
#include "common/flow/column_builder.h"
#include "tests/unit/expr/aggregate_fields.h"
#include "tests/unit/flow/push_value.h"

namespace nfql {
namespace {

using Function = AggregateFunction;
using test::kAddress, test::kBytes, test::kDuration, test::kFlags, test::kReal, test::kStart;

constexpr std::uint64_t kTop = std::numeric_limits<std::uint64_t>::max();

// An aggregate, and what it keeps of so many groups.
struct Placed {
  Placed(BoundAggregate bound, std::size_t groups)
      : field(std::move(bound.field)), state(std::move(bound.state)) {
    state->place(states);
    states.resize(groups);
  }

  Field field;
  GroupStates states;
  std::unique_ptr<Aggregate> state;
};

template <class T>
using Values = std::vector<std::optional<T>>;

template <class T>
Column column_of(const Field& field, const Values<T>& values, Batch& owner) {
  ColumnBuilder builder = test::builder_of<T>(field, values);
  builder.move_to(owner);
  return owner.columns.back();
}

// The result for one group of these values; group 0 has none of them and group 2 has them too.
template <class Result, class T>
std::optional<Result> aggregate(Function function, const Field& field, const Values<T>& values,
                                double argument = 0) {
  const Placed bound(make_aggregate(function, field, argument), 3);
  for (const auto& value : values) {  // one row a batch
    Batch owner;
    const Column column = column_of<T>(field, {value, value}, owner);
    const std::vector<GroupId> groups = {1, 2};
    const std::vector<FlowOrder> order(2);
    bound.state->add(column, {groups, order, 3});
  }
  bound.state->finish(3);
  Batch out;
  const std::vector<GroupId> groups = {2, 1, 0};
  bound.state->emit(groups, out);
  EXPECT_EQ(out.rows, 3U);
  const Column& result = out.columns.at(0);
  EXPECT_EQ(result.type, bound.field.type);
  if (!result.is_known(0)) {
    EXPECT_FALSE(result.is_known(1));
    return std::nullopt;
  }
  if constexpr (std::is_same_v<Result, Address>) {
    EXPECT_EQ(result.address(0), result.address(1));
    return result.address(1);
  } else {
    EXPECT_EQ(result.values<Result>()[0], result.values<Result>()[1]);
    return result.values<Result>()[1];
  }
}

using U64 = std::uint64_t;
using I64 = std::int64_t;
using U8 = std::uint8_t;

TEST(Aggregate, CountsAllRowsOrTheKnownOnes) {
  EXPECT_EQ((aggregate<U64, U64>(Function::count, kBytes, {1, {}, 3})), 3U);
  EXPECT_EQ((aggregate<U64, U64>(Function::count_known, kBytes, {1, {}, 3})), 2U);
  EXPECT_EQ((aggregate<U64, double>(Function::count_known, kReal, {1.0, std::nan("")})), 1U);
}

TEST(Aggregate, SumAndCountOfNothingAreZero) {
  EXPECT_EQ((aggregate<U64, U64>(Function::sum, kBytes, {{}, {}})), 0U);
  EXPECT_EQ((aggregate<U64, U64>(Function::count_known, kBytes, {{}})), 0U);
  EXPECT_EQ((aggregate<I64, I64>(Function::sum, kDuration, {{}})), 0);
  EXPECT_EQ((aggregate<double, double>(Function::sum, kReal, {{}})), 0.0);
}

TEST(Aggregate, EveryOtherAggregateOfNothingIsUnknown) {
  for (const Function function :
       {Function::prod, Function::mean, Function::stddev, Function::median, Function::quantile}) {
    EXPECT_EQ((aggregate<double, U64>(function, kBytes, {{}})), std::nullopt);
  }
  for (const Function function :
       {Function::min, Function::max, Function::first, Function::last, Function::bit_and,
        Function::bit_or, Function::bit_xor, Function::unique}) {
    EXPECT_EQ((aggregate<U64, U64>(function, kBytes, {{}})), std::nullopt);
  }
}

TEST(Aggregate, HoldsSumsAtTheTopAndSaysSo) {
  EXPECT_EQ((aggregate<U64, U64>(Function::sum, kBytes, {kTop - 1, 1})), kTop);
  EXPECT_EQ((aggregate<U64, U64>(Function::sum, kBytes, {kTop - 1, 2, 5})), kTop);
  for (const U64 second : {U64{1}, U64{2}}) {
    const Placed sum(make_aggregate(Function::sum, kBytes), 1);
    Batch owner;
    const Column column = column_of<U64>(kBytes, {kTop - 1, second}, owner);
    const std::vector<GroupId> groups = {0, 0};
    const std::vector<FlowOrder> order(2);
    sum.state->add(column, {groups, order, 1});
    sum.state->finish(1);
    EXPECT_EQ(sum.state->saturated(), second == 2);
  }
}

// The upper half of a sum is kept apart from the lower: carries, and groups that come after them.
TEST(Aggregate, SumsAreExactBeyond32Bits) {
  constexpr U64 kHalf = U64{1} << 32;
  EXPECT_EQ((aggregate<U64, U64>(Function::sum, kBytes, {kHalf - 1, 1})), kHalf);
  EXPECT_EQ((aggregate<U64, U64>(Function::sum, kBytes, {kHalf - 1, kHalf - 1, 3})), 2 * kHalf + 1);
  EXPECT_EQ((aggregate<U64, U64>(Function::sum, kBytes, {7 * kHalf + 5, 8 * kHalf})),
            15 * kHalf + 5);
  Placed sum(make_aggregate(Function::sum, kBytes), 1);
  const std::vector<FlowOrder> order(1);
  for (GroupId group = 0; group < 100'000; group += 9'999) {
    Batch owner;
    const std::vector<GroupId> groups = {group};
    sum.states.resize(group + 1);
    sum.state->add(column_of<U64>(kBytes, {(kHalf + 1) * group}, owner),
                   {groups, order, group + 1});
  }
  sum.states.resize(200'000);
  sum.state->finish(200'000);
  Batch out;
  sum.state->emit(std::vector<GroupId>{199'999, 99'990, 0, 9'999, 1}, out);
  EXPECT_THAT(out.columns[0].values<U64>(),
              testing::ElementsAre(0, (kHalf + 1) * 99'990, 0, (kHalf + 1) * 9'999, 0));
  EXPECT_FALSE(sum.state->saturated());
}

TEST(Aggregate, SumsDurationsSignedAndWide) {
  constexpr I64 kHigh = std::numeric_limits<I64>::max();
  constexpr I64 kLow = std::numeric_limits<I64>::min();
  EXPECT_EQ((aggregate<I64, I64>(Function::sum, kDuration, {-5, 3})), -2);
  EXPECT_EQ((aggregate<I64, I64>(Function::sum, kDuration, {kHigh, 5, -6})), kHigh - 1);
  EXPECT_EQ((aggregate<I64, I64>(Function::sum, kDuration, {kHigh, 1})), kHigh);
  EXPECT_EQ((aggregate<I64, I64>(Function::sum, kDuration, {kLow, -1})), kLow);
  const Field uptime = field_of(element::kStartUptime);
  EXPECT_EQ((aggregate<I64, std::uint32_t>(Function::sum, uptime, {0xffff'ffffU, 1U})),
            0x1'0000'0000);
  EXPECT_EQ(make_aggregate(Function::sum, uptime).field.meaning, Meaning::duration);
}

TEST(Aggregate, SumsSmallTypesWide) {
  EXPECT_EQ((aggregate<U64, U8>(Function::sum, kFlags, {U8{255}, U8{255}})), 510U);
}

TEST(Aggregate, MultipliesAsReal) {
  EXPECT_EQ((aggregate<double, U64>(Function::prod, kBytes, {3, {}, 5})), 15.0);
}

TEST(Aggregate, FindsTheExtremes) {
  EXPECT_EQ((aggregate<U64, U64>(Function::min, kBytes, {7, {}, 0, 9})), 0U);
  EXPECT_EQ((aggregate<U64, U64>(Function::max, kBytes, {7, {}, 0, 9})), 9U);
  EXPECT_EQ((aggregate<U64, U64>(Function::min, kBytes, {kTop})), kTop);
  EXPECT_EQ((aggregate<I64, I64>(Function::max, kStart, {-7, -9})), -7);
  EXPECT_EQ((aggregate<double, double>(Function::max, kReal, {-2.0, std::nan(""), -1.0})), -1.0);
}

TEST(Aggregate, FindsTheExtremesOfAddressesOfBothKinds) {
  const Address v6{0x2001'0db8'0000'0000, 1};
  EXPECT_EQ((aggregate<Address, Address>(Function::min, kAddress, {v6, mapped(9)})), mapped(9));
  EXPECT_EQ((aggregate<Address, Address>(Function::max, kAddress, {mapped(9), v6})), v6);
  EXPECT_EQ((aggregate<Address, Address>(Function::max, kAddress, {mapped(0)})), mapped(0));
}

TEST(Aggregate, FirstAndLastGoByTheOrderAndSkipTheUnknown) {
  const auto ordered = [](Function function) {
    const Placed bound(make_aggregate(function, kBytes), 1);
    Batch owner;
    const Column column = column_of<U64>(kBytes, {1, 2, {}, 4, 5, {}, 7}, owner);
    const std::vector<GroupId> groups(7, 0);
    // The unknown ones would be first and last; 4 and 7 are at the place of others.
    const std::vector<FlowOrder> order = {{5, 0}, {2, 7}, {1, 0}, {2, 7}, {8, 1}, {9, 0}, {8, 1}};
    bound.state->add(column, {groups, order, 1});
    bound.state->finish(1);
    Batch out;
    bound.state->emit(std::vector<GroupId>{0}, out);
    return out.columns[0].values<U64>()[0];
  };
  EXPECT_EQ(ordered(Function::first), 2U);
  EXPECT_EQ(ordered(Function::last), 7U);
}

TEST(Aggregate, MeanIsExactInside) {
  EXPECT_EQ((aggregate<double, U64>(Function::mean, kBytes, {1, {}, 2})), 1.5);
  EXPECT_EQ((aggregate<double, U64>(Function::mean, kBytes, {kTop, kTop})), 18446744073709551615.0);
  EXPECT_EQ((aggregate<double, double>(Function::mean, kReal, {0.5, 1.0})), 0.75);
}

TEST(Aggregate, DeviationIsOfThePopulation) {
  EXPECT_EQ((aggregate<double, U64>(Function::stddev, kBytes, {2, 4, 4, 4, 5, 5, 7, 9})), 2.0);
  EXPECT_EQ((aggregate<double, U64>(Function::stddev, kBytes, {kTop})), 0.0);
}

TEST(Aggregate, MedianOfAnEvenNumberIsTheMeanOfTheMiddleTwo) {
  EXPECT_EQ((aggregate<double, U64>(Function::median, kBytes, {9, 1, 3})), 3.0);
  EXPECT_EQ((aggregate<double, U64>(Function::median, kBytes, {9, 1, 4, 3})), 3.5);
}

TEST(Aggregate, QuantileIsLinearBetweenRanks) {
  const Values<U64> values = {50, 20, 10, 40, 30};
  const auto quantile = [&](double q) {
    return aggregate<double, U64>(Function::quantile, kBytes, values, q);
  };
  EXPECT_EQ(quantile(0), 10.0);
  EXPECT_EQ(quantile(1), 50.0);
  EXPECT_EQ(quantile(0.5), 30.0);
  EXPECT_EQ(quantile(0.25), 20.0);
  EXPECT_EQ(quantile(0.125), 15.0);
  EXPECT_EQ((aggregate<double, U64>(Function::quantile, kBytes, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 999},
                                    0.9)),
            9.0);
}

TEST(Aggregate, TimesAreRoundedToTheNearestMsHalvesAwayFromZero) {
  EXPECT_EQ((aggregate<I64, I64>(Function::mean, kStart, {1, 2})), 2);
  EXPECT_EQ((aggregate<I64, I64>(Function::mean, kStart, {-1, -2})), -2);
  EXPECT_EQ((aggregate<I64, I64>(Function::mean, kStart, {1, 1, 2})), 1);
  EXPECT_EQ((aggregate<I64, I64>(Function::median, kStart, {1, 2})), 2);
  EXPECT_EQ((aggregate<I64, I64>(Function::median, kStart, {-1, -2})), -2);
  EXPECT_EQ((aggregate<I64, I64>(Function::quantile, kStart, {0, 10}, 0.24)), 2);
  EXPECT_EQ(make_aggregate(Function::mean, kStart).field.meaning, Meaning::time);
}

TEST(Aggregate, CombinesBits) {
  const Values<U8> values = {U8{0b1110}, {}, U8{0b0111}};
  EXPECT_EQ((aggregate<U8, U8>(Function::bit_and, kFlags, values)), 0b0110);
  EXPECT_EQ((aggregate<U8, U8>(Function::bit_or, kFlags, values)), 0b1111);
  EXPECT_EQ((aggregate<U8, U8>(Function::bit_xor, kFlags, values)), 0b1001);
  EXPECT_EQ(make_aggregate(Function::bit_or, kFlags).field.meaning, Meaning::flags);
}

template <class T, class Stored>
std::vector<Stored> set_of(const Field& field, const Values<T>& values) {
  const Placed bound(make_aggregate(Function::union_set, field), 2);
  Batch owner;
  const Column column = column_of<T>(field, values, owner);
  const std::vector<GroupId> groups(values.size(), 1);
  const std::vector<FlowOrder> order(values.size());
  bound.state->add(column, {groups, order, 2});
  bound.state->finish(2);
  Batch out;
  bound.state->emit(std::vector<GroupId>{0, 1}, out);
  const Column& sets = out.columns[0];
  EXPECT_EQ(sets.type, Type::set);
  EXPECT_EQ(sets.element_type, field.type);
  EXPECT_FALSE(sets.is_known(0));
  EXPECT_TRUE(sets.set<Stored>(0).empty());
  return {sets.set<Stored>(1).begin(), sets.set<Stored>(1).end()};
}

TEST(Aggregate, UnionIsSortedWithoutDuplicates) {
  EXPECT_THAT((set_of<U64, U64>(kBytes, {3, 1, {}, 3, 2})), testing::ElementsAre(1, 2, 3));
  EXPECT_THAT((set_of<double, double>(kReal, {0.0, -0.0, -1.0})), testing::ElementsAre(-1.0, 0.0));
  const Address v6{1, 2};
  EXPECT_THAT((set_of<Address, std::uint32_t>(kAddress, {mapped(7), mapped(3), mapped(7)})),
              testing::ElementsAre(3, 7));
  EXPECT_THAT((set_of<Address, Address>(kAddress, {v6, mapped(3), v6})),
              testing::ElementsAre(mapped(3), v6));
  EXPECT_EQ((aggregate<U64, U64>(Function::unique, kBytes, {3, 1, {}, 3})), 2U);
}

// More values than are kept before duplicates are dropped on the way.
TEST(Aggregate, UnionDropsDuplicatesOnTheWay) {
  const Placed unique(make_aggregate(Function::unique, kBytes), 7);
  constexpr std::size_t kRows = 60'000;
  Values<U64> values;
  std::vector<GroupId> groups;
  for (std::size_t i = 0; i < kRows; ++i) {
    values.emplace_back(i % 1000);
    groups.push_back(static_cast<GroupId>(i % 7));
  }
  Batch owner;
  const Column column = column_of<U64>(kBytes, values, owner);
  const std::vector<FlowOrder> order(kRows);
  for (int i = 0; i < 40; ++i) {
    unique.state->add(column, {groups, order, 7});
  }
  unique.state->finish(7);
  Batch out;
  unique.state->emit(std::vector<GroupId>{6, 0}, out);
  EXPECT_THAT(out.columns[0].values<U64>(), testing::ElementsAre(1000, 1000));
}

}  // namespace
}  // namespace nfql
