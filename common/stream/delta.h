// Differences between neighbours, zigzag coded: what makes times and ids compress.
#pragma once

#include <cstddef>
#include <type_traits>

namespace nfql {

/// Writes `count` values as differences, small ones of either sign as small numbers. Differences
/// wrap around, so every sequence comes back exactly.
template <class T>
void to_deltas(const T* values, std::size_t count, T* to) {
  static_assert(std::is_unsigned_v<T>);
  constexpr unsigned kSign = sizeof(T) * 8 - 1;
  T before = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const T difference = values[i] - before;
    to[i] = (difference << 1) ^ (T{0} - (difference >> kSign));
    before = values[i];
  }
}

/// Undoes to_deltas(); `from` and `values` may be the same.
template <class T>
void from_deltas(const T* from, std::size_t count, T* values) {
  static_assert(std::is_unsigned_v<T>);
  T value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    value += (from[i] >> 1) ^ (T{0} - (from[i] & 1));
    values[i] = value;
  }
}

}  // namespace nfql
