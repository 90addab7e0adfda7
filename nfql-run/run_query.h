// nfql-run from a query to its result.
#pragma once

#include <string>
#include <vector>

#include "nfql-run/plan.h"

namespace nfql {

/// As typed.
struct RunArguments {
  std::string query;                 ///< file, or "-"
  std::vector<std::string> traces;   ///< none: those of the query, or standard input
  std::string explain;               ///< "", "shell" or "dot"
  std::string cores;                 ///< LIST, or ""
  std::string directory;             ///< --dirpath
  std::string emit;                  ///< overrides the query's
  std::vector<std::string> plugins;  ///< --plugin FILE, as often as given
  int verbose = 0;                   ///< how often -v was given
  bool check = false;
  bool to_json = false;
  bool has_output = false;  ///< -o was given
  bool flat = false;
  bool no_pin = false;
};

/// Runs, explains, checks or translates the query.
/// Returns the signal that interrupted it, to be raised once everything is cleaned up, or 0.
[[nodiscard]] int run_query(const RunArguments& arguments, const CommonOptions& options);

}  // namespace nfql
