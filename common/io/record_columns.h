// Which columns of a stream stand for the fields of a flow record, and their values as integers.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>

#include "common/flow/batch.h"
#include "common/flow/schema.h"

namespace nfql {

/// The column that a record of a foreign format takes a field from: the one that is its IPFIX
/// element, else a computed one that bears one of its names (`sum(bytes) as bytes`), else the sum
/// of packets or bytes, or the `or` of flags, that is named as aggregates name it (`sum_bytes`,
/// `or_flags`). Never a set.
[[nodiscard]] std::optional<std::size_t> find_record_column(const Schema& schema, ElementId id);
/// The column that is this element and has the type that the registry gives it.
[[nodiscard]] std::optional<std::size_t> find_typed_column(const Schema& schema, ElementId id);

/// A value for messages. Not of a set.
[[nodiscard]] std::string value_text(const Column& column, std::size_t row);

/// The value as an integer from 0 to `largest`, rounded, an IPv4 address as its number; nothing if
/// it is none.
template <class T>
std::optional<std::uint64_t> stored_value(const T& value, std::uint64_t largest) {
  std::uint64_t result = 0;
  if constexpr (std::is_same_v<T, Address>) {
    if (!is_ipv4(value)) {
      return std::nullopt;
    }
    result = ipv4_of(value);
  } else if constexpr (std::is_same_v<T, double>) {
    constexpr double kTooLarge = 18'446'744'073'709'551'616.0;
    const double rounded = std::nearbyint(value);
    if (!(rounded >= 0 && rounded < kTooLarge)) {
      return std::nullopt;
    }
    result = static_cast<std::uint64_t>(rounded);
  } else {
    if constexpr (std::is_signed_v<T>) {
      if (value < 0) {
        return std::nullopt;
      }
    }
    result = static_cast<std::uint64_t>(value);
  }
  return result <= largest ? std::optional(result) : std::nullopt;
}

}  // namespace nfql
