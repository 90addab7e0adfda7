// In which order groups were founded whose flows come in any order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "common/expr/aggregate.h"
#include "common/expr/group_states.h"

namespace nfql {

/// Keeps the place of each group's first flow: 16 bytes a group.
class Founders {
 public:
  /// Called once, first: reserves them in `states`, which stay, and have all groups whenever note()
  /// is called.
  void place(GroupStates& states);
  /// Notes flows in the order in which they arrive, each with its place and its group; groups are
  /// numbered as they came.
  void note(const GroupedRows& rows);
  /// Whether all flows so far came in the order of their places, so that groups did too.
  [[nodiscard]] bool ascending() const { return ascending_; }
  /// Sorts `groups`, which are all from 0, so that those with the earlier first flow come first; on
  /// so many threads.
  void sort(std::span<GroupId> groups, std::size_t threads) const;

 private:
  GroupStates* states_ = nullptr;
  GroupStates::Part<FlowOrder> first_;
  std::size_t noted_ = 0;                                          // groups
  std::int64_t least_ = std::numeric_limits<std::int64_t>::max();  // start of a flow
  std::int64_t greatest_ = std::numeric_limits<std::int64_t>::min();
  FlowOrder latest_;  // place of the flow that arrived last
  bool any_ = false;
  bool ascending_ = true;
};

}  // namespace nfql
