// What the chains of the text form have to keep to: the order of the stages, and an end.
#pragma once

#include <string>
#include <vector>

#include "common/query/text_chains.h"

namespace nfql {

[[nodiscard]] bool is_stage(const PathStep& step, StageKind kind);
/// "the filter 'f'", "the file 'x.csv'".
[[nodiscard]] std::string name_in_message(const PathStep& step);

/// Adds a problem where a stage cannot come behind the one before it.
void check_order(const std::vector<PathStep>& steps, Problems& problems);
/// Adds a problem when the branch, one of `paths`, does not end in the merger if there is one, else
/// in a file or ungrouper.
void check_end(const BranchPath& branch, const TextPaths& paths, Problems& problems);

}  // namespace nfql
