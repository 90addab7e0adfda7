// Queries in the text form: stages and chains, as the first prototype of the language read them.
#pragma once

#include "common/query/query.h"

namespace nfql {

/// As parse_query(), of a source in the text form.
[[nodiscard]] Query parse_query_text(const QuerySource& source, Problems& problems);

}  // namespace nfql
