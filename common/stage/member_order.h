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

/// The flows of all groups, by their row in a store: those of one group after those of another.
struct MemberOrder {
  std::span<const GroupId> groups;  ///< in their order
  std::vector<std::uint32_t> rows;
  std::vector<std::uint32_t> end_of;  ///< by group: where its flows end in `rows`

  /// Where the flows of the groups from the i-th on begin.
  [[nodiscard]] std::size_t begin(std::size_t i) const {
    return i == 0 ? 0 : end_of[groups[i - 1]];
  }
  /// The flows of the groups from the i-th to the one before the j-th.
  [[nodiscard]] std::span<const std::uint32_t> of(std::size_t i, std::size_t j) const {
    return std::span(rows).subspan(begin(i), begin(j) - begin(i));
  }
  /// The groups of rows[begin, end), one for each.
  [[nodiscard]] std::vector<GroupId> groups_of(std::size_t begin, std::size_t end) const;
};

/// Lays flows out by group: the groups in the order of `groups`, which has each of them once, the
/// flows of each in the order of arrival. `group_of` has the group of each row, less than 2^32.
/// `groups` must outlive what is returned.
[[nodiscard]] MemberOrder lay_out(std::span<const GroupId> group_of,
                                  std::span<const GroupId> groups);

/// Puts the flows of each group into their order; those at one place stay as they are.
void sort_members(const RowStore& store, const FlowOrderReader& reader, MemberOrder& members);

}  // namespace nfql
