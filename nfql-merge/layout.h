// Which branches are in the output of a merge, and the order in which all are held.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/expr/parse.h"
#include "nfql-merge/terms.h"

namespace nfql::merge {

struct Layout {
  std::vector<Branch> branches;     ///< those in the output first; else in the order given
  std::vector<std::size_t> places;  ///< by branch as given: where it is in `branches`
  std::size_t outputs = 0;          ///< how many branches are in the output
};

/// In the output are the branches that `expr` names and those that no expression names; if `expr`
/// names none, those that no except-expression names.
/// Throws Error(Exit::usage) for names used twice, whatever their case, for what bind_terms() does,
/// and when no branch is left.
[[nodiscard]] Layout lay_out(std::vector<Branch> given, const ExpressionText& expr,
                             const std::vector<ExpressionText>& except);

}  // namespace nfql::merge
