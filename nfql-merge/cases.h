// What a term says about differences of columns, as cases of which one holds.
#pragma once

#include <vector>

#include "nfql-merge/bound_graph.h"
#include "nfql-merge/terms.h"

namespace nfql::merge {

/// Where the term is true, all bounds of one of these cases hold; it may be false all the same. No
/// case: it says nothing of the kind.
///
/// Integers and times are compared with sums of them, other columns only with their like: of these
/// a bound says no more than which comes first (-1) or not later (0), and no bound is of both.
[[nodiscard]] std::vector<Case> cases_of(const Leaf& leaf, const std::vector<Branch>& branches);

}  // namespace nfql::merge
