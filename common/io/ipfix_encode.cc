#include "common/io/ipfix_encode.h"

#include <bit>
#include <limits>
#include <optional>
#include <span>
#include <type_traits>

#include "common/base/byte_order.h"
#include "common/io/record_columns.h"

namespace nfql {
namespace {

constexpr std::uint64_t kMsOfSecond = 1000;

void store_big(std::byte* to, std::uint64_t value, std::size_t width) {
  for (std::size_t i = width; i != 0; --i) {
    to[i - 1] = static_cast<std::byte>(value);
    value >>= 8U;
  }
}

// The time in the form of RFC 5905; of microseconds the bits that are less are 0 (RFC 7011, 6.1.9).
std::uint64_t ntp_of(std::uint64_t ms, bool microseconds) {
  constexpr std::uint64_t kSecondsTo1970 = 2'208'988'800;
  constexpr std::uint64_t kLessThanMicroseconds = 0x7ff;
  const std::uint64_t fraction = ((ms % kMsOfSecond << 32U) + kMsOfSecond / 2) / kMsOfSecond;
  const std::uint64_t kept = microseconds ? fraction & ~kLessThanMicroseconds : fraction;
  return (ms / kMsOfSecond + kSecondsTo1970) << 32U | kept;
}

std::uint64_t largest_of(std::size_t width) {
  return width >= sizeof(std::uint64_t) ? std::numeric_limits<std::uint64_t>::max()
                                        : (std::uint64_t{1} << 8 * width) - 1;
}

// The bits of a value of one of the less usual types; nothing if the element has no room for it.
template <class T>
std::optional<std::uint64_t> bits_of(const IpfixCell& cell, const T& value) {
  if constexpr (std::is_same_v<T, Address>) {
    return std::nullopt;
  } else {
    switch (cell.type) {
      case DataType::float32:
        return std::bit_cast<std::uint32_t>(static_cast<float>(value));
      case DataType::float64:
        return std::bit_cast<std::uint64_t>(static_cast<double>(value));
      case DataType::signed8:
      case DataType::signed16:
      case DataType::signed32:
      case DataType::signed64: {
        if constexpr (std::is_same_v<T, std::int64_t>) {
          const auto shift = static_cast<unsigned>(8 * (sizeof value - cell.width));
          const auto bits = static_cast<std::uint64_t>(value);
          const bool fits = static_cast<std::int64_t>(bits << shift) >> shift == value;
          return fits ? std::optional(bits) : std::nullopt;
        }
        return stored_value(value, largest_of(cell.width) / 2);
      }
      case DataType::dateTimeSeconds: {
        const auto ms = stored_value(value, (largest_of(cell.width) + 1) * kMsOfSecond - 1);
        return ms ? std::optional(*ms / kMsOfSecond) : std::nullopt;
      }
      case DataType::dateTimeMicroseconds:
      case DataType::dateTimeNanoseconds: {
        // The last year of what the four bytes of seconds can mean is 2104.
        constexpr std::uint64_t kLastMs = 4'233'000'000'000;
        const auto ms = stored_value(value, kLastMs);
        return ms ? std::optional(ntp_of(*ms, cell.type == DataType::dateTimeMicroseconds))
                  : std::nullopt;
      }
      default:
        return stored_value(value, largest_of(cell.width));
    }
  }
}

template <class T>
std::size_t encode_checked(const IpfixCell& cell, std::span<const T> values,
                           const RecordSlots& slots) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::optional<std::uint64_t> bits = bits_of(cell, values[i]);
    if (!bits) {
      return i;
    }
    store_big(slots.to + i * slots.stride, *bits, cell.width);
  }
  return values.size();
}

// Values that always fit, as they are.
template <class T>
std::size_t encode_plain(std::span<const T> values, const RecordSlots& slots) {
  std::byte* to = slots.to;
  for (const T value : values) {
    store(to, static_cast<std::make_unsigned_t<T>>(value), ByteOrder::big);
    to += slots.stride;
  }
  return values.size();
}

// Times are only wrong before 1970.
std::size_t encode_times(const IpfixCell& cell, std::span<const std::int64_t> values,
                         const RecordSlots& slots) {
  std::int64_t signs = 0;
  for (const std::int64_t value : values) {
    signs |= value;
  }
  return signs < 0 ? encode_checked(cell, values, slots) : encode_plain(values, slots);
}

std::size_t encode_addresses(const Column& column, std::size_t first, std::size_t count,
                             const RecordSlots& slots) {
  for (std::size_t i = 0; i < count; ++i) {
    const Address address = column.address(first + i);
    std::byte* to = slots.to + i * slots.stride;
    if (slots.width == sizeof(Address)) {
      store(to, address.high, ByteOrder::big);
      store(to + sizeof address.high, address.low, ByteOrder::big);
    } else if (is_ipv4(address)) {
      store(to, ipv4_of(address), ByteOrder::big);
    } else {
      return i;
    }
  }
  return count;
}

}  // namespace

std::size_t encode_values(const IpfixCell& cell, const Column& column, std::size_t first,
                          std::size_t count, const RecordSlots& slots) {
  if (cell.is_address()) {
    return encode_addresses(column, first, count, slots);
  }
  return visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
    const std::span<const T> values = column.values<T>().subspan(first, count);
    if constexpr (std::is_integral_v<T>) {
      const bool unsigned_element = cell.type <= DataType::unsigned64;
      if (std::is_unsigned_v<T> && unsigned_element && cell.width == sizeof(T)) {
        return encode_plain(values, slots);
      }
      if constexpr (std::is_same_v<T, std::int64_t>) {
        if (cell.type == DataType::dateTimeMilliseconds) {
          return encode_times(cell, values, slots);
        }
      }
    }
    return encode_checked(cell, values, slots);
  });
}

}  // namespace nfql
