// The start of a SiLK file: what it holds, and whether that can be read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "common/base/byte_order.h"
#include "common/io/silk_format.h"

namespace nfql {

/// What the header of a stream says of the records after it.
struct SilkHeader {
  ByteOrder order = ByteOrder::little;  ///< of the records
  silk::Method method = silk::Method::none;
  const silk::Layout* layout = nullptr;  ///< of the records: one of silk::kLayouts

  [[nodiscard]] std::size_t record_size() const { return layout->record_size; }
};

/// Whether `first` begins as SiLK files of all kinds do.
[[nodiscard]] bool looks_silk(std::span<const std::byte> first);

/// Parses the start (kStartBytes) of the file `name`, which looks_silk(). Throws
/// Error(Exit::failed) for all that cannot be read, saying what it is and what to do about it:
/// packed files, sets, bags and so on, unknown formats, versions and compressions.
[[nodiscard]] SilkHeader parse_silk_header(std::span<const std::byte> start,
                                           const std::string& name);

}  // namespace nfql
