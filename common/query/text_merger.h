// The merger of the text form: its modules as a merge expression and what is excluded.
#pragma once

#include <string>
#include <vector>

#include "common/query/query.h"
#include "common/query/text_chains.h"
#include "common/query/text_stages.h"

namespace nfql {

/// Reads the merger `stage`, to which `branches` go. The query gets its merge part, and its
/// branches come into the order in which the exported module names them, those of other modules
/// behind them; a branch that no module names is left out, with a warning.
void add_merger(const TextStage& stage, const std::vector<BranchPath>& branches, TextStages& stages,
                Problems& problems, Query& query);

}  // namespace nfql
