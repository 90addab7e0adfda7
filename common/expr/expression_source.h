// The text that is being parsed: pieces of it as messages quote them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/expr/ast.h"

namespace nfql {

/// A text and what messages call it; views, so neither may be longer than the call that parses.
class ExpressionSource {
 public:
  ExpressionSource(std::string_view what, std::string_view text) : what_(what), text_(text) {}

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::string_view at(Span span) const {
    return text_.substr(span.begin, span.end - span.begin);
  }
  /// The piece in quotes, fit for a message: cut when long, control characters as '?'.
  [[nodiscard]] std::string quoted(Span span) const;
  /// The token at `position`: a word, operator characters, or one character.
  [[nodiscard]] Span token_at(std::size_t position) const;

  /// Throws as fail_at() does, with the hint of habit_hint() where that knows better.
  [[noreturn]] void fail(Span span, std::string_view message, std::string hint = {}) const;
  /// "expected THING after LAST", with the caret behind the token `last`.
  [[noreturn]] void fail_expected(std::string_view thing, Span last) const;

 private:
  std::string_view what_;
  std::string_view text_;
};

}  // namespace nfql
