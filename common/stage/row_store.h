// Rows of one schema held in memory, in the batches they came in, to be taken out in any order.
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

namespace nfql {

/// Takes batches over without copying them, but for small ones, which it joins. Rows are numbered
/// from 0 in the order in which they were added.
class RowStore {
 public:
  explicit RowStore(Schema schema) : schema_(std::move(schema)) {}

  [[nodiscard]] const Schema& schema() const { return schema_; }
  [[nodiscard]] std::uint64_t rows() const { return starts_.back(); }
  /// Adds the rows of a batch of this schema.
  void add(Batch&& batch);
  /// Forgets all rows.
  void clear();

  /// The rows as they are held: visit(first_row, batch) for each piece, in order.
  template <class Visit>
  void visit(Visit&& visit) const {
    for (std::size_t i = 0; i < chunks_.size(); ++i) {
      visit(starts_[i], chunks_[i]);
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

  /// Replaces each value x of a u64 column by map(x). No rows may be added after that.
  template <class Map>
  void replace_u64(std::size_t column, Map&& map) {
    close();
    for (Batch& chunk : chunks_) {
      Buffer values(chunk.rows * sizeof(std::uint64_t));
      const std::span<const std::uint64_t> old = chunk.columns[column].values<std::uint64_t>();
      std::transform(old.begin(), old.end(), values.as<std::uint64_t>(), map);
      chunk.columns[column].data = chunk.keep(std::move(values));
    }
  }

 private:
  // About the rows of a small chunk, so that few begin between two entries of the guide.
  static constexpr std::size_t kGuideRows = 4096;

  // A row's chunk, and its place in that.
  struct Place {
    std::uint32_t chunk;
    RowId row;
  };

  template <class Row>
  [[nodiscard]] std::vector<Place> locate(std::span<const Row> rows) const;
  [[nodiscard]] Column gather_places(std::size_t column, std::span<const Place> places,
                                     Batch& owner) const;
  const std::byte* gather_values(std::size_t column, std::span<const Place> places,
                                 const Column& result, Batch& owner) const;
  const std::byte* gather_sets(std::size_t column, std::span<const Place> places, Column& result,
                               Batch& owner) const;
  void join(const Batch& batch);
  void extend_guide();
  void close();

  Schema schema_;
  std::vector<Batch> chunks_;
  std::vector<std::uint64_t> starts_{0};  // number of each chunk's first row, and of all rows
  std::vector<std::uint32_t> guide_;      // the chunk of every kGuideRows-th row
  std::vector<ColumnBuilder> open_;       // behind the columns of the last chunk, if it may grow
};

}  // namespace nfql
