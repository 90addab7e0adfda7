// Trees to text: the one way of writing an expression, which parses back to the same tree.
#pragma once

#include <string>

#include "common/expr/ast.h"

namespace nfql {

// For trees that the parser could have made; spans are not looked at. Blanks, comments, needless
// parentheses and the spelling of operators and keywords are gone, names and times as written.

[[nodiscard]] std::string to_text(const Expr& expr);
/// E.g. `prefix(srcip, 16)`, the column name of a key.
[[nodiscard]] std::string to_text(const Operand& operand);
/// E.g. `quantile(bytes, 0.9) as q`.
[[nodiscard]] std::string to_text(const AggregateItem& item);

}  // namespace nfql
