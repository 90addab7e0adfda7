// nfql-merge from its command line to its output.
#pragma once

#include <string>
#include <vector>

#include "common/cli/arguments.h"
#include "common/cli/options.h"

namespace nfql {

/// As typed.
struct MergeArguments {
  Words words;                      ///< [EXPR] NAME=FILE...
  std::vector<std::string> except;  ///< --except EXPR, as often as given
  std::string emit = "tuples";
};

/// A branch on the command line.
struct MergeInput {
  std::string name;
  std::string file;
};

/// `NAME=FILE` taken apart. Throws Error(Exit::usage), also for a name that no expression could
/// use.
[[nodiscard]] MergeInput parse_merge_input(const std::string& word);

/// Merges the inputs into the output. All inputs are read at the same time, so that none of the
/// programs that write them has to wait for another.
void run_merge(const MergeArguments& arguments, const CommonOptions& options);

}  // namespace nfql
