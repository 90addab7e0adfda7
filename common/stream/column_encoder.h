// Turns columns into the bytes that a block stores.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/base/buffer.h"
#include "common/flow/batch.h"
#include "common/flow/schema.h"
#include "common/stream/compression.h"
#include "common/stream/layout.h"

namespace nfql {

/// A column as stored, with what the directory says of it.
struct EncodedColumn {
  ColumnEntry entry;
  std::span<const std::byte> stored;
};

/// Encodes the columns of one block after the other; memory is reused from block to block.
///
/// Columns of one value, or of none, take no room whatever the compression. What compression does
/// not make shorter, or would exceed kMaxExpanded in one block, stays as it is.
class ColumnEncoder {
 public:
  explicit ColumnEncoder(Compression compression) : compressor_(compression) {}

  /// Ends the validity of what encode() gave so far.
  void begin_block();
  /// The result views `column` or memory of the encoder, until the next begin_block().
  /// Values of unknown rows are stored as 0.
  EncodedColumn encode(const Column& column, const Field& field);

 private:
  struct Scratch {
    Buffer raw;
    Buffer packed;
  };

  void compress(const Column& column, const Field& field, EncodedColumn& encoded, Scratch& scratch);

  Compressor compressor_;
  std::vector<Scratch> scratch_;  // one a column
  std::size_t used_ = 0;
  std::uint64_t expanded_ = 0;  // of kMaxExpanded, in this block
  Buffer deltas_;
};

/// The column entry of bytes that are no column: sources and totals.
[[nodiscard]] ColumnEntry entry_of_bytes(std::span<const std::byte> bytes);

}  // namespace nfql
