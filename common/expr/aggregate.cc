#include "common/expr/aggregate.h"

#include <cassert>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/base/names.h"
#include "common/expr/aggregate_states.h"
#include "common/expr/parse.h"

namespace nfql {
namespace {

using Function = AggregateFunction;

struct NamedFunction {
  std::string_view name;
  Function function;
};

constexpr NamedFunction kFunctions[] = {
    {"count", Function::count_known}, {"sum", Function::sum},         {"prod", Function::prod},
    {"min", Function::min},           {"max", Function::max},         {"first", Function::first},
    {"static", Function::first},      {"last", Function::last},       {"mean", Function::mean},
    {"avg", Function::mean},          {"stddev", Function::stddev},   {"median", Function::median},
    {"quantile", Function::quantile}, {"and", Function::bit_and},     {"bitAND", Function::bit_and},
    {"or", Function::bit_or},         {"bitOR", Function::bit_or},    {"xor", Function::bit_xor},
    {"bitXOR", Function::bit_xor},    {"union", Function::union_set}, {"unique", Function::unique},
};

bool is_integer(Type type) {
  return type != Type::f64 && type != Type::address && type != Type::set;
}

bool is_number(const Field& field) {
  return field.type != Type::address && field.type != Type::set && field.meaning != Meaning::time &&
         field.meaning != Meaning::address && field.meaning != Meaning::mac;
}

// The result of a function that gives a point on the scale of its input.
Field on_scale(const Field& input) {
  if (input.meaning == Meaning::time) {
    return {input.name, {}, Type::i64, Meaning::time, Type::i64};
  }
  const Meaning meaning = input.meaning == Meaning::duration ? Meaning::duration : Meaning::number;
  return {input.name, {}, Type::f64, meaning, Type::f64};
}

Field sum_field(const Field& input) {
  const bool duration = input.meaning == Meaning::duration;
  const Type type = input.type == Type::f64               ? Type::f64
                    : duration || input.type == Type::i64 ? Type::i64
                                                          : Type::u64;
  return {input.name, {}, type, duration ? Meaning::duration : Meaning::number, type};
}

Field result_field(Function function, const Field& input) {
  switch (function) {
    case Function::count:
    case Function::count_known:
    case Function::unique:
      return {input.name, {}, Type::u64, Meaning::number, Type::u64};
    case Function::sum:
      return sum_field(input);
    case Function::prod:
      return {input.name, {}, Type::f64, Meaning::number, Type::f64};
    case Function::mean:
    case Function::stddev:
    case Function::median:
    case Function::quantile:
      return on_scale(input);
    case Function::union_set:
      return {input.name, {}, Type::set, input.meaning, input.type};
    case Function::min:
    case Function::max:
    case Function::first:
    case Function::last:
    case Function::bit_and:
    case Function::bit_or:
    case Function::bit_xor:
      break;
  }
  return {input.name, {}, input.type, input.meaning, input.type};
}

std::unique_ptr<Aggregate> make_state(Function function, const Field& input, const Field& result,
                                      double argument) {
  switch (function) {
    case Function::count:
      return make_count_state();
    case Function::count_known:
      return make_count_known_state();
    case Function::sum:
      if (input.type != Type::f64) {
        return make_sum_state(input, result);
      }
      break;
    case Function::mean:
      if (input.type != Type::f64) {
        return make_mean_state(input, result);
      }
      break;
    case Function::min:
    case Function::max:
      return make_extreme_state(function, input, result);
    case Function::first:
    case Function::last:
      return make_ordered_state(function, input, result);
    case Function::bit_and:
    case Function::bit_or:
    case Function::bit_xor:
      return make_bits_state(function, input, result);
    case Function::prod:
    case Function::stddev:
    case Function::median:
    case Function::quantile:
      break;
    case Function::union_set:
    case Function::unique:
      return make_distinct_state(function, input, result);
  }
  return make_statistic_state(function, input, result, argument);
}

std::string_view noun(const Field& field) {
  switch (field.meaning) {
    case Meaning::time:
      return "a time";
    case Meaning::address:
      return "an address";
    case Meaning::mac:
      return "a MAC address";
    default:
      return field.type == Type::set ? "a set" : field.type == Type::f64 ? "a real" : "a number";
  }
}

Function checked_function(const AggregateItem& item, std::string_view text) {
  const auto function = find_aggregate(item.function);
  if (!function) {
    fail_unknown_aggregate(item, text, {});
  }
  return *function;
}

void check_argument(const AggregateItem& item, std::string_view text, Function function) {
  if (function == Function::quantile) {
    if (item.argument_text.empty()) {
      fail_at("aggregate", text, item.span, "quantile needs the rank that it is to give",
              fmt::format("for example quantile({}, 0.9)", item.field));
    }
    if (!(item.argument >= 0 && item.argument <= 1)) {
      fail_at("aggregate", text, item.span,
              fmt::format("the rank of quantile is {}, not from 0 to 1", item.argument_text));
    }
  } else if (!item.argument_text.empty()) {
    fail_at("aggregate", text, item.span,
            fmt::format("'{}' takes a field and nothing else", item.written));
  }
}

// Start, end and duration of a group are others than those of a flow in it.
bool is_group_own(ElementId id) {
  return id == element::kStart || id == element::kEnd || id == element::kDuration ||
         id == element::kCount;
}

bool keeps_id(const AggregateItem& item, Function function, const Field& input) {
  if (!input.id.any() || is_group_own(input.id)) {
    return false;
  }
  switch (function) {
    case Function::first:
      if (item.qualifier.empty()) {
        return true;
      }
      break;
    case Function::count:
    case Function::count_known:
    case Function::union_set:
    case Function::unique:
      return false;  // no values of the field
    default:
      break;
  }
  const FieldInfo* info = find_field(item.alias);
  return !item.alias.empty() &&
         (same_name(item.alias, input.name) || (info != nullptr && info->id == input.id));
}

}  // namespace

std::optional<AggregateFunction> find_aggregate(std::string_view name) {
  if (name.empty()) {
    return Function::first;
  }
  for (const NamedFunction& named : kFunctions) {
    if (same_name(named.name, name)) {
      return named.function;
    }
  }
  return std::nullopt;
}

void fail_unknown_aggregate(const AggregateItem& item, std::string_view text,
                            std::vector<std::string_view> others) {
  if (same_name(item.function, "prefix")) {
    fail_at("aggregate", text, item.span, "a prefix is a key of groups, no aggregate",
            fmt::format("put 'prefix({}, {})' among the terms: it is a column then", item.field,
                        item.argument_text.empty() ? "24" : item.argument_text));
  }
  const bool no_plugins = others.empty();
  for (const NamedFunction& named : kFunctions) {
    others.push_back(named.name);
  }
  const std::string_view nearest = nearest_name(item.function, others);
  fail_at("aggregate", text, item.span,
          fmt::format("unknown aggregate function '{}'", item.written),
          !nearest.empty() ? fmt::format("did you mean '{}'?", nearest)
          : no_plugins     ? "functions of a plug-in need its --plugin FILE"
                           : "");
}

std::string aggregate_name(const AggregateItem& item) {
  if (!item.alias.empty()) {
    return item.alias;
  }
  std::string name = item.qualifier.empty() ? "" : item.qualifier + "_";
  if (item.function.empty() || item.field.empty()) {
    return name + (item.function.empty() ? item.field : item.function);
  }
  name += item.written + "_" + item.field;
  return item.argument_text.empty() ? name : name + "_" + item.argument_text;
}

std::string_view refusal(AggregateFunction function, const Field& input) {
  if (input.type == Type::set) {
    return "takes no sets";
  }
  switch (function) {
    case Function::sum:
    case Function::prod:
    case Function::stddev:
      return is_number(input) ? "" : "takes numbers and durations";
    case Function::mean:
    case Function::median:
    case Function::quantile:
      return is_number(input) || input.meaning == Meaning::time
                 ? ""
                 : "takes numbers, durations and times";
    case Function::bit_and:
    case Function::bit_or:
    case Function::bit_xor:
      return is_integer(input.type) && input.meaning != Meaning::time &&
                     input.meaning != Meaning::duration
                 ? ""
                 : "takes integers";
    default:
      return "";
  }
}

BoundAggregate make_aggregate(AggregateFunction function, const Field& input, double argument) {
  assert(refusal(function, input).empty());
  Field field = result_field(function, input);
  std::unique_ptr<Aggregate> state = make_state(function, input, field, argument);
  return {std::move(field), std::move(state)};
}

BoundAggregate bind_aggregate(const AggregateItem& item, std::string_view text,
                              const Field* input) {
  if (item.plugin != nullptr) {
    return bind_plugin(item, text, input);
  }
  Function function = checked_function(item, text);
  check_argument(item, text, function);
  if (input == nullptr) {
    if (function != Function::count_known) {
      fail_at("aggregate", text, item.span, fmt::format("'{}' needs a field", item.written));
    }
    function = Function::count;
  }
  const Field none;
  const Field& from = input == nullptr ? none : *input;
  const std::string_view reason = refusal(function, from);
  if (!reason.empty()) {
    fail_at("aggregate", text, item.field_span,
            fmt::format("'{}' {}, and '{}' is {}", item.function.empty() ? "first" : item.written,
                        reason, item.field, noun(from)));
  }
  BoundAggregate bound = make_aggregate(function, from, item.argument);
  bound.field.name = aggregate_name(item);
  if (keeps_id(item, function, from)) {
    bound.field.id = from.id;
  }
  return bound;
}

}  // namespace nfql
