// Rows of one schema held in memory, to be taken out in any order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "common/flow/batch.h"
#include "common/flow/column_builder.h"
#include "common/flow/schema.h"
#include "common/stage/packed_rows.h"

namespace nfql {

/// Holds rows packed, which is about half of what they take as columns; small batches are joined.
/// Rows are numbered from 0 in the order in which they were added. Once sealed, rows may be taken
/// by several threads.
class RowStore {
 public:
  explicit RowStore(Schema schema) : schema_(std::move(schema)) {}

  [[nodiscard]] const Schema& schema() const { return schema_; }
  [[nodiscard]] std::uint64_t rows() const {
    return starts_.back() + (open_.empty() ? 0 : open_.front().rows());
  }
  /// Adds the rows of a batch of this schema.
  void add(Batch&& batch);
  /// To be called after the last add() before rows are taken. More may be added after that.
  void seal();
  /// Forgets all rows.
  void clear();

  /// All rows from number `from` on, in order: visit(first_row, batch) for each piece, of which the
  /// first may begin earlier. Only the given columns have values.
  template <class Visit>
  void visit(std::span<const std::size_t> columns, Visit&& visit, std::uint64_t from = 0) const {
    for (std::size_t i = 0; i < chunks_.size(); ++i) {
      if (starts_[i + 1] > from) {
        visit(starts_[i], unpack(i, columns));
      }
    }
  }

  /// The given rows, in the order given, which may name a row more than once. `Row` is uint32_t or
  /// uint64_t; every row must be there. Only the first `columns` columns are taken.
  template <class Row>
  [[nodiscard]] Batch gather(std::span<const Row> rows, std::size_t columns) const;
  /// The same of one column; memory is added to `owner`.
  template <class Row>
  [[nodiscard]] Column gather_column(std::size_t column, std::span<const Row> rows,
                                     Batch& owner) const;

  /// Whether gathered addresses of the column are of the wide kind.
  [[nodiscard]] bool is_wide(std::size_t column) const;
  /// Whether some value of the column is unknown.
  [[nodiscard]] bool has_unknown(std::size_t column) const;

  /// Replaces each value x of a u64 column by map(x). The store is sealed.
  template <class Map>
  void replace_u64(std::size_t column, Map&& map) {
    for (std::size_t i = 0; i < chunks_.size(); ++i) {
      Batch batch = unpack(i, all_columns());
      Buffer values(batch.rows * sizeof(std::uint64_t));
      const std::span<const std::uint64_t> old = batch.columns[column].values<std::uint64_t>();
      std::transform(old.begin(), old.end(), values.as<std::uint64_t>(), map);
      batch.columns[column].data = batch.keep(std::move(values));
      chunks_[i] = PackedRows(batch);
    }
  }

 private:
  // About the rows of a small chunk, so that few begin between two entries of the guide.
  static constexpr std::size_t kGuideRows = 4096;

  // A row's chunk, and its place in that.
  struct Place {
    const std::byte* at;
    std::uint32_t chunk;
    RowId row;
  };
  struct Gathered;

  [[nodiscard]] Place locate(std::uint64_t row) const;
  template <class Row>
  [[nodiscard]] std::vector<Column> gather_columns(std::span<const std::size_t> columns,
                                                   std::span<const Row> rows, Batch& owner) const;
  template <class Row>
  [[nodiscard]] Column gather_set(std::size_t column, std::span<const Row> rows,
                                  Batch& owner) const;
  [[nodiscard]] Gathered begin_gathering(std::size_t column, std::size_t rows, Batch& owner) const;
  [[nodiscard]] Batch unpack(std::size_t chunk, std::span<const std::size_t> columns) const;
  [[nodiscard]] std::vector<std::size_t> all_columns() const;
  void join(const Batch& batch);
  void add_chunk(const Batch& batch);

  Schema schema_;
  std::vector<PackedRows> chunks_;
  std::vector<std::uint64_t> starts_{0};  // number of each chunk's first row, and of all rows
  std::vector<std::uint32_t> guide_;      // the chunk of every kGuideRows-th row
  std::vector<ColumnBuilder> open_;       // small batches that are being joined, behind the chunks
};

}  // namespace nfql
