// The query that nfql-run was given, with what its command line says otherwise.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/expr/aggregate_plugins.h"
#include "common/query/query.h"
#include "nfql-run/run_query.h"

namespace nfql {

/// Whether nothing is to be run.
[[nodiscard]] bool is_dry(const RunArguments& arguments);

/// Reads the file, or standard input. Throws Error(Exit::failed) when it cannot.
[[nodiscard]] QuerySource read_source(const RunArguments& arguments);

/// Parses the query and puts --flat and --emit in; what is wrong goes to the problems. Throws
/// Error(Exit::usage) for --emit without a merger.
[[nodiscard]] Query load_query(const RunArguments& arguments, const QuerySource& source,
                               Problems& problems);

/// Loads plug-ins and sets the functions of the aggregates that are theirs; an aggregate that
/// nobody has is a problem. A query names no plug-in: who runs it decides which code to load.
void resolve_aggregates(const std::vector<std::string>& paths, AggregatePlugins& plugins,
                        Query& query, Problems& problems);

/// Files and options for the run: those that the command line names go before the query's. Throws
/// Error(Exit::usage) when query and trace would both be standard input, or it is a terminal.
[[nodiscard]] RunOptions run_options(const RunArguments& arguments, const CommonOptions& options,
                                     const Query& query);

/// The columns of the traces, if they can be known. To check a query, files that only the query
/// names need not be there. Throws the problems, if there are some, when a trace cannot be read.
[[nodiscard]] std::optional<Schema> schema_for(const RunArguments& arguments, const Query& query,
                                               const RunOptions& run, const Problems& problems);

}  // namespace nfql
