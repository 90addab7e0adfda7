// Streams in memory for tests: written, read, and told in text that is easy to compare.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/base/fd.h"
#include "common/stream/block.h"
#include "common/stream/compression.h"
#include "common/stream/layout.h"

namespace nfql {

using Bytes = std::vector<std::byte>;

/// An input called "test" that holds `bytes`.
[[nodiscard]] InputFile memory_file(std::span<const std::byte> bytes);
/// The same through a pipe that is filled as it is read; `bytes` must fit its buffer (64 KiB).
[[nodiscard]] InputFile pipe_file(std::span<const std::byte> bytes);

/// A block that views the columns of another.
[[nodiscard]] Block shallow_copy(const Block& block);

/// What StreamWriter makes of these blocks.
[[nodiscard]] Bytes write_stream(const StreamHeader& header, std::span<const Block> blocks,
                                 Compression compression = {});

/// Each row of each block as a line of JSON, without the cuts between blocks.
[[nodiscard]] std::vector<std::string> describe(const StreamHeader& header,
                                                std::span<const Block> blocks);
/// What StreamReader finds in `bytes`, described.
[[nodiscard]] std::vector<std::string> read_lines(
    std::span<const std::byte> bytes,
    const std::optional<std::vector<ElementId>>& wanted = std::nullopt);
/// Reads all of it; the message of the Error that ends that, or "".
[[nodiscard]] std::string error_of(std::span<const std::byte> bytes);
[[nodiscard]] std::string error_of(const std::function<void()>& action);

/// A block of any head and columns, plausible or not, with right checksums and lengths.
struct RawColumn {
  ColumnEntry entry;  ///< stored_bytes and checksum are filled in
  Bytes stored;
};
void append_block(Bytes& to, const BlockHead& head, std::vector<RawColumn> columns);
/// An end block with these totals: blocks, then rows by kind.
void append_end(Bytes& to, const std::vector<std::uint64_t>& totals);
/// The bytes of a header.
[[nodiscard]] Bytes header_bytes(const StreamHeader& header);
/// The bytes of some values.
template <class T>
[[nodiscard]] Bytes bytes_of(const std::vector<T>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  return {bytes.begin(), bytes.end()};
}

}  // namespace nfql
