// The terms of a grouping, bound to the flows' columns: keys, and what needs the order of flows.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "common/expr/parse.h"
#include "common/flow/schema.h"
#include "common/flow/time.h"
#include "nfql-group/bind_conditions.h"
#include "nfql-group/condition.h"
#include "nfql-group/group_keys.h"

namespace nfql {

/// One list of terms, all of which must hold for a flow to be accepted.
struct GroupModule {
  /// Equal in the flow and in the first of the group; unknown equals unknown.
  std::vector<GroupKey> keys;
  /// The first of each pair in a flow of the group equals the second in the flow, neither of them
  /// unknown: in the group's first flow, or, if `moving`, in its last.
  std::vector<std::pair<GroupKey, GroupKey>> crossed;
  bool moving = false;  ///< only of a module alone
  std::vector<relate::Condition> conditions;
};

/// Most modules of a grouping: a word has a bit for each.
inline constexpr std::size_t kMostModules = 64;

/// A flow belongs to a group when one of the modules accepts it.
struct GroupTerms {
  std::vector<GroupModule> modules;  ///< at least one
  std::vector<GroupKey> keys;        ///< those that all modules have, as the first names them
  relate::Readings readings;         ///< what the conditions read
  std::vector<std::size_t> columns;  ///< of the flows, that keys and conditions read

  /// Whether flows need only be told apart by the keys, in any order.
  [[nodiscard]] bool only_keys() const {
    return modules.size() == 1 && modules[0].crossed.empty() && modules[0].conditions.empty();
  }
};

/// Binds terms as nfql-group(1) describes them. No terms: no keys, one group.
///
/// Throws Error(Exit::usage) with a caret for fields that `flows` does not have, for what is no
/// group term, and for more than kMostModules modules.
[[nodiscard]] GroupTerms bind_group_terms(const ExpressionText& terms, const Schema& flows,
                                          ZoneMinutes zone);

}  // namespace nfql
