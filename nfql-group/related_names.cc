#include "nfql-group/related_names.h"

#include <array>
#include <span>
#include <utility>

#include "common/base/error.h"
#include "common/base/names.h"
#include "common/expr/computed.h"
#include "common/expr/predicate.h"
#include "nfql-group/group_keys.h"

namespace nfql::relate {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"first", "last", "min", "max", "joining"};
// Those that people write: a bare name is of the flow that may join.
constexpr std::span<const std::string_view> kWritten(kNames.data(), 4);

bool is_gap(const Call& call) {
  return call.function == "gap" && call.arguments.size() == 2;
}

bool has_gap(const Operand& operand) {
  if (const auto* call = std::get_if<Call>(&operand.node)) {
    return is_gap(*call);
  }
  const auto* binary = std::get_if<Binary>(&operand.node);
  return binary != nullptr && (has_gap(*binary->left) || has_gap(*binary->right));
}

bool has_qualified(const Operand& operand) {
  bool found = false;
  each_name(operand, [&](const Name& name, Span) { found = found || !name.qualifier.empty(); });
  return found;
}

}  // namespace

std::string_view name_of(Of of) {
  return kNames[static_cast<std::size_t>(of)];
}

std::optional<Of> source_named(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (same_name(kNames[i], name)) {
      return static_cast<Of>(i);
    }
  }
  return std::nullopt;
}

std::optional<Of> Sources::only() const {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (bits_ == bit(static_cast<Of>(i))) {
      return static_cast<Of>(i);
    }
  }
  return std::nullopt;
}

void strip(Operand& operand) {
  each_name(operand, [](Name& name, Span) { name.qualifier.clear(); });
}

// What bare names are of.
struct RelatedNames::Roles {
  Of bare;
  std::optional<Of> before_gap;  // of x in gap(x, y), where that is another
};

RelatedNames::RelatedNames(const ExpressionText& source, const Schema& flows)
    : source_(source), flows_(flows) {
  for (const std::string_view name : kNames) {
    for (Field field : flows.fields()) {
      field.name = fmt::format("{}.{}", name, field.name);
      schema_.add(std::move(field));
    }
  }
}

void RelatedNames::fail_here(Span span, std::string_view message, std::string hint) const {
  fail_at(source_.what, source_.text, span, message, std::move(hint));
}

void RelatedNames::fail_no_term(Span span, std::string hint) const {
  fail_here(span,
            "a group term is a field, or compares a field with one of the flows already grouped",
            hint.empty() ? "nfql-filter selects flows by their values" : std::move(hint));
}

bool RelatedNames::is_field(const Name& name) const {
  return !name.qualifier.empty() || FieldReader::find(flows_, name.name).has_value();
}

const Name* RelatedNames::find_field(const Operand& operand) const {
  const Name* found = nullptr;
  each_name(operand, [&](const Name& name, Span) {
    found = found == nullptr && is_field(name) ? &name : found;
  });
  return found;
}

Of RelatedNames::source_of(const Name& name, Span span) const {
  const auto of = source_named(name.qualifier);
  if (!of || *of == Of::joining) {
    const std::string_view near = nearest_name(name.qualifier, kWritten);
    fail_here(span, fmt::format("'{}.' is no flow of the group", name.qualifier),
              near.empty() ? "the names are first, last, min and max"
                           : fmt::format("did you mean '{}.{}'?", near, name.name));
  }
  return *of;
}

void RelatedNames::check_key(const Operand& operand) const {
  each_name(operand, [this](const Name& name, Span span) {
    if (name.qualifier.empty()) {
      return;
    }
    static_cast<void>(source_of(name, span));
    fail_here(span, "a key is a field of the flow itself",
              fmt::format("write '{0}', or compare it with the other: '{1}.{0} = {0}'", name.name,
                          name.qualifier));
  });
}

void RelatedNames::qualify(Name& name, Span span, Of bare, Sources& sources) {
  if (!is_field(name)) {
    return;
  }
  const Of of = name.qualifier.empty() ? bare : source_of(name, span);
  const FieldReader reader = bind_field(flows_, name.name, source_.what, source_.text, span);
  if (!reader.column() && reader.field().id != element::kDuration) {
    fail_here(span, fmt::format("'{}' is 1 in every flow of this input", name.name));
  }
  name.qualifier = name_of(of);
  add_columns(reader, flows_, columns_);
  sources.add(of);
}

void RelatedNames::qualify(Operand& operand, const Roles& roles, Sources& sources) {
  if (auto* name = std::get_if<Name>(&operand.node)) {
    qualify(*name, operand.span, roles.bare, sources);
  } else if (auto* binary = std::get_if<Binary>(&operand.node)) {
    qualify(*binary->left, roles, sources);
    qualify(*binary->right, roles, sources);
  } else if (auto* call = std::get_if<Call>(&operand.node)) {
    if (is_gap(*call) && roles.before_gap) {
      qualify(call->arguments[0], {*roles.before_gap, std::nullopt}, sources);
      qualify(call->arguments[1], {Of::joining, std::nullopt}, sources);
    } else if (call->function != "protocol" && call->function != "port") {  // these take words
      for (Operand& argument : call->arguments) {
        qualify(argument, roles, sources);
      }
    }
  }
}

// Perhaps the other side is only misspelt.
void RelatedNames::fail_no_relation(Comparison&& term, std::string name, Span span) const {
  ExpressionText text{source_.what, source_.text, {span, {}}};
  if (term.tolerance != nullptr) {
    term.tolerance->relative = false;
  }
  text.expr.node = std::move(term);
  static_cast<void>(Predicate(text, flows_));
  fail_no_term(span, fmt::format("nfql-filter selects flows by their values; 'first.{}' and "
                                 "'last.{}' are of flows already grouped",
                                 name, name));
}

Sources RelatedNames::resolve(Comparison& term, Span span) {
  Sources sources;
  const bool relative = term.tolerance != nullptr && term.tolerance->relative;
  if (has_qualified(term.left) || has_qualified(term.right)) {
    const Roles roles{Of::joining, std::nullopt};
    qualify(term.left, roles, sources);
    qualify(term.right, roles, sources);
    if (relative && (sources.has(Of::first) || sources.has(Of::min) || sources.has(Of::max))) {
      fail_here(term.tolerance->span,
                "rdelta looks at the flow added last, and a name here does not", "write 'delta'");
    }
    return sources;
  }
  const Name* left = find_field(term.left);
  if (left != nullptr && find_field(term.right) == nullptr && !has_gap(term.left)) {
    fail_no_relation(std::move(term), left->name, span);
  }
  const Of old = relative ? Of::last : Of::first;
  qualify(term.left, {old, old}, sources);
  qualify(term.right, {Of::joining, old}, sources);
  return sources;
}

Sources RelatedNames::resolve(Operand& left, Operand& right, Span span) {
  if (!has_qualified(left) && !has_qualified(right) && !has_gap(left)) {
    fail_no_term(span);
  }
  Sources sources;
  const bool gap = !has_qualified(left) && !has_qualified(right);
  const Roles roles{Of::joining, gap ? std::optional(Of::first) : std::nullopt};
  qualify(left, roles, sources);
  qualify(right, roles, sources);
  return sources;
}

std::optional<Of> RelatedNames::key_source(const Operand& operand) const {
  if (const auto* call = std::get_if<Call>(&operand.node)) {
    return call->function == "prefix" && !call->arguments.empty() ? key_source(call->arguments[0])
                                                                  : std::nullopt;
  }
  const auto* name = std::get_if<Name>(&operand.node);
  return name == nullptr ? std::nullopt : source_named(name->qualifier);
}

}  // namespace nfql::relate
