// The branches that a merge expression names, with the places of their names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/expr/ast.h"

namespace nfql {

struct BranchName {
  std::string name;
  Span span;
};

/// In no special order, as often as they stand there. `text` is what `expr` was read from.
[[nodiscard]] std::vector<BranchName> branch_names(const Expr& expr, std::string_view text);

}  // namespace nfql
