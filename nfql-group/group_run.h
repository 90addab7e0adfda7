// nfql-group from its command line to its output.
#pragma once

#include <string>

#include "common/cli/arguments.h"
#include "common/cli/options.h"

namespace nfql {

/// As typed.
struct GroupArguments {
  Words words;  ///< [TERMS] [FILE...]
  std::string aggregates;
  std::vector<std::string> modules;
  std::vector<std::string> plugins;  ///< --plugin FILE, as often as given
  std::string order = "time";
  bool no_members = false;
};

/// Groups the inputs into the output.
void run_group(const GroupArguments& arguments, const CommonOptions& options);

}  // namespace nfql
