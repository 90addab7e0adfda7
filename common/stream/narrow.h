// Whole numbers in fewer bytes: distances from the least value, and sequences of a constant step.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <type_traits>

#include "common/flow/batch.h"

namespace nfql {

/// Whether values of the type may be stored as a sequence or as differences.
[[nodiscard]] constexpr bool is_whole_number(Type type) {
  return type == Type::u32 || type == Type::u64 || type == Type::i64;
}

/// Calls `visit(std::type_identity<T>{})` with the unsigned type T of a whole number's `width`.
template <class Visitor>
decltype(auto) visit_whole(std::size_t width, Visitor&& visit) {
  assert(width == sizeof(std::uint32_t) || width == sizeof(std::uint64_t));
  return width == sizeof(std::uint32_t) ? visit(std::type_identity<std::uint32_t>{})
                                        : visit(std::type_identity<std::uint64_t>{});
}

/// Calls `visit(std::type_identity<T>{}, std::type_identity<D>{})` with the unsigned type T of
/// `width` bytes and the narrower one D of `distance` bytes.
template <class Visitor>
decltype(auto) visit_narrow(std::size_t width, std::size_t distance, Visitor&& visit) {
  const auto with = [&]<class T>(std::type_identity<T> wide) {
    if constexpr (sizeof(T) > sizeof(std::uint32_t)) {
      if (distance == sizeof(std::uint32_t)) {
        return visit(wide, std::type_identity<std::uint32_t>{});
      }
    }
    if constexpr (sizeof(T) > sizeof(std::uint16_t)) {
      if (distance == sizeof(std::uint16_t)) {
        return visit(wide, std::type_identity<std::uint16_t>{});
      }
    }
    assert(distance == 1);
    return visit(wide, std::type_identity<std::uint8_t>{});
  };
  switch (width) {
    case sizeof(std::uint16_t):
      return with(std::type_identity<std::uint16_t>{});
    case sizeof(std::uint32_t):
      return with(std::type_identity<std::uint32_t>{});
    case sizeof(std::uint64_t):
      return with(std::type_identity<std::uint64_t>{});
    default:
      std::abort();  // nobody narrows others
  }
}

/// Writes the distances of the values from `base`, modulo 2^bits of D; 0 where one is unknown.
/// `known` is as in Column.
template <class T, class D>
void to_distances(std::span<const T> values, T base, const std::uint8_t* __restrict known,
                  D* __restrict to) {
  if (known == nullptr) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      to[i] = static_cast<D>(values[i] - base);
    }
    return;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    to[i] = static_cast<D>(static_cast<D>(values[i] - base) & static_cast<D>(0U - known[i]));
  }
}

/// Undoes to_distances(), modulo 2^bits of T.
template <class T, class D>
void from_distances(std::span<const D> distances, T base, T* __restrict to) {
  for (std::size_t i = 0; i < distances.size(); ++i) {
    to[i] = static_cast<T>(base + distances[i]);
  }
}

/// The same for some of the rows.
template <class T, class D>
void from_distances(const D* distances, T base, std::span<const RowId> rows, T* __restrict to) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    to[i] = static_cast<T>(base + distances[rows[i]]);
  }
}

/// Whether each value is the one before plus the same number, modulo 2^bits of T.
template <class T>
[[nodiscard]] bool is_sequence(std::span<const T> values) {
  static_assert(std::is_unsigned_v<T>);
  if (values.size() < 2) {
    return false;
  }
  const T step = values[1] - values[0];
  for (std::size_t i = 2; i < values.size(); ++i) {
    if (static_cast<T>(values[i] - values[i - 1]) != step) {
      return false;
    }
  }
  return true;
}

/// Writes `first`, `first` + `step` and so on, modulo 2^bits of T.
template <class T>
void fill_sequence(T first, T step, std::span<T> to) {
  for (std::size_t i = 0; i < to.size(); ++i) {
    to[i] = static_cast<T>(first + static_cast<T>(i) * step);
  }
}

}  // namespace nfql
