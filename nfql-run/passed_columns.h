// Which columns of groups a query needs: the others are not made, nor passed on.
#pragma once

#include <string>
#include <vector>

#include "common/flow/time.h"
#include "common/query/query.h"
#include "common/stream/block.h"

namespace nfql {

/// What --columns is to be of the stages that give groups; "" is all.
struct PassedColumns {
  struct Branch {
    std::string group;
    std::string gfilter;
  };
  std::vector<Branch> branches;
  std::string merge;
};

/// Of a query whose result is flows: the columns that the later stages read. `branches` are the
/// headers of what each branch gives.
[[nodiscard]] PassedColumns passed_columns(const Query& query,
                                           const std::vector<StreamHeader>& branches,
                                           ZoneMinutes zone);

}  // namespace nfql
