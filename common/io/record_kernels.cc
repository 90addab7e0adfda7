#include "common/io/record_kernels.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "common/base/byte_order.h"

namespace nfql {
namespace {

constexpr std::int64_t kMsPerSecond = 1000;

// Reads a big-endian integer; `Width` 0 stands for those that have no loop of their own.
template <std::size_t Width>
std::uint64_t load_big(const std::byte* from, std::size_t width) {
  if constexpr (Width == 1) {
    return std::to_integer<std::uint8_t>(*from);
  } else if constexpr (Width == 2) {
    return load<std::uint16_t>(from, ByteOrder::big);
  } else if constexpr (Width == 4) {
    return load<std::uint32_t>(from, ByteOrder::big);
  } else if constexpr (Width == 8) {
    return load<std::uint64_t>(from, ByteOrder::big);
  } else {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      value = value << 8U | std::to_integer<std::uint64_t>(from[i]);
    }
    return value;
  }
}

// Arithmetic on times from outside stays at the ends of what there are rather than overflow.
constexpr std::int64_t kLastTime = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kFirstTime = std::numeric_limits<std::int64_t>::min();

std::int64_t capped_time(std::uint64_t ms) {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(ms, kLastTime));
}
std::int64_t plus(std::int64_t time, std::uint64_t ms) {
  const std::uint64_t room =
      static_cast<std::uint64_t>(kLastTime) - static_cast<std::uint64_t>(time);
  return ms > room ? kLastTime : static_cast<std::int64_t>(static_cast<std::uint64_t>(time) + ms);
}
std::int64_t minus(std::int64_t time, std::uint64_t ms) {
  const std::uint64_t room =
      static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(kFirstTime);
  return ms > room ? kFirstTime : static_cast<std::int64_t>(static_cast<std::uint64_t>(time) - ms);
}

// The time in 1/`Unit` s, rounded as what was written in that unit wants, then in whole ms.
template <std::uint64_t kUnit>
std::int64_t ms_of_ntp(std::uint64_t raw) {
  constexpr std::int64_t kSecondsTo1970 = 2'208'988'800;
  constexpr std::int64_t kEra = std::int64_t{1} << 32;  // ends in 2036
  auto seconds = static_cast<std::int64_t>(raw >> 32U);
  if (seconds < kEra / 2) {
    seconds += kEra;
  }
  const std::uint64_t fraction = raw & 0xffff'ffffU;
  const std::uint64_t units = (fraction * kUnit + (std::uint64_t{1} << 31U)) >> 32U;
  return (seconds - kSecondsTo1970) * kMsPerSecond +
         static_cast<std::int64_t>(units / (kUnit / kMsPerSecond));
}

std::int64_t ms_of_uptime(std::uint64_t raw, const RecordClock& clock) {
  constexpr std::int64_t kSlackMs = 60 * kMsPerSecond;  // of clocks that differ
  const std::int64_t first = plus(clock.boot_ms, raw);
  const std::int64_t last = clock.export_ms + kSlackMs;
  if (first >= last) {
    return first;
  }
  const std::uint64_t since = static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first);
  return plus(first, since & ~0xffff'ffffULL);
}

// What each coding makes of a value; `width` is that in the record.
struct Raw {
  std::uint64_t bits;
  std::size_t width;
  const RecordClock& clock;
};

template <Coding kCoding, class Value>
void put(const Raw& raw, Value& to) {
  using enum Coding;
  if constexpr (kCoding == number) {
    to = static_cast<Value>(raw.bits);
  } else if constexpr (kCoding == number_unless_zero) {
    to = raw.bits != 0 ? static_cast<Value>(raw.bits) : to;
  } else if constexpr (kCoding == signed_number) {
    const auto shift = static_cast<unsigned>(8 * (sizeof raw.bits - raw.width));
    to = static_cast<std::int64_t>(raw.bits << shift) >> shift;
  } else if constexpr (kCoding == real) {
    to = raw.width == sizeof(float)
             ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(raw.bits)))
             : std::bit_cast<double>(raw.bits);
  } else if constexpr (kCoding == seconds) {
    to = capped_time(std::min<std::uint64_t>(raw.bits, kLastTime / kMsPerSecond) * kMsPerSecond);
  } else if constexpr (kCoding == milliseconds) {
    to = capped_time(raw.bits);
  } else if constexpr (kCoding == microseconds) {
    to = static_cast<std::int64_t>(raw.bits / kMsPerSecond);
  } else if constexpr (kCoding == ntp_microseconds) {
    to = ms_of_ntp<1'000'000>(raw.bits);
  } else if constexpr (kCoding == ntp_nanoseconds) {
    to = ms_of_ntp<1'000'000'000>(raw.bits);
  } else if constexpr (kCoding == before_export) {
    // Rounded up, so that the time is in whole ms what it is in microseconds.
    to = minus(raw.clock.export_ms,
               raw.bits / kMsPerSecond + (raw.bits % kMsPerSecond != 0 ? 1 : 0));
  } else if constexpr (kCoding == uptime) {
    to = ms_of_uptime(raw.bits, raw.clock);
  } else if constexpr (kCoding == plus_uptime) {
    to = ms_of_uptime(raw.bits, {raw.clock.export_ms, to});
  } else if constexpr (kCoding == plus_milliseconds) {
    to = plus(to, raw.bits);
  } else if constexpr (kCoding == plus_microseconds) {
    to = plus(to, raw.bits / kMsPerSecond);
  } else if constexpr (kCoding == minus_milliseconds) {
    to = minus(to, raw.bits);
  } else {
    static_assert(kCoding == minus_microseconds);
    to = minus(to, raw.bits / kMsPerSecond);
  }
}

template <Coding kCoding, std::size_t Width, class Value>
void decode(const RecordSpan& records, Template::Place place, const RecordClock& clock,
            std::byte* to) {
  auto* values = reinterpret_cast<Value*>(to);
  const std::byte* from = records.at + place.offset;
  for (std::size_t i = 0; i < records.count; ++i) {
    put<kCoding>({load_big<Width>(from, place.width), place.width, clock}, values[i]);
    from += records.stride;
  }
}

template <Coding kCoding, class Value>
Kernel of_width(std::size_t width) {
  switch (width) {
    case 1:
      return &decode<kCoding, 1, Value>;
    case 2:
      return &decode<kCoding, 2, Value>;
    case 4:
      return &decode<kCoding, 4, Value>;
    case 8:
      return &decode<kCoding, 8, Value>;
    default:
      return &decode<kCoding, 0, Value>;
  }
}

template <Coding kCoding>
Kernel number_kernel(std::size_t width, Type column) {
  switch (column) {
    case Type::u8:
      return of_width<kCoding, std::uint8_t>(width);
    case Type::u16:
      return of_width<kCoding, std::uint16_t>(width);
    case Type::u32:
      return of_width<kCoding, std::uint32_t>(width);
    case Type::u64:
      return of_width<kCoding, std::uint64_t>(width);
    default:
      return nullptr;
  }
}

template <Coding kCoding>
Kernel time_kernel(std::size_t width) {
  if (kCoding == Coding::ntp_microseconds || kCoding == Coding::ntp_nanoseconds) {
    return width == sizeof(std::uint64_t) ? &decode<kCoding, 8, std::int64_t> : nullptr;
  }
  return width == sizeof(std::uint32_t)   ? &decode<kCoding, 4, std::int64_t>
         : width == sizeof(std::uint64_t) ? &decode<kCoding, 8, std::int64_t>
                                          : &decode<kCoding, 0, std::int64_t>;
}

bool is_zero(const std::byte* from, std::size_t width) {
  return std::all_of(from, from + width, [](std::byte byte) { return byte == std::byte{0}; });
}

constexpr std::size_t kIpv4Bytes = 4, kIpv6Bytes = 16;

bool means_ipv6(const std::byte* record, const AddressPlaces& places) {
  const auto zero = [record](std::size_t place, std::size_t width) {
    return place == AddressPlaces::kNoPlace || is_zero(record + place, width);
  };
  return zero(places.ipv4, kIpv4Bytes) && zero(places.other_ipv4, kIpv4Bytes) &&
         !(zero(places.ipv6, kIpv6Bytes) && zero(places.other_ipv6, kIpv6Bytes));
}

Address load_ipv6(const std::byte* from) {
  return {load<std::uint64_t>(from, ByteOrder::big),
          load<std::uint64_t>(from + sizeof(std::uint64_t), ByteOrder::big)};
}

}  // namespace

Kernel find_kernel(Coding coding, std::size_t width, Type column) {
  using enum Coding;
  if (width == 0 || width > sizeof(std::uint64_t)) {
    return nullptr;
  }
  if (coding == number && column != Type::i64) {
    return number_kernel<number>(width, column);
  }
  if (coding == number_unless_zero) {
    return number_kernel<number_unless_zero>(width, column);
  }
  if (coding == real) {
    const bool fits = column == Type::f64 && (width == sizeof(float) || width == sizeof(double));
    return !fits                    ? nullptr
           : width == sizeof(float) ? &decode<real, 4, double>
                                    : &decode<real, 8, double>;
  }
  if (column != Type::i64) {
    return nullptr;
  }
  switch (coding) {
    case number:  // of a duration
    case milliseconds:
      return time_kernel<milliseconds>(width);
    case signed_number:
      return of_width<signed_number, std::int64_t>(width);
    case seconds:
      return time_kernel<seconds>(width);
    case microseconds:
      return time_kernel<microseconds>(width);
    case ntp_microseconds:
      return time_kernel<ntp_microseconds>(width);
    case ntp_nanoseconds:
      return time_kernel<ntp_nanoseconds>(width);
    case before_export:
      return time_kernel<before_export>(width);
    case uptime:
      return time_kernel<uptime>(width);
    case plus_uptime:
      return time_kernel<plus_uptime>(width);
    case plus_milliseconds:
      return time_kernel<plus_milliseconds>(width);
    case plus_microseconds:
      return time_kernel<plus_microseconds>(width);
    case minus_milliseconds:
      return time_kernel<minus_milliseconds>(width);
    default:
      return time_kernel<minus_microseconds>(width);
  }
}

bool any_ipv6(const RecordSpan& records, const AddressPlaces& places) {
  if (!places.has_both()) {
    return places.ipv6 != AddressPlaces::kNoPlace && records.count != 0;
  }
  for (std::size_t i = 0; i < records.count; ++i) {
    if (means_ipv6(records.at + i * records.stride, places)) {
      return true;
    }
  }
  return false;
}

void decode_narrow(const RecordSpan& records, const AddressPlaces& places, std::uint32_t* to) {
  const std::byte* from = records.at + places.ipv4;
  for (std::size_t i = 0; i < records.count; ++i) {
    to[i] = load<std::uint32_t>(from, ByteOrder::big);
    from += records.stride;
  }
}

void decode_wide(const RecordSpan& records, const AddressPlaces& places, Address* to) {
  const bool both = places.has_both();
  const bool only_ipv6 = places.ipv4 == AddressPlaces::kNoPlace;
  const std::byte* record = records.at;
  for (std::size_t i = 0; i < records.count; ++i) {
    to[i] = only_ipv6 || (both && means_ipv6(record, places))
                ? load_ipv6(record + places.ipv6)
                : mapped(load<std::uint32_t>(record + places.ipv4, ByteOrder::big));
    record += records.stride;
  }
}

}  // namespace nfql
