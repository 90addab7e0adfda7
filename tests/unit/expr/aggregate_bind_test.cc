#include "common/expr/aggregate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/base/error.h"
#include "common/expr/parse.h"
#include "tests/unit/expr/aggregate_fields.h"

namespace nfql {
namespace {

using Function = AggregateFunction;
using test::kAddress, test::kBytes, test::kDuration, test::kFlags, test::kReal, test::kStart;

TEST(Aggregate, KnowsItsFunctionsWhateverTheCase) {
  EXPECT_EQ(find_aggregate("BitOr"), Function::bit_or);
  EXPECT_EQ(find_aggregate("or"), Function::bit_or);
  EXPECT_EQ(find_aggregate("avg"), find_aggregate("mean"));
  EXPECT_EQ(find_aggregate("static"), Function::first);
  EXPECT_EQ(find_aggregate(""), Function::first);
  EXPECT_EQ(find_aggregate("summe"), std::nullopt);
}

BoundAggregate bind(const std::string& text, const Field* input) {
  return bind_aggregate(parse_aggregates(text).at(0), text, input);
}

std::string error_of(const std::string& text, const Field* input) {
  try {
    static_cast<void>(bind(text, input));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::usage);
    const std::string what = error.what();
    return what.substr(0, what.find('\n')) + (error.hint().empty() ? "" : " | " + error.hint());
  }
  return "";
}

TEST(Aggregate, NamesItsColumn) {
  EXPECT_EQ(bind("sum(bytes)", &kBytes).field.name, "sum_bytes");
  EXPECT_EQ(bind("bitOR(flags)", &kFlags).field.name, "bitOR_flags");
  EXPECT_EQ(bind("quantile(bytes, 0.9)", &kBytes).field.name, "quantile_bytes_0.9");
  EXPECT_EQ(bind("sum(bytes) as total", &kBytes).field.name, "total");
  EXPECT_EQ(bind("octets", &kBytes).field.name, "octets");
  EXPECT_EQ(bind("count", nullptr).field.name, "count");
  EXPECT_EQ(bind("count(bytes)", &kBytes).field.name, "count_bytes");
  EXPECT_EQ(bind("g1.sum(bytes)", &kBytes).field.name, "g1_sum_bytes");
  EXPECT_EQ(bind("g1.quantile(bytes, 0.9)", &kBytes).field.name, "g1_quantile_bytes_0.9");
  EXPECT_EQ(bind("g1.bytes", &kBytes).field.name, "g1_bytes");
  EXPECT_EQ(bind("g1.count", nullptr).field.name, "g1_count");
  EXPECT_EQ(bind("g1.sum(bytes) as total", &kBytes).field.name, "total");
}

TEST(Aggregate, KeepsTheIdOfTheFieldThatItStandsFor) {
  EXPECT_EQ(bind("bytes", &kBytes).field.id, element::kOctets);
  EXPECT_EQ(bind("first(bytes) as b", &kBytes).field.id, element::kOctets);
  EXPECT_EQ(bind("static(bytes)", &kBytes).field.id, element::kOctets);
  EXPECT_EQ(bind("sum(octetDeltaCount) as octetDeltaCount", &kBytes).field.id, element::kOctets);
  EXPECT_EQ(bind("sum(bytes) as dOctets", &kBytes).field.id, element::kOctets);
  EXPECT_FALSE(bind("sum(bytes)", &kBytes).field.id.any());
  EXPECT_FALSE(bind("last(bytes)", &kBytes).field.id.any());
  EXPECT_FALSE(bind("sum(bytes) as packets", &kBytes).field.id.any());
  EXPECT_FALSE(bind("count(bytes) as bytes", &kBytes).field.id.any());
  EXPECT_FALSE(bind("union(bytes) as bytes", &kBytes).field.id.any());
  EXPECT_FALSE(bind("first(start)", &kStart).field.id.any());
  EXPECT_FALSE(bind("max(start) as stime", &kStart).field.id.any());
  EXPECT_FALSE(bind("duration", &kDuration).field.id.any());
  EXPECT_FALSE(bind("g1.bytes", &kBytes).field.id.any());
  EXPECT_EQ(bind("g1.sum(bytes) as bytes", &kBytes).field.id, element::kOctets);
}

TEST(Aggregate, HasTheTypeOfItsResult) {
  const auto type = [](Function function, const Field& field) {
    return make_aggregate(function, field).field.type;
  };
  EXPECT_EQ(type(Function::sum, kFlags), Type::u64);
  EXPECT_EQ(type(Function::sum, kReal), Type::f64);
  EXPECT_EQ(type(Function::min, kAddress), Type::address);
  EXPECT_EQ(type(Function::mean, kBytes), Type::f64);
  EXPECT_EQ(type(Function::median, kStart), Type::i64);
  EXPECT_EQ(make_aggregate(Function::mean, kDuration).field.meaning, Meaning::duration);
  EXPECT_EQ(make_aggregate(Function::union_set, kFlags).field.element_type, Type::u8);
}

TEST(Aggregate, RefusesWhatItCannotTake) {
  EXPECT_EQ(error_of("sum(srcip)", &kAddress),
            "aggregate: 'sum' takes numbers and durations, and 'srcip' is an address");
  EXPECT_EQ(error_of("stddev(start)", &kStart),
            "aggregate: 'stddev' takes numbers and durations, and 'start' is a time");
  EXPECT_EQ(error_of("avg(srcip)", &kAddress),
            "aggregate: 'avg' takes numbers, durations and times, and 'srcip' is an address");
  EXPECT_EQ(error_of("and(load)", &kReal), "aggregate: 'and' takes integers, and 'load' is a real");
  const Field mac{"mac", {}, Type::u64, Meaning::mac, Type::u64};
  EXPECT_EQ(error_of("prod(mac)", &mac),
            "aggregate: 'prod' takes numbers and durations, and 'mac' is a MAC address");
  EXPECT_EQ(error_of("or(mac)", &mac), "");
  const Field set{"ports", {}, Type::set, Meaning::port, Type::u16};
  EXPECT_EQ(error_of("ports", &set), "aggregate: 'first' takes no sets, and 'ports' is a set");
  EXPECT_EQ(error_of("max(srcip)", &kAddress), "");
}

TEST(Aggregate, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(error_of("summ(bytes)", &kBytes),
            "aggregate: unknown aggregate function 'summ' | did you mean 'sum'?");
  EXPECT_EQ(error_of("zzzzzzz(bytes)", &kBytes),
            "aggregate: unknown aggregate function 'zzzzzzz' | functions of a plug-in need its "
            "--plugin FILE");
  EXPECT_EQ(error_of("quantile(bytes)", &kBytes),
            "aggregate: quantile needs the rank that it is to give | for example quantile(bytes, "
            "0.9)");
  EXPECT_EQ(error_of("quantile(bytes, 1.5)", &kBytes),
            "aggregate: the rank of quantile is 1.5, not from 0 to 1");
  EXPECT_EQ(error_of("sum(bytes, 2)", &kBytes), "aggregate: 'sum' takes a field and nothing else");
  AggregateItem item;
  item.function = item.written = "sum";
  EXPECT_THROW(static_cast<void>(bind_aggregate(item, "sum", nullptr)), Error);
}

}  // namespace
}  // namespace nfql
