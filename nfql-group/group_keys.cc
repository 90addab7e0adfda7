#include "nfql-group/group_keys.h"

#include <string>
#include <utility>
#include <variant>

#include "common/base/error.h"
#include "common/expr/print.h"

namespace nfql {
namespace {

class Binder {
 public:
  Binder(const ExpressionText& terms, const Schema& flows) : terms_(terms), flows_(flows) {}

  void add(const Expr& expr) {
    if (const auto* all = std::get_if<And>(&expr.node)) {
      for (const Expr& part : all->parts) {
        add(part);
      }
    } else if (const auto* bare = std::get_if<Bare>(&expr.node)) {
      keys_.push_back(key(bare->operand, bare->alias));
    } else if (const auto* comparison = std::get_if<Comparison>(&expr.node)) {
      keys_.push_back(key(*comparison, expr.span));
    } else if (std::holds_alternative<Or>(expr.node)) {
      refuse(expr.span, "'or' between terms (modules)");
    } else if (!std::holds_alternative<Always>(expr.node)) {
      fail_no_term(expr.span);
    }
  }

  [[nodiscard]] std::vector<GroupKey> keys() && { return std::move(keys_); }

 private:
  [[noreturn]] void refuse(Span span, const std::string& thing) const {
    fail_at(terms_.what, terms_.text, span, thing + ": not supported in this version");
  }
  [[noreturn]] void fail_no_term(Span span) const {
    fail_at(terms_.what, terms_.text, span,
            "a group term is a field, or compares a field with one of the flows already grouped",
            "nfql-filter selects flows by their values");
  }

  GroupKey key(const Comparison& comparison, Span span) const {
    if (comparison.op != Op::eq) {
      refuse(span, "comparing with flows already grouped but for equality");
    }
    if (comparison.tolerance != nullptr && !is_zero(*comparison.tolerance)) {
      refuse(comparison.tolerance->span, "a delta in group terms");
    }
    GroupKey left = key(comparison.left, "");
    if (!same_key(left, key(comparison.right, ""))) {
      refuse(span, "comparing two different fields");
    }
    return left;
  }

  static bool is_zero(const Tolerance& tolerance) {
    const auto* amount =
        tolerance.amount ? std::get_if<IntegerLiteral>(&tolerance.amount->node) : nullptr;
    return amount != nullptr && amount->value == 0;
  }

  GroupKey key(const Operand& operand, const std::string& alias) const {
    if (const auto* call = std::get_if<Call>(&operand.node)) {
      return prefix(operand, *call, alias);
    }
    const FieldReader reader = field(operand);
    Field named = reader.field();
    named.name = alias.empty() ? std::get<Name>(operand.node).name : alias;
    if (named.id == element::kDuration) {
      named.id = {};  // the duration of a group is another one, from its own start to its end
    }
    return {reader, named, std::nullopt};
  }

  FieldReader field(const Operand& operand) const {
    const auto* name = std::get_if<Name>(&operand.node);
    if (name == nullptr) {
      fail_no_term(operand.span);
    }
    if (!name->qualifier.empty()) {
      refuse(operand.span, fmt::format("'{}.' in group terms", name->qualifier));
    }
    FieldReader reader = bind_field(flows_, name->name, terms_.what, terms_.text, operand.span);
    if (reader.field().type == Type::set) {
      fail_at(terms_.what, terms_.text, operand.span, "a set cannot be a key of groups");
    }
    return reader;
  }

  GroupKey prefix(const Operand& operand, const Call& call, const std::string& alias) const {
    if (call.function != "prefix") {
      refuse(operand.span, fmt::format("{}() in group terms", call.function));
    }
    if (call.arguments.size() != 2) {
      fail_at(terms_.what, terms_.text, operand.span, "prefix takes an address and a length",
              "for example prefix(srcip, 24)");
    }
    const FieldReader reader = field(call.arguments[0]);
    if (reader.field().type != Type::address) {
      fail_at(terms_.what, terms_.text, call.arguments[0].span, "prefix takes an address");
    }
    const unsigned length = prefix_length(call.arguments[1]);
    Field named = reader.field();
    named.id = {};
    named.name = alias.empty() ? to_text(operand) : alias;
    return {reader, named, length};
  }

  unsigned prefix_length(const Operand& operand) const {
    const auto* length = std::get_if<IntegerLiteral>(&operand.node);
    if (length == nullptr || !length->unit.empty() || length->value < 0 || length->value > 128) {
      fail_at(terms_.what, terms_.text, operand.span,
              "the length of a prefix is a number from 0 to 128");
    }
    return static_cast<unsigned>(length->value);
  }

  const ExpressionText& terms_;
  const Schema& flows_;
  std::vector<GroupKey> keys_;
};

}  // namespace

Column GroupKey::read(const Batch& batch, Batch& scratch) const {
  const Column column = reader_.read(batch, scratch);
  return prefix_length_ ? networks_of(column, *prefix_length_, scratch) : column;
}

std::vector<GroupKey> bind_keys(const ExpressionText& terms, const Schema& flows) {
  Binder binder(terms, flows);
  binder.add(terms.expr);
  return std::move(binder).keys();
}

FieldReader bind_field(const Schema& schema, std::string_view name, std::string_view what,
                       std::string_view text, Span span) {
  std::optional<FieldReader> reader = FieldReader::find(schema, name);
  if (!reader) {
    const std::string nearest = schema.nearest(name);
    fail_at(what, text, span, fmt::format("the input has no field '{}'", name),
            nearest.empty() ? "" : fmt::format("did you mean '{}'?", nearest));
  }
  return *reader;
}

}  // namespace nfql
