// The types of columns and what their values mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <type_traits>

#include "common/flow/address.h"

namespace nfql {

/// Type of a column's values. The numbers are those of nfql-stream(5).
enum class Type : std::uint8_t {
  u8 = 1,
  u16 = 2,
  u32 = 3,
  u64 = 4,
  i64 = 5,
  f64 = 6,
  address = 7,  ///< u32 in a column of IPv4 only, else Address (IPv4-mapped)
  set = 8,      ///< sorted, distinct values of one of the other types
};

/// What a value means: how it is printed and which literals it is compared with.
enum class Meaning : std::uint8_t {
  number = 0,
  time = 1,      ///< i64, ms since the epoch, UTC
  duration = 2,  ///< i64, u32 for router uptimes, f64 for means of them; ms
  port = 3,
  protocol = 4,
  flags = 5,  ///< TCP control bits
  address = 6,
  mac = 7,  ///< u64, the low 48 bits
};

/// Calls `visit(std::type_identity<T>{})` with the type T in which a column holds its values;
/// `width` tells the two of addresses apart. Not for Type::set.
template <class Visitor>
constexpr decltype(auto) visit_values(Type type, std::size_t width, Visitor&& visit) {
  switch (type) {
    case Type::u8:
      return visit(std::type_identity<std::uint8_t>{});
    case Type::u16:
      return visit(std::type_identity<std::uint16_t>{});
    case Type::u32:
      return visit(std::type_identity<std::uint32_t>{});
    case Type::u64:
      return visit(std::type_identity<std::uint64_t>{});
    case Type::i64:
      return visit(std::type_identity<std::int64_t>{});
    case Type::f64:
      return visit(std::type_identity<double>{});
    case Type::address:
      if (width == sizeof(Address)) {
        return visit(std::type_identity<Address>{});
      }
      return visit(std::type_identity<std::uint32_t>{});
    case Type::set:
      break;
  }
  std::abort();  // sets are taken apart before this; other numbers no Type has
}

/// Bytes of one value; of an address, of the narrow kind. 0 for sets.
[[nodiscard]] constexpr std::size_t width_of(Type type) {
  switch (type) {
    case Type::u8:
      return 1;
    case Type::u16:
      return 2;
    case Type::u32:
    case Type::address:
      return 4;
    case Type::u64:
    case Type::i64:
    case Type::f64:
      return 8;
    case Type::set:
      break;
  }
  return 0;
}

}  // namespace nfql
