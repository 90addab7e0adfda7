// From a merge expression as written to terms bound to the columns of branches.
#pragma once

#include <vector>

#include "nfql-merge/terms.h"

namespace nfql::merge {

/// Throws Error(Exit::usage) with a caret, naming the branch and what to add to it, for branches
/// and columns that are not there.
[[nodiscard]] BoundExpression bind_terms(ExpressionText expression,
                                         const std::vector<Branch>& branches);

/// The columns of a leaf as a schema, named as its term names them (`A.srcip`), in their order.
[[nodiscard]] Schema schema_of(const Leaf& leaf, const std::vector<Branch>& branches);

/// The branches that the terms of a node read, ascending.
[[nodiscard]] std::vector<std::size_t> branches_of(const Node& node,
                                                   const std::vector<Leaf>& leaves);

}  // namespace nfql::merge
