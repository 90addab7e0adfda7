// Loops that decode one field of records of one size, which lie one behind the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "common/base/byte_order.h"
#include "common/flow/batch.h"

namespace nfql {

/// Decodes the field at `offset` of `rows` records, `stride` bytes apart, to the values of a
/// column.
using FixedDecode = void (*)(const std::byte* records, std::size_t stride, std::size_t rows,
                             std::size_t offset, std::byte* to);

template <ByteOrder Order, class Stored, class Value>
void decode_fixed(const std::byte* records, std::size_t stride, std::size_t rows,
                  std::size_t offset, std::byte* to) {
  auto* values = reinterpret_cast<Value*>(to);
  for (std::size_t i = 0; i < rows; ++i) {
    values[i] = load<Stored>(records + i * stride + offset, Order);
  }
}

/// The loop for unsigned integers of `stored` bytes and columns as wide, or twice as wide.
template <ByteOrder Order>
FixedDecode fixed_decoder(std::size_t stored, std::size_t value) {
  switch (stored) {
    case 1:
      return &decode_fixed<Order, std::uint8_t, std::uint8_t>;
    case 2:
      return value == 2 ? &decode_fixed<Order, std::uint16_t, std::uint16_t>
                        : &decode_fixed<Order, std::uint16_t, std::uint32_t>;
    case 4:
      return value == 4 ? &decode_fixed<Order, std::uint32_t, std::uint32_t>
                        : &decode_fixed<Order, std::uint32_t, std::uint64_t>;
    default:
      return &decode_fixed<Order, std::uint64_t, std::uint64_t>;
  }
}

/// The flowIds of some records: those from `first` on, or of these the ones `chosen`.
struct FlowNumbers {
  std::uint64_t first = 0;
  std::span<const RowId> chosen;  ///< ascending, counted from `first`; none: all of them
};

/// Stores the flowIds of `rows` records.
inline void store_flow_ids(const FlowNumbers& numbers, std::size_t rows, std::byte* to) {
  auto* values = reinterpret_cast<std::uint64_t*>(to);
  for (std::size_t i = 0; i < rows; ++i) {
    values[i] = numbers.first + (numbers.chosen.empty() ? i : numbers.chosen[i]);
  }
}

}  // namespace nfql
