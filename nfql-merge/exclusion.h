// One alternative of an except-expression: the tuples for which groups of other branches exist.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "nfql-merge/checks.h"
#include "nfql-merge/conjuncts.h"
#include "nfql-merge/flat_column.h"
#include "nfql-merge/lookup.h"
#include "nfql-merge/tuples.h"

namespace nfql::merge {

/// What an exclusion is made from. `outputs` are the branches in the output, the first ones; the
/// others are further branches, of which only existence counts.
struct ExclusionInput {
  const std::vector<Leaf>& leaves;
  const std::vector<std::size_t>& sizes;  ///< numbers of groups, by branch
  std::size_t outputs;
  FlatColumns& columns;
  Checks& checks;
};

/// Further branches are looked up by the same plans as joins. One that only another further branch
/// relates to narrows that one's groups once and is gone; those that have no term in common are
/// looked up independently; so no combinations of them are walked but where terms form a circle.
class Exclusion {
 public:
  /// All that `input` refers to must outlive this.
  Exclusion(const Conjunct& conjunct, const ExclusionInput& input);

  /// Whether it can be true at all, as far as the further branches alone tell.
  [[nodiscard]] bool possible() const { return possible_; }
  /// The branches of the output that it reads, ascending.
  [[nodiscard]] const std::vector<std::size_t>& reads() const { return reads_; }
  /// Sets found[row] to 1 for each row of `tuples`, which have the branches read, that it is true
  /// for; leaves the rest of `found` as it is.
  void mark(const Tuples& tuples, Mask& found);

 private:
  using Groups = std::vector<std::vector<GroupId>>;
  // A node and the branches it reads.
  struct Link {
    Node node;
    std::vector<std::size_t> branches;

    [[nodiscard]] bool reads(std::size_t branch) const;
  };

  void sort_nodes(const Conjunct& conjunct, const ExclusionInput& input);
  [[nodiscard]] Groups select_groups(const ExclusionInput& input);
  void narrow(const ExclusionInput& input, Groups& groups);
  [[nodiscard]] std::vector<std::size_t> partners_of(std::size_t branch) const;
  [[nodiscard]] Conjunct take_nodes(const std::vector<bool>& of);
  [[nodiscard]] std::vector<bool> reached_from(std::size_t branch) const;
  [[nodiscard]] Lookup make_lookup(const std::vector<bool>& entering, const ExclusionInput& input,
                                   const Groups& groups);
  void add_lookups(const ExclusionInput& input, const Groups& groups);

  Checks& checks_;
  std::size_t outputs_;
  bool possible_ = true;
  std::vector<std::size_t> reads_;
  std::vector<Node> own_;                   // read branches of the output only
  std::vector<std::vector<Node>> filters_;  // by branch: read one further branch only
  std::vector<Link> links_;                 // the rest, while planning
  std::vector<Lookup> lookups_;
};

}  // namespace nfql::merge
