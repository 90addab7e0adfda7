// Times in a query that mean what --tz says.
#pragma once

#include "common/query/query.h"

namespace nfql {

/// Adds a problem for each time without a zone: the JSON form has none to give it.
void refuse_zoneless_times(const Query& query, Problems& problems);

}  // namespace nfql
