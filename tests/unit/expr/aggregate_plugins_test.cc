// Plug-ins as tables in this program; loading files is tested by tests/cli/plugin.bats.
#include "common/expr/aggregate_plugins.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <optional>

#include "common/base/error.h"
#include "common/expr/aggregate.h"
#include "common/expr/parse.h"
#include "common/flow/column_builder.h"
#include "tests/unit/expr/aggregate_fields.h"
#include "tests/unit/flow/push_value.h"

namespace nfql {
namespace {

using test::kAddress, test::kBytes, test::kPort, test::kReal, test::kStart;
using testing::AllOf;
using testing::HasSubstr;

// What a plug-in's state counts: how many states there are, and what the latest was given.
struct Counted {
  std::uint64_t sum;
  std::uint64_t count;
};
int states = 0;
int last_status = NFQL_OK;

void begin(void* state, const nfql_request* request) {
  static_cast<Counted*>(state)->sum = static_cast<std::uint64_t>(request->argument);
  ++states;
}

int add_numbers(void* all, const nfql_request* request, const nfql_values* values) {
  EXPECT_EQ(request->type, NFQL_U64);
  EXPECT_GT(values->count, 0U);
  for (std::size_t i = 0; i < values->count; ++i) {
    Counted& state = static_cast<Counted*>(all)[values->groups[i]];
    state.sum += static_cast<const std::uint64_t*>(values->values)[i];
    ++state.count;
  }
  return last_status;
}

int finish_sum(void* state, const nfql_request*, void* result) {
  const auto* counted = static_cast<Counted*>(state);
  std::memcpy(result, &counted->sum, sizeof counted->sum);
  return counted->count == 0 ? NFQL_UNKNOWN : NFQL_OK;
}

void end(void*) {
  --states;
}

const char* refuse_large(const nfql_request* request) {
  return request->argument > 1000 ? "starts too high" : nullptr;
}

// `from(field, BEGIN)`: BEGIN plus the sum.
nfql_aggregate sum_from() {
  return {"from", NFQL_TAKES(NFQL_U64), NFQL_SAME,  1,  sizeof(Counted), refuse_large,
          begin,  add_numbers,          finish_sum, end};
}

// Keeps the first value of a group as it came.
struct First {
  unsigned char bytes[16];
  unsigned char known;
};

int add_first(void* all, const nfql_request* request, const nfql_values* values) {
  const std::size_t size = request->type == NFQL_ADDRESS ? 16 : request->type == NFQL_U16 ? 2 : 8;
  for (std::size_t i = 0; i < values->count; ++i) {
    First& state = static_cast<First*>(all)[values->groups[i]];
    if (state.known == 0) {
      std::memcpy(state.bytes, static_cast<const unsigned char*>(values->values) + i * size, size);
      state.known = static_cast<unsigned char>(size);
    }
  }
  return NFQL_OK;
}

int finish_first(void* state, const nfql_request*, void* result) {
  const auto* first = static_cast<First*>(state);
  std::memcpy(result, first->bytes, first->known);
  return first->known == 0 ? NFQL_UNKNOWN : NFQL_OK;
}

nfql_aggregate keep_first(std::uint32_t takes) {
  return {"keep",  takes,     NFQL_SAME,    0,      sizeof(First), nullptr,
          nullptr, add_first, finish_first, nullptr};
}

// A plug-in of one function, and what it makes of an item.
struct OnePlugin {
  explicit OnePlugin(const nfql_aggregate& one)
      : function(one), table{NFQL_AGGREGATE_ABI, 1, &function} {
    plugins.add(table, "test.so");
  }

  BoundAggregate bind(const std::string& text, const Field* input) {
    std::vector<AggregateItem> items = parse_aggregates(text);
    plugins.resolve(items, text);
    return bind_aggregate(items.at(0), text, input);
  }

  nfql_aggregate function;
  nfql_plugin table;
  AggregatePlugins plugins;
};

template <class T>
void add(const BoundAggregate& bound, const Field& field,
         const std::vector<std::optional<T>>& values, const std::vector<GroupId>& groups) {
  ColumnBuilder builder = test::builder_of<T>(field, values);
  Batch batch;
  builder.move_to(batch);
  const std::vector<FlowOrder> order(groups.size());
  bound.state->add(batch.columns.front(), {groups, order, 4});
}

Column finished(const BoundAggregate& bound, Batch& out) {
  bound.state->finish(4);
  bound.state->emit(std::vector<GroupId>{3, 1, 0}, out);
  return out.columns.front();
}

TEST(AggregatePlugins, GiveWhatTheirFunctionsDo) {
  OnePlugin plugin(sum_from());
  {
    const BoundAggregate bound = plugin.bind("From(srcport, 100) as total", &kPort);
    EXPECT_EQ(bound.field.name, "total");
    EXPECT_EQ(bound.field.type, Type::u16);
    EXPECT_EQ(bound.field.meaning, Meaning::port);
    EXPECT_FALSE(bound.field.id.any());
    add<std::uint16_t>(bound, kPort, {5, 6, std::nullopt, 7}, {0, 3, 3, 3});
    add<std::uint16_t>(bound, kPort, {std::nullopt}, {1});
    add<std::uint16_t>(bound, kPort, {1}, {3});
    Batch out;
    const Column column = finished(bound, out);
    EXPECT_EQ(column.values<std::uint16_t>()[0], 114);
    EXPECT_FALSE(column.is_known(1));
    EXPECT_EQ(column.values<std::uint16_t>()[2], 105);
    EXPECT_EQ(states, 0);
  }
  EXPECT_EQ(plugin.bind("from(bytes, 7)", &kBytes).field.name, "from_bytes_7");
}

TEST(AggregatePlugins, StatesAreDestroyedWhenTheWorkFails) {
  OnePlugin plugin(sum_from());
  {
    const BoundAggregate bound = plugin.bind("from(bytes, 1)", &kBytes);
    last_status = NFQL_NO_MEMORY;
    EXPECT_THROW(add<std::uint64_t>(bound, kBytes, {5}, {2}), Error);
    last_status = NFQL_OK;
    EXPECT_EQ(states, 4);
  }
  EXPECT_EQ(states, 0);
}

TEST(AggregatePlugins, ResultsOfTheFieldsTypeMustFitIt) {
  OnePlugin plugin(sum_from());
  const BoundAggregate bound = plugin.bind("from(srcport, 1)", &kPort);
  add<std::uint16_t>(bound, kPort, {65535}, {0});
  try {
    bound.state->finish(4);
    FAIL() << "65536 is no port";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::failed);
    EXPECT_STREQ(error.what(),
                 "aggregate 'from': the plug-in gives 65536, which 'srcport' cannot be");
  }
}

// What a function with these types is given of a field, as the type of its result shows.
std::optional<Type> given(std::uint32_t takes, const Field& field) {
  OnePlugin plugin(keep_first(takes));
  try {
    return plugin.bind("keep(x)", &field).field.type;
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("'keep' does not take the type of 'x'"));
    return std::nullopt;
  }
}

TEST(AggregatePlugins, AreGivenTypesThatTheyTake) {
  constexpr std::uint32_t kU64 = NFQL_TAKES(NFQL_U64);
  constexpr std::uint32_t kI64 = NFQL_TAKES(NFQL_I64);
  constexpr std::uint32_t kF64 = NFQL_TAKES(NFQL_F64);
  EXPECT_EQ(given(kU64, kPort), Type::u16);
  EXPECT_EQ(given(kI64, kPort), Type::u16);
  EXPECT_EQ(given(kF64, kPort), Type::f64);
  EXPECT_EQ(given(kI64, kBytes), std::nullopt);
  EXPECT_EQ(given(kI64 | kF64, kBytes), Type::f64);
  EXPECT_EQ(given(kI64, kStart), Type::i64);
  EXPECT_EQ(given(kU64, kStart), std::nullopt);
  EXPECT_EQ(given(kU64 | kI64, kReal), std::nullopt);
  EXPECT_EQ(given(kU64 | kI64 | kF64, kAddress), std::nullopt);
  EXPECT_EQ(given(NFQL_TAKES(NFQL_ADDRESS), kAddress), Type::address);
}

TEST(AggregatePlugins, AreGivenValuesAsTheyAreOrWider) {
  for (const unsigned type : {NFQL_U16, NFQL_U64, NFQL_I64}) {
    OnePlugin plugin(keep_first(NFQL_TAKES(type)));
    const BoundAggregate bound = plugin.bind("keep(srcport)", &kPort);
    add<std::uint16_t>(bound, kPort, {80, 443}, {1, 3});
    add<std::uint16_t>(bound, kPort, {std::nullopt, 5353}, {0, 0});
    Batch out;
    const Column column = finished(bound, out);
    EXPECT_EQ(column.values<std::uint16_t>()[0], 443);
    EXPECT_EQ(column.values<std::uint16_t>()[1], 80);
    EXPECT_EQ(column.values<std::uint16_t>()[2], 5353);
  }
}

int finish_nan(void*, const nfql_request*, void* result) {
  *static_cast<double*>(result) = std::numeric_limits<double>::quiet_NaN();
  return NFQL_OK;
}

TEST(AggregatePlugins, ResultsThatAreNoNumberAreUnknown) {
  nfql_aggregate function = keep_first(NFQL_TAKES(NFQL_U64));
  function.result = NFQL_F64;
  function.finish = finish_nan;
  OnePlugin plugin(function);
  const BoundAggregate bound = plugin.bind("keep(bytes)", &kBytes);
  add<std::uint64_t>(bound, kBytes, {1}, {0});
  Batch out;
  EXPECT_FALSE(finished(bound, out).is_known(2));
}

TEST(AggregatePlugins, SeeAddressesInNetworkOrder) {
  OnePlugin plugin(keep_first(NFQL_TAKES(NFQL_ADDRESS)));
  const BoundAggregate bound = plugin.bind("keep(srcip)", &kAddress);
  const Address v6{0x2001'0db8'0000'0000ULL, 7};
  add<Address>(bound, kAddress, {mapped(0x0a000001)}, {1});
  add<Address>(bound, kAddress, {v6}, {3});
  Batch out;
  const Column column = finished(bound, out);
  EXPECT_EQ(column.address(0), v6);
  EXPECT_EQ(column.address(1), mapped(0x0a000001));
  EXPECT_FALSE(column.is_known(2));
}

std::string bind_error(const std::string& text, const Field* input) {
  OnePlugin plugin(sum_from());
  try {
    plugin.bind(text, input);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::usage);
    return std::string(error.what()) + "\n" + error.hint();
  }
  return "no error";
}

TEST(AggregatePlugins, CallsAreChecked) {
  EXPECT_THAT(
      bind_error("from(bytes)", &kBytes),
      AllOf(HasSubstr("'from' takes a field and a number"), HasSubstr("from(bytes, NUMBER)")));
  EXPECT_THAT(bind_error("from(bytes, 1001)", &kBytes), HasSubstr("'from': starts too high"));
  EXPECT_THAT(bind_error("form(bytes, 1)", &kBytes), HasSubstr("did you mean 'from'?"));
  EXPECT_THAT(bind_error("summ(bytes)", &kBytes), HasSubstr("did you mean 'sum'?"));
  OnePlugin keep(keep_first(NFQL_TAKES(NFQL_U64)));
  EXPECT_THROW(keep.bind("keep(bytes, 3)", &kBytes), Error);
}

std::string add_error(nfql_aggregate function) {
  const nfql_plugin table{NFQL_AGGREGATE_ABI, 1, &function};
  AggregatePlugins plugins;
  try {
    plugins.add(table, "bad.so");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::usage);
    return error.what();
  }
  return "no error";
}

template <class Change>
std::string changed(Change&& change) {
  nfql_aggregate function = sum_from();
  change(function);
  return add_error(function);
}

TEST(AggregatePlugins, TablesAreChecked) {
  using Entry = nfql_aggregate;
  EXPECT_EQ(changed([](Entry&) {}), "no error");
  for (const char* name : {static_cast<const char*>(nullptr), "", "9th", "per cent", "a.b", "_x"}) {
    EXPECT_EQ(changed([&](Entry& f) { f.name = name; }),
              "bad.so: function 1 of its table has no name that a query can call");
  }
  EXPECT_EQ(changed([](Entry& f) { f.name = "SUM"; }),
            "bad.so: 'SUM' is a function of nfql itself");
  for (const std::uint32_t takes : {0U, 1U, 1U << 8, NFQL_TAKES(NFQL_U64) | 1U << 31}) {
    EXPECT_THAT(changed([&](Entry& f) { f.takes = takes; }), HasSubstr("'from' takes no types"));
  }
  EXPECT_THAT(changed([](Entry& f) { f.result = 8; }), HasSubstr("a result of no type"));
  EXPECT_THAT(changed([](Entry& f) { f.arguments = 2; }), HasSubstr("more than one argument"));
  EXPECT_THAT(changed([](Entry& f) { f.state_size = 0; }), HasSubstr("a state of no bytes"));
  EXPECT_THAT(changed([](Entry& f) { f.state_size = 1 << 21; }), HasSubstr("more than 1 MiB"));
  EXPECT_THAT(changed([](Entry& f) { f.add = nullptr; }), HasSubstr("has no 'add'"));
  EXPECT_THAT(changed([](Entry& f) { f.finish = nullptr; }), HasSubstr("no 'finish'"));
  AggregatePlugins plugins;
  EXPECT_THROW(plugins.add({NFQL_AGGREGATE_ABI, 0, nullptr}, "empty.so"), Error);
  OnePlugin twice(sum_from());
  EXPECT_THROW(twice.plugins.add(twice.table, "again.so"), Error);
}

}  // namespace
}  // namespace nfql
