// Columns looked up in sets of constants.
#pragma once

#include <cstddef>

#include "common/expr/kernels_compare.h"

namespace nfql {

/// Whether the values of a column are in `ranges`, which are normalised and of the kind of `type`:
/// whole numbers, reals or addresses. 8 and 16 bits by a bitmap, many single values by a hash
/// table, the rest by binary search.
[[nodiscard]] ConditionPtr in_ranges(std::size_t slot, Type type, const ConstantRanges& ranges,
                                     Where where);

}  // namespace nfql
