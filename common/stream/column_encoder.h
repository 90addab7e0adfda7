// Turns columns into the bytes that a block stores.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "common/base/buffer.h"
#include "common/flow/batch.h"
#include "common/flow/schema.h"
#include "common/stream/column_summary.h"
#include "common/stream/compression.h"
#include "common/stream/layout.h"

namespace nfql {

/// Encodes the columns of one block one after the other.
///
/// Columns of one value, of none, or of a constant step take no room whatever the compression, and
/// whole numbers as few bytes as their range needs. What compression does not make shorter, or
/// would exceed kMaxExpanded in one block, stays as it is.
class ColumnEncoder {
 public:
  explicit ColumnEncoder(Compression compression) : compressor_(compression) {}

  /// Appends the stored bytes of the column, with padding, to `to`, whose size must be a multiple
  /// of 8; returns what the directory says of them. Values of unknown rows are stored as 0.
  ColumnEntry encode(const Column& column, const Field& field, Buffer& to);

 private:
  [[nodiscard]] bool may_expand(std::uint64_t bytes) const {
    return bytes <= kMaxExpanded - expanded_;
  }
  [[nodiscard]] Encoding choose(const Column& column, const Field& field,
                                const ColumnSummary& summary) const;
  bool compress(const Column& column, const Field& field, ColumnEntry& entry, Buffer& to);

  Compressor compressor_;
  std::uint64_t expanded_ = 0;  // of kMaxExpanded, so far
  Buffer raw_;
};

/// The column entry of bytes that are no column: sources and totals.
[[nodiscard]] ColumnEntry entry_of_bytes(std::span<const std::byte> bytes);

}  // namespace nfql
