// A text put together from pieces of a query's source, which remembers where each came from.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/expr/parse.h"
#include "common/query/problems.h"

namespace nfql {

class MappedText {
 public:
  /// Adds bytes that stand in the source from `source` on.
  void add(std::string_view text, std::size_t source) {
    const bool goes_on =
        !pieces_.empty() && pieces_.back().source + (text_.size() - pieces_.back().begin) == source;
    if (!goes_on) {
      pieces_.push_back({text_.size(), source});
    }
    text_ += text;
  }
  /// Adds bytes of our own: a mistake in them is shown where the text before them ends.
  void add(std::string_view text) { text_ += text; }
  /// Adds another text with its places.
  void add(const MappedText& other) {
    for (const TextPiece& piece : other.pieces_) {
      pieces_.push_back({text_.size() + piece.begin, piece.source});
    }
    text_ += other.text_;
  }

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

  /// The text for messages, expressions and mistakes in them; not parsed.
  [[nodiscard]] ExpressionText take(std::string what) && {
    return {std::move(what), std::move(text_), {}, std::move(pieces_)};
  }

 private:
  std::string text_;
  std::vector<TextPiece> pieces_;
};

/// The text as an expression that messages call `what`; nothing when it is none, which `problems`
/// then says.
[[nodiscard]] inline std::optional<ExpressionText> parse(MappedText&& text, Grammar grammar,
                                                         std::string what, Problems& problems) {
  ExpressionText result = std::move(text).take(std::move(what));
  try {
    result.expr = parse_expression(result.text, grammar, result.what);
    return result;
  } catch (const TextError& error) {
    problems.add(error, result);
    return std::nullopt;
  }
}

}  // namespace nfql
