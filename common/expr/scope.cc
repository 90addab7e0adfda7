#include "common/expr/scope.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "common/base/error.h"
#include "common/base/names.h"
#include "common/expr/aggregate.h"
#include "common/expr/words.h"
#include "common/flow/near_names.h"

namespace nfql {
namespace {

// The functions of an expression itself, for hints.
constexpr std::array<std::string_view, 6> kFunctions = {"prefix", "gap",    "protocol",
                                                        "port",   "bitand", "bitor"};

// Names of functions under which an aggregate may have been asked for.
constexpr std::array<std::string_view, 21> kAggregates = {
    "count",  "sum",  "prod",  "min",    "max",    "first",    "static",
    "last",   "mean", "avg",   "stddev", "median", "quantile", "and",
    "bitand", "or",   "bitor", "xor",    "bitxor", "union",    "unique"};

// All ways to write the field.
std::vector<std::string> spellings(const std::string& name) {
  std::vector<std::string> result = {name};
  const std::optional<ElementId> id = find_element(name);
  if (!id) {
    return result;
  }
  const FieldInfo* info = find_field(*id);
  if (info == nullptr) {
    result.push_back(element_name(*id));
    return result;
  }
  result.emplace_back(info->name);
  result.emplace_back(info->name6);
  result.insert(result.end(), info->aliases.begin(), info->aliases.end());
  result.erase(std::remove(result.begin(), result.end(), std::string()), result.end());
  return result;
}

std::vector<std::string> spellings(const Operand& argument) {
  if (const auto* name = std::get_if<Name>(&argument.node)) {
    return name->qualifier.empty() ? spellings(name->name) : std::vector{full_name(*name)};
  }
  if (const auto* integer = std::get_if<IntegerLiteral>(&argument.node)) {
    return {to_string(integer->value) + integer->unit};
  }
  if (const auto* real = std::get_if<FloatLiteral>(&argument.node)) {
    return {fmt::format("{}{}", real->value, real->unit)};
  }
  return {};
}

// All functions that compute the same aggregate.
std::vector<std::string> synonyms(const std::string& function) {
  std::vector<std::string> result = {function};
  const auto wanted = find_aggregate(function);
  for (const std::string_view other : kAggregates) {
    if (wanted && other != function && find_aggregate(other) == wanted) {
      result.emplace_back(other);
    }
  }
  return result;
}

// Appends `sep` and each of `choices` to each of `texts`.
std::vector<std::string> joined(const std::vector<std::string>& texts, std::string_view sep,
                                const std::vector<std::string>& choices) {
  std::vector<std::string> result;
  for (const std::string& text : texts) {
    for (const std::string& choice : choices) {
      result.push_back(fmt::format("{}{}{}", text, sep, choice));
    }
  }
  return result;
}

// The names that a column of the call may have: `sum_bytes` and `sum(bytes)`, in all spellings.
std::vector<std::string> column_names(const Call& call) {
  std::vector<std::string> named = synonyms(call.function);
  std::vector<std::string> written = joined(named, "(", {""});
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const std::vector<std::string> argument = spellings(call.arguments[i]);
    named = joined(named, "_", argument);
    written = joined(written, i == 0 ? "" : ", ", argument);
  }
  for (const std::string& text : written) {
    named.push_back(text + ")");
  }
  if (call.qualifier.empty()) {
    return named;
  }
  // `g1.sum(bytes)` is of a module, `A.sum(bytes)` of a branch.
  std::vector<std::string> result = joined({call.qualifier}, "_", named);
  const std::vector<std::string> of_branch = joined({call.qualifier}, ".", named);
  result.insert(result.end(), of_branch.begin(), of_branch.end());
  return result;
}

// What most likely gives groups what is wanted of a field: counters add up, flags collect.
std::string_view function_for(const Field& field) {
  const bool counter = field.id == element::kPackets || field.id == element::kOctets ||
                       field.id == element::kFlowCount;
  return counter ? "sum" : field.meaning == Meaning::flags ? "or" : "first";
}

// Whether it is the default name of an aggregate of the field, `sum_bytes`, of `branch` if that is
// not empty.
bool is_aggregate_of(ElementId id, std::string_view column, std::string_view branch) {
  if (!branch.empty()) {
    if (!same_name(column.substr(0, column.find('.')), branch)) {
      return false;
    }
    column.remove_prefix(std::min(branch.size() + 1, column.size()));
  }
  const std::size_t mark = column.find('_');
  if (mark == std::string_view::npos || mark == 0 || !find_aggregate(column.substr(0, mark))) {
    return false;
  }
  return find_element(column.substr(mark + 1)) == id;
}

// Rows of groups, or tuples of several branches' groups.
bool of_groups(const Schema& schema) {
  return has_groups(schema) ||
         std::any_of(schema.fields().begin(), schema.fields().end(),
                     [](const Field& field) { return same_name(field.name, "count"); });
}

std::string listed(const Schema& schema) {
  std::string names;
  for (const Field& field : schema.fields()) {
    names += (names.empty() ? "" : ", ") + field.name;
  }
  return names;
}

std::string did_you_mean(std::string_view name) {
  return name.empty() ? std::string() : fmt::format("did you mean '{}'?", name);
}

}  // namespace

std::string aggregate_hint(const Field& field, const Schema& columns, std::string_view branch) {
  const std::string& name = field.name;
  const std::string add =
      fmt::format("add '{}({}) as {}' to the aggregates{}", function_for(field), name, name,
                  branch.empty() ? "" : fmt::format(" of branch '{}'", branch));
  const auto& fields = columns.fields();
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& column) {
    return is_aggregate_of(field.id, column.name, branch);
  });
  return found == fields.end() ? add : fmt::format("write '{}', or {}", found->name, add);
}

std::string full_name(const Name& name) {
  return name.qualifier.empty() ? name.name : name.qualifier + "." + name.name;
}

std::size_t Scope::add_slot(const FieldReader& reader, std::optional<unsigned> network) {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].reader.field().name == reader.field().name && slots_[i].network == network) {
      return i;
    }
  }
  slots_.push_back({reader, network});
  return slots_.size() - 1;
}

std::optional<FieldReader> Scope::find(const Name& name) const {
  return FieldReader::find(schema_, full_name(name));
}

std::optional<FieldReader> Scope::find(const Call& call) const {
  for (const std::string& name : column_names(call)) {
    if (const auto index = schema_.find(name)) {
      return FieldReader(schema_, *index);
    }
  }
  return std::nullopt;
}

std::string Scope::quoted(Span span) const {
  const std::string_view text = expression_.text;
  const std::size_t begin = std::min(span.begin, text.size());
  return fmt::format("'{}'", text.substr(begin, std::max(span.end, begin) - begin));
}

void Scope::fail(Span span, const std::string& message, std::string hint) const {
  fail_at(expression_.what, expression_.text, span, message, std::move(hint));
}

void Scope::fail_unknown(Span span, const Name& name) const {
  const std::string written = full_name(name);
  const std::optional<ElementId> known = find_element(name.name);
  const bool groups = of_groups(schema_);
  const std::string message = fmt::format(
      "{} '{}'", groups ? "the groups have no column" : "the input has no field", written);
  if (known && groups) {
    fail(span, message, aggregate_hint(field_of(*known), schema_, name.qualifier));
  }
  if (known) {
    fail(span, message);  // spelt right: the names near it are no help
  }
  const std::string near = schema_.nearest(written);
  if (groups && near.empty()) {
    fail(span, message, fmt::format("they have {}", listed(schema_)));
  }
  fail(span, message, groups ? did_you_mean(near) : input_field_hint(schema_, written));
}

void Scope::fail_unknown(Span span, const Call& call) const {
  if (find_aggregate(call.function) && !call.function.empty()) {
    const std::string written = quoted(span);
    fail(span, fmt::format("the input has no column {}", written),
         of_groups(schema_) ? fmt::format("add {} to the aggregates", written) : "");
  }
  std::vector<std::string_view> names(kFunctions.begin(), kFunctions.end());
  names.insert(names.end(), kAggregates.begin(), kAggregates.end());
  fail(span, fmt::format("there is no function '{}'", call.function),
       did_you_mean(nearest_name(call.function, names)));
}

}  // namespace nfql
