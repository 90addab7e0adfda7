// Places in a text, as messages name and show them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/expr/ast.h"

namespace nfql {

/// Line and column of a byte, both from 1; columns count characters, not bytes.
struct TextPlace {
  std::size_t line = 1;
  std::size_t column = 1;
};
[[nodiscard]] TextPlace place_at(std::string_view text, std::size_t at);

/// The line that holds the span, indented, and a line with carets under it; no newline behind. Long
/// lines are cut around the caret, control characters and broken UTF-8 are '?'.
[[nodiscard]] std::string excerpt(std::string_view text, Span span);

/// The text fit for a message: at most `characters` of it, unprintable ones as '?'.
[[nodiscard]] std::string shown(std::string_view text, std::size_t characters);

/// Bytes of the UTF-8 character that `text`, which is not empty, begins with; 1 when it is none.
[[nodiscard]] std::size_t utf8_length(std::string_view text);

}  // namespace nfql
