// Turns the bytes that a block stores into columns, trusting none of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "common/flow/batch.h"
#include "common/flow/schema.h"
#include "common/stream/compression.h"
#include "common/stream/layout.h"

namespace nfql {

/// What is wrong with a directory entry of a block of `rows` rows (1 to kMaxRows), or "". An entry
/// without fault says the truth about the raw length of all columns but sets.
[[nodiscard]] std::string find_problem(const ColumnEntry& entry, const Field& field,
                                       std::size_t rows);
/// What is wrong with an entry for bytes that are no column, or "".
[[nodiscard]] std::string find_problem_of_bytes(const ColumnEntry& entry);
/// What the column counts towards kMaxExpanded; of an entry without fault.
[[nodiscard]] std::uint64_t expanded_bytes(const ColumnEntry& entry, std::size_t rows);

/// A column, or what is wrong with the bytes.
struct DecodedColumn {
  Column column;
  bool views_stored = false;  ///< the stored bytes must outlive the column
  std::string problem;        ///< "" when there is none; else there is no column
};

/// Decodes the columns of one block one after the other.
class ColumnDecoder {
 public:
  explicit ColumnDecoder(std::size_t rows) : rows_(rows) {}

  /// From here on columns have only these of their rows, in this order. The rows must outlive the
  /// decoder.
  void choose(std::span<const RowId> rows) { chosen_ = rows; }
  /// Decodes a column whose entry has no fault; `stored` has the bytes that the entry says, at an
  /// address that is a multiple of 8. What the column needs beside them is added to `owner`.
  /// Offsets of sets are in bounds, and each set is sorted and has no value twice.
  DecodedColumn decode(const ColumnEntry& entry, const Field& field,
                       std::span<const std::byte> stored, Batch& owner);

 private:
  std::string decode_raw(const ColumnEntry& entry, std::span<const std::byte> raw, Column& column,
                         Batch& owner);
  void decode_unknown(Column& column, Batch& owner);
  void decode_distances(const ColumnEntry& entry, std::span<const std::byte> raw, Column& column,
                        Batch& owner) const;

  std::size_t rows_;
  std::optional<std::span<const RowId>> chosen_;
  Decompressor decompressor_;
  const std::byte* zeros_ = nullptr;  // shared by all columns that know no value
};

}  // namespace nfql
