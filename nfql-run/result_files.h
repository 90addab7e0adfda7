// The files that the results of a query go to.
#pragma once

#include <string>
#include <vector>

#include "nfql-run/plan.h"

namespace nfql {

/// Whether each branch has a result of its own.
[[nodiscard]] bool has_several_results(const Query& query);

/// The file of the one result, or of that of a branch: what the command line says, else the query.
/// "" is standard output, or for a branch that it has no file.
[[nodiscard]] std::string result_file(const RunOptions& options);
[[nodiscard]] std::string result_file(const BranchQuery& branch, const RunOptions& options);

/// Adds what is wrong with them to the problems: results without a file, several in one file, a
/// trace that would be overwritten.
void check_files(const Query& query, const RunOptions& options, Problems& problems);

/// Throws Error(Exit::usage) when the file is one of the traces.
void refuse_trace(const std::string& file, const std::vector<std::string>& traces);

}  // namespace nfql
