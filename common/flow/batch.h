// Rows as columns: what readers give, stages work on and writers take.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "common/base/buffer.h"
#include "common/flow/schema.h"
#include "common/flow/type.h"

namespace nfql {

/// Index of a row in a batch.
using RowId = std::uint32_t;

/// Most rows of a batch. A column of u64 then fills 512 KiB.
inline constexpr std::size_t kMaxRows = 64 * 1024;
/// Rows of the batches that we make: few enough to stay in a second-level cache on their way.
inline constexpr std::size_t kMadeRows = 8 * 1024;

/// Values of one field, one a row: a view of memory that a Batch (or a ColumnBuilder) owns.
struct Column {
  Type type = Type::u64;
  Type element_type = Type::u64;  ///< of a set's values
  std::uint8_t width = 8;         ///< bytes of a value (of a set's value); addresses have 4 or 16
  std::size_t rows = 0;
  const std::byte* data = nullptr;         ///< values, at least 8-byte aligned; of sets, end to end
  const std::uint8_t* known = nullptr;     ///< 1 where the value is known, else 0; null: all known
  const std::uint32_t* offsets = nullptr;  ///< of sets: rows + 1 offsets into the values, else null

  /// The values; T as visit_values() gives it. Where a value is unknown it is any value.
  template <class T>
  [[nodiscard]] std::span<const T> values() const {
    assert(sizeof(T) == width && type != Type::set);
    return {reinterpret_cast<const T*>(data), rows};
  }
  /// The set in row `row`, sorted, each value once.
  template <class T>
  [[nodiscard]] std::span<const T> set(std::size_t row) const {
    assert(sizeof(T) == width && type == Type::set);
    return {reinterpret_cast<const T*>(data) + offsets[row], offsets[row + 1] - offsets[row]};
  }
  [[nodiscard]] bool is_known(std::size_t row) const { return known == nullptr || known[row] != 0; }
  /// The address in row `row` whatever the width.
  [[nodiscard]] Address address(std::size_t row) const {
    return width == sizeof(Address) ? values<Address>()[row] : mapped(values<std::uint32_t>()[row]);
  }
  /// Bytes that the values take.
  [[nodiscard]] std::size_t data_bytes() const {
    return (type == Type::set ? (rows == 0 ? 0 : std::size_t{offsets[rows]}) : rows) * width;
  }
};

/// Up to kMaxRows rows, with the memory of their columns. The schema travels beside it.
/// Moving a batch keeps its columns valid.
struct Batch {
  std::size_t rows = 0;
  std::vector<Column> columns;
  std::vector<Buffer> memory;

  /// Takes over `buffer`, which columns may then view; returns where its bytes are.
  std::byte* keep(Buffer&& buffer) {
    memory.push_back(std::move(buffer));
    return memory.back().data();
  }
  void clear() {
    rows = 0;
    columns.clear();
    memory.clear();
  }
};

/// Whether the batch itself has the memory of all its columns, so that it may outlive whoever made
/// it.
[[nodiscard]] bool owns_columns(const Batch& batch);

/// Where a group of flows came from (nfql-stream(5), block `sources`).
struct Source {
  std::string name;               ///< as the user named the input; for people
  std::uint64_t fingerprint = 0;  ///< XXH3 of the first bytes of the input's content
  std::uint64_t first_flow = 0;   ///< flowId of its flow 0; up to the next source's

  friend bool operator==(const Source&, const Source&) = default;
};

/// Rows [first, first + count) of all columns of `from`, whose memory they view.
[[nodiscard]] Batch slice(const Batch& from, std::size_t first, std::size_t count);
/// The selected rows of `column`, in the order of `rows`; memory is added to `owner`.
[[nodiscard]] Column gather(const Column& column, std::span<const RowId> rows, Batch& owner);
/// A column that has a type and rows, but no values: for columns that nobody reads.
[[nodiscard]] Column column_without_values(const Field& field, std::size_t rows);
/// A column of unknown values; memory is added to `owner`.
[[nodiscard]] Column unknown_column(const Field& field, std::size_t rows, Batch& owner);
/// The selected rows of all columns of `from`.
[[nodiscard]] Batch gather(const Batch& from, std::span<const RowId> rows);

}  // namespace nfql
