// The header of a flow-tools stream, parsed and checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "common/base/byte_order.h"

namespace nfql {

/// What the header of a stream says of the records after it.
struct FlowToolsHeader {
  ByteOrder order = ByteOrder::little;
  std::uint8_t stream_version = 3;  ///< of the header's form: 1 or 3
  std::uint16_t version = 0;        ///< of the records: 1, 5, 6, 7, 8, 1005
  std::uint8_t aggregation = 0;     ///< method of version 8
  std::size_t size = 0;             ///< bytes of the header
  bool compressed = false;
  std::optional<std::uint32_t> flow_count;  ///< told by files that were finished
  std::uint32_t capture_start = 0;          ///< seconds since the epoch, 0 where not said
  std::uint32_t capture_end = 0;            ///< likewise

  /// Bytes of a record; the version must be one that check_version() lets pass.
  [[nodiscard]] std::size_t record_size() const;
};

/// A header, or what is wrong with it.
struct ParsedFlowToolsHeader {
  FlowToolsHeader header;
  std::string problem;
};

/// Whether `bytes` begin with the magic of a flow-tools stream.
[[nodiscard]] bool looks_flow_tools(std::span<const std::byte> bytes);

/// Bytes of the header that begins with `start` (at least kHeaderStartBytes of it), or nothing if
/// no stream version, byte order or size is like that.
[[nodiscard]] std::optional<std::size_t> flow_tools_header_size(std::span<const std::byte> start);

/// Parses the header that is all of `bytes`, of which flow_tools_header_size() was found good.
[[nodiscard]] ParsedFlowToolsHeader parse_flow_tools_header(std::span<const std::byte> bytes);

/// Throws Error(Exit::failed) for records that no reader is there for: aggregates (version 8),
/// saying of what, and unknown versions.
void check_version(const FlowToolsHeader& header, const std::string& name);

}  // namespace nfql
