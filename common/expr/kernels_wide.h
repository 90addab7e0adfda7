// Comparisons of computed numbers: in 64 bits where nothing can leave them, else in 128, and in
// long double (whose 64 bits of mantissa hold every u64 and i64) where there is an f64.
#pragma once

#include "common/expr/kernels_compare.h"
#include "common/expr/number.h"

namespace nfql {

/// `left op right`. Unknown where a field in them is, or where the result is no number.
[[nodiscard]] ConditionPtr compare_numbers(Number left, Op op, Number right);

/// Whether a number that is no real is in `ranges`, which are normalised.
[[nodiscard]] ConditionPtr number_in(Number number, const std::vector<Bounds<Wide>>& ranges,
                                     Where where);
/// Whether a real number is in `ranges`.
[[nodiscard]] ConditionPtr number_in(Number number, const std::vector<Bounds<long double>>& ranges,
                                     Where where);

}  // namespace nfql
