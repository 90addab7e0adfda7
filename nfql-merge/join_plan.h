// In which order the branches of a conjunct are joined, and by what.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "nfql-merge/conjuncts.h"
#include "nfql-merge/flat_column.h"
#include "nfql-merge/terms.h"

namespace nfql::merge {

/// low <= own - other <= high, where `other` is a column of a branch that is in already.
struct DifferenceRange {
  ColumnRef other;
  std::int64_t low = kNoLow;
  std::int64_t high = kNoHigh;
};

/// What bounds one column of the branch that comes in.
struct Axis {
  std::size_t column = 0;
  std::vector<DifferenceRange> ranges;  ///< all hold
};

/// How one more branch comes in.
struct StepPlan {
  std::size_t branch = 0;
  std::vector<std::pair<ColumnRef, ColumnRef>> equal;  ///< column that is in, own column
  std::vector<Axis> axes;    ///< by how much they narrow: the first the most
  std::vector<Node> checks;  ///< what is left to be checked on the tuples of this step
};

struct Plan {
  std::size_t first = 0;  ///< the branch to begin with
  std::vector<StepPlan> steps;

  /// Whether the branches come in in their order.
  [[nodiscard]] bool in_order() const;
};

/// The terms of a conjunct that read one branch only (or none: these go to the first
/// branch), by branch.
[[nodiscard]] std::vector<std::vector<Node>> prefilters_of(const Conjunct& conjunct,
                                                           const std::vector<Leaf>& leaves,
                                                           std::size_t branches);

/// Plans how the branches that `in` lacks come in beside those it has, the best linked ones first,
/// of these the smallest. Nodes that read only branches of `in` are left out.
[[nodiscard]] std::vector<StepPlan> plan_steps(const Conjunct& conjunct,
                                               const std::vector<Leaf>& leaves,
                                               const std::vector<std::size_t>& sizes,
                                               std::vector<bool> in, FlatColumns& columns);

/// Plans the join of `sizes.size()` branches, of which so many groups have passed the prefilters.
/// As few branches as possible come in without any term to find their groups by, then as few as
/// possible without an equality; the branches' own order is kept if it is as good as any in that,
/// unless it would have a far larger branch indexed.
[[nodiscard]] Plan make_plan(const Conjunct& conjunct, const std::vector<Leaf>& leaves,
                             const std::vector<std::size_t>& sizes, FlatColumns& columns);

}  // namespace nfql::merge
