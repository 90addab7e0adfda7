// The processors that this process may use.
#pragma once

#include <vector>

namespace nfql {

/// Their numbers; none where the system does not tell.
[[nodiscard]] std::vector<int> usable_cores();

}  // namespace nfql
