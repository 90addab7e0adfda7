// Flows laid out group by group.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/expr/aggregate.h"
#include "common/stage/flow_order.h"
#include "common/stage/row_store.h"

namespace nfql {

/// The flows of all groups, by their row in a store; those of the i-th group are
/// rows[ends[i - 1], ends[i]).
struct MemberOrder {
  std::vector<std::uint32_t> rows;
  std::vector<std::size_t> ends;

  /// The flows of the groups [first, last).
  [[nodiscard]] std::span<const std::uint32_t> of(std::size_t first, std::size_t last) const {
    const std::size_t begin = first == 0 ? 0 : ends[first - 1];
    const std::size_t end = last == 0 ? 0 : ends[last - 1];
    return std::span(rows).subspan(begin, end - begin);
  }
};

/// Lays flows out by group: the groups in the order of `groups`, which has each of them once, the
/// flows of each in the order of arrival. `group_of` has the group of each row, at most 2^32.
[[nodiscard]] MemberOrder lay_out(std::span<const GroupId> group_of,
                                  std::span<const GroupId> groups);

/// Puts the flows of each group into their order; those at one place stay as they are.
void sort_members(const RowStore& store, const FlowOrderReader& reader, MemberOrder& members);

}  // namespace nfql
