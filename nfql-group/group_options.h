// What a grouping is asked for.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/expr/aggregate.h"
#include "common/expr/parse.h"
#include "common/flow/time.h"
#include "common/stage/flow_order.h"

namespace nfql {

/// How to group.
struct GroupOptions {
  ExpressionText terms;         ///< parsed as Grammar::group_terms
  std::string aggregates_text;  ///< what `aggregates` were parsed from
  std::vector<AggregateItem> aggregates;
  std::vector<std::string> modules;  ///< names, one for each list of terms; none: g1, g2 …
  bool members = true;               ///< groups are followed by their flows
  bool input_order = false;          ///< flows are taken as they arrive, not by their start
  ZoneMinutes zone = 0;              ///< of time literals
  std::size_t threads = 1;           ///< that may work, the caller's among them
  /// The groups' columns that will be printed or passed on, by name: of what is no key, the others
  /// need no values (but `count` beside members). Nothing: all.
  std::optional<std::vector<std::string>> printed;

  [[nodiscard]] OrderBy order() const { return input_order ? OrderBy::arrival : OrderBy::start; }
  /// Whether anything depends on the order of the flows: not what most aggregates say of all flows.
  [[nodiscard]] bool ordered() const;
};

}  // namespace nfql
