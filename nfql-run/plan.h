// From a query to the processes that run it and the pipes between them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/cli/options.h"
#include "common/query/query.h"
#include "common/stream/block.h"

namespace nfql {

/// How much of what the stages give is kept in files (--dirpath with -v).
struct KeepOptions {
  std::string directory;  ///< "" keeps nothing
  int level = 1;          ///< 1: the result; 2: groups and tuples too; 3: filtered flows too
};

/// What nfql-run was asked for.
struct RunOptions {
  CommonOptions common;
  KeepOptions keep;
  std::vector<std::string> traces;   ///< at least one; "-" is standard input
  std::vector<std::string> plugins;  ///< of aggregate functions
};

/// One call of a stage tool, less its inputs and outputs.
struct StageCall {
  std::string stage;   ///< filter, group, gfilter, merge or ungroup; the tool is nfql-STAGE
  std::string branch;  ///< "" for merge and ungroup
  std::vector<std::string> options;
  std::string expression;  ///< first positional argument; "" where the stage has none
  std::string output;      ///< -o, or "" for the next stage or standard output
  std::string tee;         ///< --tee, or ""

  [[nodiscard]] std::string tool() const { return "nfql-" + stage; }
};

/// The stages of one branch in order; the first is always a filter.
struct BranchPlan {
  std::string name;
  std::vector<StageCall> stages;
};

/// Branches side by side, then the stages that take them together. Every expression is text that
/// the stage tools read, so that the plan can be shown as a shell pipeline.
struct Plan {
  std::vector<BranchPlan> branches;
  std::optional<StageCall> merge;
  std::optional<StageCall> ungroup;
  std::vector<std::string> traces;

  /// The stage whose output is the result, of a query with one result.
  [[nodiscard]] StageCall& last();
};

/// `flows` are the columns of the traces, or null when they come through a pipe and are not known
/// yet: then none is left out on the way. `branches` are the headers of what each branch gives.
/// Throws what set_outputs() does.
[[nodiscard]] Plan make_plan(const Query& query, const RunOptions& options, const Schema* flows,
                             const std::vector<StreamHeader>& branches);

}  // namespace nfql
