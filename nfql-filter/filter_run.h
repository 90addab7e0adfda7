// The two ways in which nfql-filter runs: one expression, or several branches on one pass.
#pragma once

#include <string>
#include <vector>

#include "common/cli/arguments.h"
#include "common/cli/options.h"

namespace nfql {

/// A branch on the command line.
struct FilterBranch {
  std::string name;
  std::string expression;
  std::string output;
};

/// Pairs `--branch NAME=EXPR` with `--to NAME=FILE`.
/// Throws Error(Exit::usage) when a name has only one of the two, or one of them twice.
[[nodiscard]] std::vector<FilterBranch> pair_branches(const std::vector<std::string>& expressions,
                                                      const std::vector<std::string>& outputs);

/// Filters the inputs into the output.
void filter_one(const Arguments& arguments, const CommonOptions& options);

/// Reads the inputs once and gives each branch the flows for which its expression holds.
void filter_branches(const std::vector<std::string>& inputs,
                     const std::vector<FilterBranch>& branches, const CommonOptions& options);

}  // namespace nfql
