#include "nfql-group/group_keys.h"

#include <string>
#include <utility>
#include <variant>

#include "common/base/error.h"
#include "common/flow/near_names.h"

namespace nfql {
namespace {

// Binds one operand.
class KeyBinder {
 public:
  KeyBinder(const ExpressionText& source, const Schema& flows) : source_(source), flows_(flows) {}

  [[nodiscard]] GroupKey bind(const Operand& operand, const std::string& alias) const {
    if (const auto* call = std::get_if<Call>(&operand.node)) {
      return prefix(operand, *call, alias);
    }
    const FieldReader reader = field(operand);
    Field named = reader.field();
    named.name = alias.empty() ? std::get<Name>(operand.node).name : alias;
    if (named.id == element::kDuration) {
      named.id = {};  // the duration of a group is another one, from its own start to its end
    }
    return {reader, named, std::nullopt, operand.span};
  }

 private:
  [[noreturn]] void fail_here(Span span, const std::string& message, std::string hint = {}) const {
    fail_at(source_.what, source_.text, span, message, std::move(hint));
  }

  [[nodiscard]] FieldReader field(const Operand& operand) const {
    const auto* name = std::get_if<Name>(&operand.node);
    if (name == nullptr) {
      fail_here(operand.span, "a key is a field or the network of an address",
                "for example srcip or prefix(srcip, 24)");
    }
    FieldReader reader = bind_field(flows_, name->name, source_.what, source_.text, operand.span);
    if (reader.field().type == Type::set) {
      fail_here(operand.span, "a set cannot be a key of groups");
    }
    return reader;
  }

  [[nodiscard]] GroupKey prefix(const Operand& operand, const Call& call,
                                const std::string& alias) const {
    if (call.function != "prefix") {
      fail_here(operand.span, fmt::format("{}() is no key of groups", call.function),
                "a key is a field or prefix(ADDRESS, LENGTH); compare others, for example "
                "gap(last.end, start) < 30s");
    }
    if (call.arguments.size() != 2) {
      fail_here(operand.span, "prefix takes an address and a length",
                "for example prefix(srcip, 24)");
    }
    const FieldReader reader = field(call.arguments[0]);
    if (reader.field().type != Type::address) {
      fail_here(call.arguments[0].span, "prefix takes an address");
    }
    const unsigned length = prefix_length(call.arguments[1]);
    Field named = reader.field();
    named.id = {};
    const std::string& address = std::get<Name>(call.arguments[0].node).name;
    named.name = alias.empty() ? fmt::format("prefix({}, {})", address, length) : alias;
    return {reader, named, length, operand.span};
  }

  [[nodiscard]] unsigned prefix_length(const Operand& operand) const {
    const auto* length = std::get_if<IntegerLiteral>(&operand.node);
    if (length == nullptr || !length->unit.empty() || length->value < 0 || length->value > 128) {
      fail_here(operand.span, "the length of a prefix is a number from 0 to 128");
    }
    return static_cast<unsigned>(length->value);
  }

  const ExpressionText& source_;
  const Schema& flows_;
};

}  // namespace

Column GroupKey::read(const Batch& batch, Batch& scratch) const {
  const Column column = reader_.read(batch, scratch);
  return prefix_length_ ? networks_of(column, *prefix_length_, scratch) : column;
}

GroupKey bind_key(const ExpressionText& source, const Schema& flows, const Operand& operand,
                  const std::string& alias) {
  return KeyBinder(source, flows).bind(operand, alias);
}

FieldReader bind_field(const Schema& schema, std::string_view name, std::string_view what,
                       std::string_view text, Span span) {
  std::optional<FieldReader> reader = FieldReader::find(schema, name);
  if (!reader) {
    fail_at(what, text, span, fmt::format("the input has no field '{}'", name),
            input_field_hint(schema, name));
  }
  return *reader;
}

void add_columns(const FieldReader& reader, const Schema& flows,
                 std::vector<std::size_t>& columns) {
  if (const auto column = reader.column()) {
    columns.push_back(*column);
  } else if (reader.field().id == element::kDuration) {
    columns.push_back(*flows.find("start"));
    columns.push_back(*flows.find("end"));
  }
}

}  // namespace nfql
