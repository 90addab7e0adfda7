// What the values of a column can be, told without looking at them.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

namespace nfql {

/// Between which values the known ones of a column are.
struct ColumnExtremes {
  bool any_unknown = true;  ///< some row may have no value
  bool any_known = true;    ///< some row may have one
  bool bounded = false;     ///< there are least and greatest
  /// Bits of a value of the column's type, which is none of 16 bytes; those of an i64 or f64. A NaN
  /// may be beside them.
  std::uint64_t least = 0;
  std::uint64_t greatest = 0;
};

/// The value of type T that such bits are.
template <class T>
[[nodiscard]] constexpr T value_of_bits(std::uint64_t bits) {
  if constexpr (std::is_same_v<T, double>) {
    return std::bit_cast<double>(bits);
  } else {
    return static_cast<T>(bits);
  }
}

}  // namespace nfql
