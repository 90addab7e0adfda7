// The text form by its tokens: where stages begin, and where what could not be read ends.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "common/query/mapped_text.h"

namespace nfql {

/// `filter req {`: views of the text.
struct StageHead {
  std::string_view kind;
  std::string_view name;
};
[[nodiscard]] std::vector<StageHead> stage_heads(std::string_view text);

/// Whether `filter req {` stands at byte `at`, or `req {`.
[[nodiscard]] bool is_stage_ahead(std::string_view text, std::size_t at);
[[nodiscard]] bool is_named_brace(std::string_view text, std::size_t at);

/// The first byte at or behind `begin` that is no blank and in no comment.
[[nodiscard]] std::size_t skip_blanks(std::string_view text, std::size_t begin);

/// The word that ends where byte `end` begins; empty when none does.
[[nodiscard]] Span word_before(std::string_view text, std::size_t end);

/// The last parenthesis in the span that is opened and not closed in it, and not its first byte.
[[nodiscard]] std::optional<std::size_t> open_parenthesis(std::string_view text, Span span);

/// Where reading may go on after a statement that begins at `begin` and went wrong at `at`: behind
/// its braces, or its line when it has none; at the next line that begins with a stage if its
/// braces are not closed before. Nothing when the text ends within its braces.
[[nodiscard]] std::optional<std::size_t> skip_statement(std::string_view text, std::size_t begin,
                                                        std::size_t at);

/// Adds bytes [begin, end) of the text, an expression or part of one, with one blank for each
/// stretch of blanks and comments.
void add_tidy(MappedText& to, std::string_view text, Span span);

}  // namespace nfql
