// In which order groups were founded whose flows come in any order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "common/expr/aggregate.h"
#include "common/expr/group_states.h"
#include "common/flow/batch.h"

namespace nfql {

/// Keeps the place of each group's first flow, and with it the group's start: 17 bytes a group. The
/// least start that there can be is as one that is unknown (kUnknownStart).
class Founders {
 public:
  /// Called once, first: reserves them in `states`, which stay, and have all groups whenever note()
  /// is called.
  void place(GroupStates& states);
  /// Notes flows in the order in which they arrive, each with its place and its group.
  void note(const GroupedRows& rows);
  /// Whether all flows so far came in the order of their places, so that groups did too.
  [[nodiscard]] bool ascending() const { return ascending_; }
  /// Sorts `groups`, which are all from 0, so that those with the earlier first flow come first; on
  /// so many threads.
  void sort(std::span<GroupId> groups, std::size_t threads) const;
  /// The column `start` of groups whose flows were ordered by start: the least that is known.
  /// Memory is added to `owner`.
  [[nodiscard]] Column starts(std::span<const GroupId> groups, Batch& owner) const;

 private:
  // Bits of a group's mark: of which starts there are flows.
  enum Mark : std::uint8_t { kKnown = 1, kUnknown = 2 };

  // What is kept of all groups.
  struct View {
    StateColumn<FlowOrder> first;     // the least start that is known, the id of the first flow
    StateColumn<std::uint8_t> marks;  // of Mark

    [[nodiscard]] FlowOrder place_of(GroupId group) const;
  };

  [[nodiscard]] View view() const { return {states_->column(first_), states_->column(marks_)}; }
  static void sort_few(const View& view, std::span<GroupId> groups,
                       std::vector<std::pair<FlowOrder, GroupId>>& scratch);
  static void sort_buckets(const View& view, std::span<GroupId> groups,
                           std::span<const std::uint32_t> ends, std::size_t bucket);

  GroupStates* states_ = nullptr;
  GroupStates::Part<FlowOrder> first_;
  GroupStates::Part<std::uint8_t> marks_;
  std::int64_t least_ = std::numeric_limits<std::int64_t>::max();  // start of a flow
  std::int64_t greatest_ = std::numeric_limits<std::int64_t>::min();
  FlowOrder latest_;  // place of the flow that arrived last
  bool any_ = false;
  bool ascending_ = true;
};

}  // namespace nfql
