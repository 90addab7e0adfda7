// Which flow each name in a group term is of: one of the group's, or the one that may join it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/expr/parse.h"
#include "common/flow/schema.h"

namespace nfql::relate {

/// A flow of a group, one of its running extremes, or the flow that may join it.
enum class Of : std::uint8_t { first, last, min, max, joining };

/// A set of these.
class Sources {
 public:
  void add(Of of) { bits_ |= bit(of); }
  [[nodiscard]] bool has(Of of) const { return (bits_ & bit(of)) != 0; }
  /// The only one; nothing when there are several or none.
  [[nodiscard]] std::optional<Of> only() const;
  [[nodiscard]] bool empty() const { return bits_ == 0; }
  /// Whether there is none but perhaps this one.
  [[nodiscard]] bool none_but(Of of) const { return (bits_ & ~bit(of)) == 0; }

 private:
  static constexpr unsigned bit(Of of) { return 1U << static_cast<unsigned>(of); }

  unsigned bits_ = 0;
};

/// Resolves the names of one text. All that is wrong with them is an Error(Exit::usage) with a
/// caret.
///
/// Where a term has a qualified name, such are of the group and all others of the joining flow.
/// Else the left side is of the group's first flow (with `rdelta` of its last) and the right side
/// of the joining one; in gap(x, y) so are x and y.
class RelatedNames {
 public:
  /// Both must outlive this.
  RelatedNames(const ExpressionText& source, const Schema& flows);

  /// The fields of flows under the names that resolved names have, of all sources:
  /// `last.end`, `joining.start` …
  [[nodiscard]] const Schema& schema() const { return schema_; }
  [[nodiscard]] const Schema& flows() const { return flows_; }
  [[nodiscard]] const ExpressionText& source() const { return source_; }

  /// Gives each field its source as the qualifier, and returns which there are. Words that are no
  /// fields stay as they are.
  [[nodiscard]] Sources resolve(Comparison& term, Span span);
  /// The same of a term that looks its left side up in its right one.
  [[nodiscard]] Sources resolve(Operand& left, Operand& right, Span span);
  /// The flows' columns that resolved names read.
  [[nodiscard]] const std::vector<std::size_t>& columns() const { return columns_; }
  /// Whether an operand that is no term by itself may be one side of an equality of keys: a field,
  /// or the network of one. It is that of the flow with the field's qualifier.
  [[nodiscard]] std::optional<Of> key_source(const Operand& operand) const;

  /// That the fields of a key have no qualifier: it is the flow's own value that makes a group.
  void check_key(const Operand& operand) const;

  [[noreturn]] void fail_here(Span span, std::string_view message, std::string hint = {}) const;
  [[noreturn]] void fail_no_term(Span span, std::string hint = {}) const;

 private:
  struct Roles;

  [[noreturn]] void fail_no_relation(Comparison&& term, std::string name, Span span) const;
  [[nodiscard]] bool is_field(const Name& name) const;
  [[nodiscard]] const Name* find_field(const Operand& operand) const;
  void qualify(Operand& operand, const Roles& roles, Sources& sources);
  void qualify(Name& name, Span span, Of bare, Sources& sources);
  [[nodiscard]] Of source_of(const Name& name, Span span) const;

  const ExpressionText& source_;
  const Schema& flows_;
  Schema schema_;
  std::vector<std::size_t> columns_;
};

/// The name of a source as names have it: `first`, … `joining`.
[[nodiscard]] std::string_view name_of(Of of);
/// The source of that name.
[[nodiscard]] std::optional<Of> source_named(std::string_view name);

/// Takes all qualifiers off.
void strip(Operand& operand);

/// Calls visit(name, span) for each name that may be a field.
template <class AnyOperand, class Visit>
void each_name(AnyOperand& operand, const Visit& visit) {
  if (auto* name = std::get_if<Name>(&operand.node)) {
    visit(*name, operand.span);
  } else if (auto* binary = std::get_if<Binary>(&operand.node)) {
    each_name(*binary->left, visit);
    each_name(*binary->right, visit);
  } else if (auto* call = std::get_if<Call>(&operand.node)) {
    for (auto& argument : call->arguments) {
      each_name(argument, visit);
    }
  }
}

}  // namespace nfql::relate
