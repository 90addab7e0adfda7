// Whether groups of further branches exist that go with a tuple: a join that stops at the first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "nfql-merge/checks.h"
#include "nfql-merge/flat_column.h"
#include "nfql-merge/join_index.h"
#include "nfql-merge/join_plan.h"
#include "nfql-merge/tuples.h"

namespace nfql::merge {

/// By row: 1 where something holds, else 0.
using Mask = std::vector<std::uint8_t>;

class Lookup {
 public:
  /// `groups` are those of each branch that may take part, ascending; used only here. `columns` and
  /// `checks` must outlive this.
  Lookup(std::vector<StepPlan> steps, const std::vector<std::vector<GroupId>>& groups,
         FlatColumns& columns, Checks& checks);

  /// Sets found[n] to 1 for each tuple with which groups of all branches of the steps go; n is what
  /// the tuple has in place of the group of a last branch. Tuples whose n is set are passed over.
  void mark(const Tuples& tuples, Mask& found) { enter(0, tuples, found); }

 private:
  struct Step {
    StepPlan plan;
    JoinIndex index;
  };
  // Groups of a step's index that may go with a row and were not tried yet.
  struct Candidates {
    std::size_t row;
    std::size_t begin;
    std::size_t end;
  };
  // What is tried together: rows of the tuples that came in, and groups.
  struct Batch {
    std::vector<std::uint32_t> rows;
    std::vector<GroupId> groups;
  };

  void enter(std::size_t depth, const Tuples& tuples, Mask& found);
  void try_all(std::size_t depth, const Tuples& left, std::vector<Candidates>& candidates,
               Mask& found);
  void try_batch(std::size_t depth, const Tuples& left, Batch& batch, Mask& found);

  Checks& checks_;
  std::vector<Step> steps_;
};

}  // namespace nfql::merge
