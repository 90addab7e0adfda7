// Queries in JSON, in the expression form, the term form, or a mixture.
#pragma once

#include "common/query/query.h"

namespace nfql {

/// As parse_query(), of a source that is JSON.
[[nodiscard]] Query parse_query_json(const QuerySource& source, Problems& problems);

}  // namespace nfql
