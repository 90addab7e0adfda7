// The names in a merge expression: branches, their columns, and words that are neither.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/expr/parse.h"
#include "nfql-merge/terms.h"

namespace nfql::merge {

/// Resolves what an expression names. Whatever is not there is an Error(Exit::usage) with a caret.
class NameBinder {
 public:
  /// The branches must outlive this.
  NameBinder(const ExpressionText& source, const std::vector<Branch>& branches)
      : source_{source.what, source.text, {}}, branches_(branches) {}

  [[nodiscard]] const ExpressionText& source() const { return source_; }
  /// Turns all names in the operand into exactly those of columns, which are added to leaf.columns,
  /// or into words.
  void bind(Operand& operand, Leaf& leaf) const;
  [[nodiscard]] std::size_t find_branch(std::string_view name, Span span) const;
  /// The start or the end of a branch's groups.
  [[nodiscard]] ColumnRef find_time(std::size_t branch, ElementId id, Span span) const;
  [[noreturn]] void fail_here(Span span, const std::string& message, std::string hint = {}) const;

 private:
  void bind_name(Name& name, Span span, Leaf& leaf) const;
  void bind_word(Operand& operand) const;
  void bind_call(Operand& operand, Leaf& leaf) const;
  [[noreturn]] void fail_no_column(const Branch& branch, const std::string& name, Span span) const;

  ExpressionText source_;  // without the tree
  const std::vector<Branch>& branches_;
};

/// A column as terms name it: `A.srcip`.
[[nodiscard]] Field qualified(const Branch& branch, std::size_t column);

template <class T>
void insert_once(std::vector<T>& values, const T& value) {
  if (std::find(values.begin(), values.end(), value) == values.end()) {
    values.push_back(value);
  }
}

}  // namespace nfql::merge
