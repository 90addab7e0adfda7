// The connected components of matches: groups that tuples hold together, however many those are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "common/stage/group_store.h"
#include "nfql-merge/tuples.h"

namespace nfql::merge {

/// A forest of all groups of all branches, those of one tuple in one tree. Runs of tuples are taken
/// in time proportional to the groups in them, not to the tuples: groups next to each other in a
/// run that are united already are passed over in one leap.
class Components : public TupleSink {
 public:
  /// The stores must outlive this. Throws Error(Exit::failed) for more than 2^32 groups.
  explicit Components(std::span<const GroupStore> stores);

  bool put(const Tuples& tuples) override;
  [[nodiscard]] bool takes_runs() const override { return true; }
  /// `groups` must stay valid until the next call or the last run.
  void begin_runs(std::size_t branch, std::span<const GroupId> groups) override;
  void put_run(const Tuples& left, std::size_t row, std::size_t begin, std::size_t end) override;

  /// Puts the groups that are in some tuple: by branch, within it by component, and in that in
  /// order. Components are numbered by their first group, the first branch's first.
  void write(BlockSink& out);

 private:
  using NodeId = std::uint32_t;
  static constexpr NodeId kNone = std::numeric_limits<NodeId>::max();

  [[nodiscard]] NodeId node(std::size_t branch, GroupId group) const {
    return first_[branch] + group;
  }
  NodeId find(NodeId node);
  void unite(NodeId a, NodeId b);
  NodeId unite_row(const Tuples& tuples, std::size_t row);
  std::size_t end_of_run(std::size_t at);

  std::span<const GroupStore> stores_;
  std::vector<NodeId> first_;   // by branch: the node of its group 0
  std::vector<NodeId> parent_;  // kNone: in no tuple
  std::size_t run_branch_ = 0;
  std::span<const GroupId> run_groups_;
  std::vector<std::uint32_t> run_ends_;  // by place in run_groups_: a later place united with it
};

}  // namespace nfql::merge
