// Trees as S-expressions, which show every part of them: what tests of the parser compare.
#pragma once

#include <string>

#include "common/expr/ast.h"

namespace nfql::test {

/// E.g. `(and (= srcport (int 80)) (in srcip (prefix 10.0.0.0/104)))`. Written from ast.h alone.
[[nodiscard]] std::string dump(const Expr& expr);
[[nodiscard]] std::string dump(const Operand& operand);

}  // namespace nfql::test
