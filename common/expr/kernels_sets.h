// Columns of sets, compared with constants, values and each other.
#pragma once

#include <cstddef>
#include <cstdint>

#include "common/expr/kernels_compare.h"
#include "common/expr/number.h"

namespace nfql {

/// How two sets can be to each other.
enum class SetTest : std::uint8_t {
  equals,
  subset,      ///< all values of the first are in the second
  superset,    ///< all values of the second are in the first
  intersects,  ///< they share a value
};

/// Where a row's set and the constants are so to each other; `element` is the type of the set's
/// values and the kind of `constants`, which are normalised (a range stands for all its values).
[[nodiscard]] ConditionPtr test_set(std::size_t slot, Type element, SetTest test,
                                    const ConstantRanges& constants, Where where);

/// Two columns of sets with values of one type.
[[nodiscard]] ConditionPtr test_sets(std::size_t left, SetTest test, std::size_t right,
                                     Type element, Where where);

/// Where a number that each row has is in the row's set; `element` is no address.
[[nodiscard]] ConditionPtr number_in_set(Number value, std::size_t set, Type element, Where where);
/// Where the address is in the row's set of addresses.
[[nodiscard]] ConditionPtr address_in_set(std::size_t value, std::size_t set, Where where);

}  // namespace nfql
