// The header of a native stream: to bytes and back, and the rules it keeps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "common/base/buffer.h"
#include "common/stream/block.h"
#include "common/stream/layout.h"

namespace nfql {

/// What is wrong with a header, or "". The rules: one branch, but in tuples and collections at
/// least one, their names distinct; names are UTF-8 without control characters; the limits of
/// layout.h; a set's values are no sets; start, end, flowId, count, component and stream have the
/// type that the registry gives them, and in schemas of flows so has every field that the registry
/// knows; group columns have element::kCount if there are members, and flows have no members.
[[nodiscard]] std::string find_problem(const StreamHeader& header);

/// The bytes of a header that keeps the rules. Throws Error(Exit::failed) when they are too many.
[[nodiscard]] Buffer pack_header(const StreamHeader& header);

/// The fixed part of a header.
struct StreamHead {
  std::uint8_t kind = 0;
  std::uint8_t flags = 0;
  std::uint32_t payload_bytes = 0;
  std::uint64_t checksum = 0;
};

/// Whether a stream may begin with these bytes, of which there need not be all of the magic.
[[nodiscard]] bool may_be_stream(std::span<const std::byte> bytes);

/// Throws Error(Exit::failed) when the input `name` that begins with these bytes is no stream.
void check_magic(std::span<const std::byte> bytes, const std::string& name);
/// Checks magic, version and length of the first kStreamHeadBytes bytes of the input `name`;
/// throws Error(Exit::failed).
[[nodiscard]] StreamHead load_stream_head(std::span<const std::byte> bytes,
                                          const std::string& name);
/// Decodes and checks the rest; `bytes` is the whole header. Throws Error(Exit::failed).
[[nodiscard]] StreamHeader unpack_header(std::span<const std::byte> bytes, const std::string& name);

}  // namespace nfql
