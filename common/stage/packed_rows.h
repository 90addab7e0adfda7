// Rows held one after the other, each value in as few bytes as those of its column need.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "common/base/buffer.h"
#include "common/flow/batch.h"

namespace nfql {

/// How values that all fit 64 bits are found in packed rows: what the rows have is the distance
/// from a base, in whole bytes, perhaps none.
struct PackedValues {
  std::uint64_t base = 0;
  std::uint64_t step = 0;  ///< from one row to the next: of a sequence the rows have nothing
  std::uint64_t mask = 0;  ///< what belongs to the value of 8 bytes at `offset`
  std::size_t offset = 0;  ///< into the row

  /// The value of row number `row`, which begins at `at`; modulo 2^64.
  [[nodiscard]] std::uint64_t get(const std::byte* at, RowId row) const {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at + offset, sizeof bytes);
    return base + step * row + (bytes & mask);
  }
};

/// One column of packed rows.
struct PackedColumn {
  PackedValues values;  ///< of addresses the low half of the wide kind, of reals their bits
  PackedValues high;    ///< of addresses
  PackedValues known;   ///< 1 or 0
  bool all_known = true;
  std::uint8_t width = 0;  ///< of values of the batch it was made from
};

/// The rows of a batch. Sets stay columns.
class PackedRows {
 public:
  explicit PackedRows(const Batch& batch);

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] const PackedColumn& column(std::size_t index) const { return columns_[index]; }
  /// The column as it was, of sets.
  [[nodiscard]] const Column& set(std::size_t index) const { return sets_.columns[index]; }
  /// Where a row begins.
  [[nodiscard]] const std::byte* at(RowId row) const { return bytes_.data() + row * stride_; }
  /// From one row to the next.
  [[nodiscard]] std::size_t stride() const { return stride_; }

 private:
  void plan(const Column& column);
  template <class T>
  void plan_values(PackedColumn& packed, const Column& column, std::span<const T> values);
  void plan_values(PackedColumn& packed, const Column& column, std::span<const double> values);
  void plan_values(PackedColumn& packed, const Column& column, std::span<const Address> values);
  void reserve(PackedValues& values, std::uint64_t range);
  void pack(const Batch& batch, std::size_t first, std::size_t count);

  std::size_t rows_;
  std::size_t stride_ = 0;
  std::vector<PackedColumn> columns_;
  Buffer bytes_;  // and 8 more, so that a value's 8 bytes are there
  Batch sets_;
};

}  // namespace nfql
