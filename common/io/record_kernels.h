// Loops that decode one field of many records of IPFIX or NetFlow v9.
#pragma once

#include <cstddef>
#include <cstdint>

#include "common/flow/type.h"
#include "common/io/template_store.h"

namespace nfql {

/// Records of one layout, one behind the other.
struct RecordSpan {
  const std::byte* at = nullptr;
  std::size_t stride = 0;
  std::size_t count = 0;
};

/// What a stream says of the time of its records, in ms since the epoch.
struct RecordClock {
  std::int64_t export_ms = 0;  ///< when they were sent
  std::int64_t boot_ms = 0;    ///< when uptimes began to count
};

/// How a field is written in a record, and how it comes to its column. Times that i64 has no room
/// for become the first or the last that it has.
enum class Coding : std::uint8_t {
  number,              ///< unsigned, of any width: the low bits that the column has room for
  number_unless_zero,  ///< the same; a zero leaves the column as it is
  signed_number,       ///< to i64
  real,                ///< to f64
  seconds,             ///< the others to i64; a time
  milliseconds,        ///< a time or a duration
  microseconds,        ///< a duration, in whole ms
  ntp_microseconds,    ///< the time as of RFC 5905, to the microsecond
  ntp_nanoseconds,     ///< the same, to the nanosecond
  before_export,       ///< a time, as microseconds before the export
  uptime,              ///< a time, as milliseconds of uptime, which begin anew every 2^32
  plus_uptime,         ///< the same, since the time that the column has
  plus_milliseconds,   ///< added to the column
  plus_microseconds,   ///< added to the column, in whole ms
  minus_milliseconds,  ///< taken from the column
  minus_microseconds,  ///< taken from the column, in whole ms
};

/// Decodes the field at `place` of all records to the values of a column from `to` on.
using Kernel = void (*)(const RecordSpan& records, Template::Place place, const RecordClock& clock,
                        std::byte* to);

/// The loop for a field of `width` bytes and a column of this type; nullptr if there is none.
[[nodiscard]] Kernel find_kernel(Coding coding, std::size_t width, Type column);

/// Where the addresses of a column are in a record; `kNoPlace` where they are not. A record with
/// places of both families means the one that is not zero; source and destination are one family,
/// so the other address of the pair has a say.
struct AddressPlaces {
  static constexpr std::size_t kNoPlace = SIZE_MAX;

  std::size_t ipv4 = kNoPlace;
  std::size_t ipv6 = kNoPlace;
  std::size_t other_ipv4 = kNoPlace;
  std::size_t other_ipv6 = kNoPlace;

  [[nodiscard]] bool has_both() const { return ipv4 != kNoPlace && ipv6 != kNoPlace; }
};

/// Whether an IPv6 address is meant in some of the records.
[[nodiscard]] bool any_ipv6(const RecordSpan& records, const AddressPlaces& places);
/// Decodes addresses of records in which none of IPv6 is meant.
void decode_narrow(const RecordSpan& records, const AddressPlaces& places, std::uint32_t* to);
void decode_wide(const RecordSpan& records, const AddressPlaces& places, Address* to);

}  // namespace nfql
