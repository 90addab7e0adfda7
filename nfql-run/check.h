// A query checked before the first byte is read: every stage is bound to what it will be given.
#pragma once

#include <optional>
#include <vector>

#include "common/query/query.h"
#include "common/stream/block.h"
#include "nfql-run/plan.h"

namespace nfql {

/// The columns of the traces, from their headers, and for traces whose headers do not say all, also
/// the fields that the query names; nothing when one of them is a pipe.
/// Throws Error(Exit::failed) for a trace that cannot be read.
[[nodiscard]] std::optional<Schema> trace_schema(const Query& query, const RunOptions& options);

/// Adds all that is wrong with the query for flows of these columns, or, without them, for flows
/// with all fields of the registry and all elements that the query names, and warnings of what else
/// the user should know. Returns what each branch gives, which is so if nothing is wrong.
std::vector<StreamHeader> check_query(const Query& query, const std::optional<Schema>& flows,
                                      const RunOptions& options, Problems& problems);

}  // namespace nfql
