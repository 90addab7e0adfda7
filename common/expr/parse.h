// Text to trees, for every place where the language has expressions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/expr/ast.h"

namespace nfql {

/// Which terms a text may have.
enum class Grammar : std::uint8_t {
  filter,       ///< flow and group filters: names without qualifier
  group_terms,  ///< bare operands, `rdelta`, `first.x`, `last.x`, `max.x`, `min.x`
  merge,        ///< `A.field`, Allen terms
};

/// Parses an expression. `what` is how messages call the text ("filter", "merge expression" …).
/// Blank text gives `Always`. Throws Error(Exit::usage) whose message holds the text with a caret
/// under the place (see fail_at()).
[[nodiscard]] Expr parse_expression(std::string_view text, Grammar grammar, std::string_view what);

/// Parses a comma-separated list of aggregates; blank text gives none. Throws as parse_expression.
[[nodiscard]] std::vector<AggregateItem> parse_aggregates(std::string_view text);

/// Throws Error(Exit::usage): "WHAT: MESSAGE", then the line of `text` that holds the span and a
/// caret line under it; `hint` as of Error.
[[noreturn]] void fail_at(std::string_view what, std::string_view text, Span span,
                          std::string_view message, std::string hint = {});

/// An expression and the text it came from, which messages quote.
struct ExpressionText {
  std::string what;
  std::string text;
  Expr expr;
};
[[nodiscard]] ExpressionText parse(std::string text, Grammar grammar, std::string what);

}  // namespace nfql
