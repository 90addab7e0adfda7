// Values of columns to records of IPFIX.
#pragma once

#include <cstddef>
#include <cstdint>

#include "common/flow/batch.h"
#include "common/io/ipfix_cells.h"

namespace nfql {

/// Where the values of one element go: `stride` bytes from record to record.
struct RecordSlots {
  std::byte* to = nullptr;
  std::size_t stride = 0;
  std::size_t width = 0;
};

/// Writes `count` known values of `column` from row `first` on as the element of `cell`, an address
/// of `slots.width` bytes. Returns how many there were before one that it has no room for.
[[nodiscard]] std::size_t encode_values(const IpfixCell& cell, const Column& column,
                                        std::size_t first, std::size_t count,
                                        const RecordSlots& slots);

}  // namespace nfql
