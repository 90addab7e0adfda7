// Runs the plan of one conjunct: from the groups of the branches to tuples.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "nfql-merge/checks.h"
#include "nfql-merge/join_index.h"
#include "nfql-merge/join_plan.h"
#include "nfql-merge/tuples.h"

namespace nfql::merge {

/// Tuples go through the steps in batches, depth first, so memory is taken for the indexes and one
/// batch a step. They come out in lexicographic order, the branches taken as the plan has them.
class Join {
 public:
  /// `groups` are those of each branch that may take part, ascending. Everything must outlive this.
  Join(const Plan& plan, const std::vector<std::vector<GroupId>>& groups, FlatColumns& columns,
       Checks& checks);

  /// False when the sink wanted no more.
  bool run(TupleSink& sink);

 private:
  struct Step {
    const StepPlan* plan;
    JoinIndex index;
    // Matches found and not passed on yet: row of the tuples that came in, and group.
    std::vector<std::uint32_t> rows;
    std::vector<GroupId> groups;
  };

  bool enter(std::size_t depth, const Tuples& tuples, TupleSink& sink);
  bool collect(std::size_t depth, const Tuples& left, TupleSink& sink);
  bool collect_sorted(std::size_t depth, const Tuples& left, TupleSink& sink);
  bool pass_on(std::size_t depth, const Tuples& left, TupleSink& sink);

  std::size_t first_;
  const std::vector<std::vector<GroupId>>& groups_;
  Checks& checks_;
  std::vector<Step> steps_;
};

}  // namespace nfql::merge
