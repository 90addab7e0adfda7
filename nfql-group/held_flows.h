// The member flows of groups by key, held until the groups are put.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "common/expr/aggregate.h"
#include "common/flow/batch.h"
#include "common/stage/flow_order.h"
#include "common/stage/key_groups.h"
#include "common/stage/row_store.h"
#include "nfql-group/group_keys.h"

namespace nfql {

/// Holds all columns of flows but those that are keys, as their groups have the values. Rows are
/// numbered from 0 as they come.
class HeldFlows {
 public:
  /// By column of the flows: the key that has its values; nothing where it is held.
  using KeyOf = std::vector<std::optional<std::size_t>>;

  HeldFlows(const Schema& flows, const std::vector<GroupKey>& keys, OrderBy by);

  void add(Batch&& batch);
  /// To be called after the last add(), before what follows.
  void seal() { rows_.seal(); }

  /// What is held, and how that is ordered.
  [[nodiscard]] const RowStore& rows() const { return rows_; }
  [[nodiscard]] const FlowOrderReader& order() const { return order_; }
  /// All columns of some rows; `groups` has the group of each, `keys` those of all groups.
  [[nodiscard]] Batch take(std::span<const std::uint32_t> rows, std::span<const GroupId> groups,
                           const KeyGroups& keys) const;

 private:
  HeldFlows(const Schema& flows, KeyOf key_of, OrderBy by);

  KeyOf key_of_;
  RowStore rows_;
  FlowOrderReader order_;
};

}  // namespace nfql
