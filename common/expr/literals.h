// Literals of the expression language: from the text that the grammar took for one to its value.
#pragma once

#include <string>
#include <string_view>

#include "common/expr/ast.h"
#include "common/expr/expression_source.h"

namespace nfql {

// Each throws Error(Exit::usage) with a caret when the text has the shape but not a value.

/// `10`, `-5`, `0x13`, `4Ki`, `30s`; at least the smallest i64, at most the largest u64.
[[nodiscard]] IntegerLiteral read_integer(const ExpressionSource& source, Span span);
/// `1.5`, `2e6`, `0.5s`, `1.5M`.
[[nodiscard]] FloatLiteral read_float(const ExpressionSource& source, Span span);
[[nodiscard]] Address read_address(const ExpressionSource& source, Span span);
[[nodiscard]] Prefix read_prefix(const ExpressionSource& source, Span span);
/// A date or time, as parse_time() takes it.
[[nodiscard]] WordLiteral read_time(const ExpressionSource& source, Span span);
/// Between quotes; `\"` and `\\` are a quote and a backslash.
[[nodiscard]] std::string read_string(const ExpressionSource& source, Span span);

}  // namespace nfql
