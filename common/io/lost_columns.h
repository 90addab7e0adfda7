// Which columns of groups a format had no field for, as users are told of them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/flow/schema.h"

namespace nfql {

/// What to warn of when groups of this schema are written as flow records of `format` and only the
/// columns `written` (in any order) become fields: `column 'total' was not written: flow-tools has
/// no field for it; a sum named bytes or packets is`. Nothing if no column is lost. Not told of:
/// start, end, duration and count, which every grouping makes.
[[nodiscard]] std::optional<std::string> lost_columns(const Schema& groups,
                                                      const std::vector<std::size_t>& written,
                                                      std::string_view format);

}  // namespace nfql
