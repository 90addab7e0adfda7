// nfql-ungroup from its command line to its output.
#pragma once

#include <string>
#include <vector>

#include "common/cli/options.h"

namespace nfql {

/// As typed.
struct UngroupArguments {
  std::vector<std::string> inputs;
  std::string directory;  ///< --streams; "" writes one output
  bool flat = false;
};

/// Ungroups the input into the output, or into one file a stream.
void run_ungroup(const UngroupArguments& arguments, const CommonOptions& options);

}  // namespace nfql
