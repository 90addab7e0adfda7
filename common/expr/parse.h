// Text to trees, for every place where the language has expressions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.h"
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

/// An expression within a larger text; the spans are of that.
struct Rule {
  Span span;
  Expr expr;
};
/// Reads the one that begins at byte `begin`, as far as it goes; nothing when none begins there. A
/// bare name that is one of `names` is a term of its own, a Bare. Throws as parse_expression.
[[nodiscard]] std::optional<Rule> parse_rule(std::string_view text, std::size_t begin,
                                             Grammar grammar,
                                             std::span<const std::string_view> names);
/// Where the list of aggregates that begins at byte `begin` ends; `begin` when none begins there.
/// Throws as parse_expression.
[[nodiscard]] std::size_t end_of_aggregates(std::string_view text, std::size_t begin);

/// What is wrong, and where in the text that was read.
struct TextFault {
  std::string what;  ///< how messages call the text
  Span span;
  std::string message;
};

/// An error that still knows its place, for who knows where in a larger text that one stands.
class TextError : public Error {
 public:
  /// what() is "WHAT: MESSAGE", the line of `text` that holds the span, and a line with carets.
  TextError(TextFault fault, std::string_view text, std::string hint);

  [[nodiscard]] const TextFault& fault() const { return fault_; }

 private:
  TextFault fault_;
};

/// Throws TextError: Error(Exit::usage), "WHAT: MESSAGE", then the line of `text` that holds the
/// span and a caret line under it; `hint` as of Error.
[[noreturn]] void fail_at(std::string_view what, std::string_view text, Span span,
                          std::string_view message, std::string hint = {});

/// The bytes of a text from `begin` to the next piece stand in a larger one from `source` on.
struct TextPiece {
  std::size_t begin = 0;
  std::size_t source = 0;
};

/// An expression and the text it came from, which messages quote.
struct ExpressionText {
  std::string what;
  std::string text;
  Expr expr;
  std::vector<TextPiece> pieces = {};  ///< of a text taken from a query, ascending
};
[[nodiscard]] ExpressionText parse(std::string text, Grammar grammar, std::string what);

}  // namespace nfql
