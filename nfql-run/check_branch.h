// One branch of a query checked against the columns of its flows.
#pragma once

#include "common/cli/options.h"
#include "common/query/query.h"
#include "common/stream/block.h"
#include "nfql-run/lost_names.h"

namespace nfql {

/// What a branch gives, as far as its mistakes let one know.
struct CheckedBranch {
  StreamHeader header;
  LostNames lost;  ///< what its groups would have but for a mistake
};

/// Binds every stage of the branch to what it will be given, and when that fails every term and
/// aggregate by itself, so that all their mistakes get into the problems.
[[nodiscard]] CheckedBranch check_branch(const BranchQuery& branch, const StreamHeader& flows,
                                         ZoneMinutes zone, Problems& problems);

}  // namespace nfql
