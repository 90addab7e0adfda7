// In which order groups were founded whose flows come in any order.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/expr/aggregate.h"
#include "common/stage/flow_order.h"

namespace nfql {

/// Keeps the place of each group's first flow: 16 bytes a group.
class Founders {
 public:
  /// Notes flows in the order in which they arrive, each with its place and its group; there are
  /// `count` groups now, numbered as they came.
  void note(std::span<const FlowOrder> order, std::span<const GroupId> groups, std::size_t count);
  /// Whether all flows so far came in the order of their places, so that groups did too.
  [[nodiscard]] bool ascending() const { return ascending_; }
  /// All groups, those with the earlier first flow first; the places are forgotten.
  [[nodiscard]] std::vector<GroupId> take_in_order();

 private:
  std::vector<FlowOrder> first_;  // by group
  FlowOrder latest_;              // place of the flow that arrived last
  bool any_ = false;
  bool ascending_ = true;
};

}  // namespace nfql
