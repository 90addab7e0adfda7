// Integers from and to bytes whose order is not the machine's.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace nfql {

static_assert(std::endian::native == std::endian::little, "columns are little-endian in memory");

enum class ByteOrder : std::uint8_t { little = 1, big = 2 };

template <class T>
[[nodiscard]] constexpr T byte_swapped(T value) {
  static_assert(std::is_unsigned_v<T>);
  auto bytes = std::bit_cast<std::array<unsigned char, sizeof(T)>>(value);
  std::reverse(bytes.begin(), bytes.end());
  return std::bit_cast<T>(bytes);
}

/// Reads an unsigned integer at `from`, which need not be aligned.
template <class T>
[[nodiscard]] inline T load(const std::byte* from, ByteOrder order = ByteOrder::little) {
  static_assert(std::is_unsigned_v<T>);
  T value;
  std::memcpy(&value, from, sizeof value);
  return order == ByteOrder::little ? value : byte_swapped(value);
}

/// Writes an unsigned integer at `to`, which need not be aligned.
template <class T>
inline void store(std::byte* to, T value, ByteOrder order = ByteOrder::little) {
  static_assert(std::is_unsigned_v<T>);
  if (order == ByteOrder::big) {
    value = byte_swapped(value);
  }
  std::memcpy(to, &value, sizeof value);
}

}  // namespace nfql
