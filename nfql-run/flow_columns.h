// Which columns of the flows a query needs: the others are not read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/flow/schema.h"
#include "common/query/query.h"

namespace nfql {

/// The columns of `flows` that anything behind the filters reads, as --columns has them; "" is all.
/// `shown` are those that the result shows, where that was chosen.
[[nodiscard]] std::string needed_columns(const Query& query,
                                         const std::optional<std::vector<std::string>>& shown,
                                         const Schema& flows);

}  // namespace nfql
