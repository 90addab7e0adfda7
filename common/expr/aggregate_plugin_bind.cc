// Which type a plug-in's function is given of a field, and what column its results make.
#include <optional>
#include <utility>

#include "common/base/error.h"
#include "common/expr/aggregate_states.h"
#include "common/expr/parse.h"

namespace nfql {
namespace {

// The type in which values of a field are given; nothing when the function does not take them.
std::optional<Type> given_as(const nfql_aggregate& function, Type type) {
  const auto takes = [&function](Type one) {
    return (function.takes & NFQL_TAKES(static_cast<unsigned>(one))) != 0;
  };
  if (type == Type::set || takes(type)) {
    return type == Type::set ? std::nullopt : std::optional(type);
  }
  const bool is_unsigned =
      type == Type::u8 || type == Type::u16 || type == Type::u32 || type == Type::u64;
  if (is_unsigned && takes(Type::u64)) {
    return Type::u64;
  }
  if (is_unsigned && type != Type::u64 && takes(Type::i64)) {
    return Type::i64;
  }
  const bool is_number = is_unsigned || type == Type::i64;
  return is_number && takes(Type::f64) ? std::optional(Type::f64) : std::nullopt;
}

Field result_of(const nfql_aggregate& function, Type given, const Field& input) {
  if (function.result != NFQL_SAME) {
    const auto type = static_cast<Type>(function.result);
    const Meaning meaning = type == Type::address ? Meaning::address : Meaning::number;
    return {"", {}, type, meaning, type};
  }
  if (given == Type::f64 && input.type != Type::f64) {
    return {"", {}, given, Meaning::number, given};
  }
  return {"", {}, input.type, input.meaning, input.type};
}

void check_argument(const AggregateItem& item, std::string_view text) {
  if (item.plugin->arguments == 0 && !item.argument_text.empty()) {
    fail_at("aggregate", text, item.span,
            fmt::format("'{}' takes a field and nothing else", item.written));
  }
  if (item.plugin->arguments == 1 && item.argument_text.empty()) {
    fail_at("aggregate", text, item.span,
            fmt::format("'{}' takes a field and a number", item.written),
            fmt::format("{}({}, NUMBER)", item.written, item.field));
  }
}

}  // namespace

BoundAggregate bind_plugin(const AggregateItem& item, std::string_view text, const Field* input) {
  const nfql_aggregate& function = *item.plugin;
  if (input == nullptr) {
    fail_at("aggregate", text, item.span, fmt::format("'{}' needs a field", item.written));
  }
  check_argument(item, text);
  const std::optional<Type> given = given_as(function, input->type);
  if (!given) {
    fail_at("aggregate", text, item.field_span,
            fmt::format("'{}' does not take the type of '{}'", item.written, item.field));
  }
  const nfql_request request{static_cast<std::uint32_t>(*given), item.argument};
  const char* reason = function.check == nullptr ? nullptr : function.check(&request);
  if (reason != nullptr) {
    fail_at("aggregate", text, item.span, fmt::format("'{}': {}", item.written, reason));
  }
  Field field = result_of(function, *given, *input);
  field.name = aggregate_name(item);
  auto state = make_plugin_state(function, request, *input, field);
  return {std::move(field), std::move(state)};
}

}  // namespace nfql
