#include "common/stage/row_store.h"

#include <array>
#include <bit>
#include <cstring>
#include <numeric>
#include <type_traits>

#include "common/base/error.h"

namespace nfql {
namespace {

// Batches of fewer rows are joined, as much is kept of each.
constexpr std::size_t kSmallRows = kMadeRows / 4;
// Rows gathered at a time: those that are brought near stay in a cache until all columns were
// taken.
constexpr std::size_t kGatheredAtOnce = 512;

void copy_set(const Column& from, RowId row, std::byte* to, std::size_t width) {
  const std::size_t begin = from.offsets[row];
  const std::size_t count = from.offsets[row + 1] - begin;
  const std::byte* values = from.data + begin * from.width;
  if (from.width == width) {
    if (count != 0) {
      std::memcpy(to, values, count * width);
    }
    return;
  }
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t narrow = 0;
    std::memcpy(&narrow, values + i * sizeof narrow, sizeof narrow);
    const Address wide = mapped(narrow);
    std::memcpy(to + i * width, &wide, width);
  }
}

}  // namespace

// A column that is being gathered, and how each chunk has it.
struct RowStore::Gathered {
  Column column;
  std::byte* values = nullptr;
  std::uint8_t* known = nullptr;  // null: all are
  std::vector<const PackedColumn*> chunks;

  // Takes the rows at `places`, which become rows from `first` on.
  void take(std::span<const Place> places, std::size_t first) const {
    visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
      T* to = reinterpret_cast<T*>(values) + first;
      for (const Place& place : places) {
        const PackedColumn& from = *chunks[place.chunk];
        const std::uint64_t bits = from.values.get(place.at, place.row);
        if constexpr (std::is_same_v<T, Address>) {
          *to++ = Address{from.high.get(place.at, place.row), bits};
        } else if constexpr (std::is_same_v<T, double>) {
          *to++ = std::bit_cast<double>(bits);
        } else {
          *to++ = static_cast<T>(bits);
        }
      }
    });
    for (std::size_t i = 0; known != nullptr && i < places.size(); ++i) {
      const Place& place = places[i];
      known[first + i] =
          static_cast<std::uint8_t>(chunks[place.chunk]->known.get(place.at, place.row));
    }
  }
};

void RowStore::add(Batch&& batch) {
  if (batch.rows == 0) {
    return;
  }
  if (batch.rows < kSmallRows && schema_.size() != 0) {
    join(batch);
    return;
  }
  seal();
  add_chunk(batch);
}

void RowStore::clear() {
  chunks_.clear();
  starts_.assign(1, 0);
  guide_.clear();
  open_.clear();
}

void RowStore::join(const Batch& batch) {
  if (!open_.empty() && open_.front().rows() + batch.rows > kMadeRows) {
    seal();
  }
  if (open_.empty()) {
    for (const Field& field : schema_.fields()) {
      open_.emplace_back(field);
    }
  }
  for (std::size_t i = 0; i < open_.size(); ++i) {
    open_[i].append(batch.columns[i]);
  }
}

void RowStore::seal() {
  if (open_.empty()) {
    return;
  }
  Batch joined;
  joined.rows = open_.front().rows();
  for (ColumnBuilder& builder : open_) {
    builder.move_to(joined);
  }
  open_.clear();
  add_chunk(joined);
}

void RowStore::add_chunk(const Batch& batch) {
  chunks_.emplace_back(batch);
  starts_.push_back(starts_.back() + batch.rows);
  while (guide_.size() * kGuideRows < starts_.back()) {
    guide_.push_back(static_cast<std::uint32_t>(chunks_.size() - 1));
  }
}

bool RowStore::is_wide(std::size_t column) const {
  return std::any_of(chunks_.begin(), chunks_.end(), [column](const PackedRows& chunk) {
    return chunk.column(column).width == sizeof(Address);
  });
}

bool RowStore::has_unknown(std::size_t column) const {
  return std::any_of(chunks_.begin(), chunks_.end(),
                     [column](const PackedRows& chunk) { return !chunk.column(column).all_known; });
}

RowStore::Place RowStore::locate(std::uint64_t row) const {
  std::uint32_t chunk = guide_[static_cast<std::size_t>(row / kGuideRows)];
  while (row >= starts_[chunk + 1]) {
    ++chunk;
  }
  const auto in_chunk = static_cast<RowId>(row - starts_[chunk]);
  return {chunks_[chunk].at(in_chunk), chunk, in_chunk};
}

template <class Row>
Column RowStore::gather_set(std::size_t column, std::span<const Row> rows, Batch& owner) const {
  Column result = column_without_values(schema_[column], rows.size());
  result.width = is_wide(column) ? sizeof(Address) : result.width;
  Buffer offsets((rows.size() + 1) * sizeof(std::uint32_t));
  auto* ends = offsets.as<std::uint32_t>();
  std::uint64_t total = 0;
  ends[0] = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Place place = locate(rows[i]);
    const Column& from = chunks_[place.chunk].set(column);
    total += from.offsets[place.row + 1] - from.offsets[place.row];
    if (total > UINT32_MAX) {
      fail(Exit::failed, "a column of sets has more than 2^32 values");
    }
    ends[i + 1] = static_cast<std::uint32_t>(total);
  }
  Buffer values(total * result.width);
  Buffer known(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Place place = locate(rows[i]);
    const Column& from = chunks_[place.chunk].set(column);
    copy_set(from, place.row, values.data() + std::size_t{ends[i]} * result.width, result.width);
    known.as<std::uint8_t>()[i] = from.is_known(place.row) ? 1 : 0;
  }
  result.offsets = reinterpret_cast<const std::uint32_t*>(owner.keep(std::move(offsets)));
  result.data = owner.keep(std::move(values));
  if (has_unknown(column)) {
    result.known = reinterpret_cast<const std::uint8_t*>(owner.keep(std::move(known)));
  }
  return result;
}

RowStore::Gathered RowStore::begin_gathering(std::size_t column, std::size_t rows,
                                             Batch& owner) const {
  Gathered gathered;
  Column& result = gathered.column;
  result = column_without_values(schema_[column], rows);
  result.width = is_wide(column) ? sizeof(Address) : result.width;
  gathered.values = owner.keep(Buffer(rows * result.width));
  result.data = gathered.values;
  if (has_unknown(column)) {
    gathered.known = reinterpret_cast<std::uint8_t*>(owner.keep(Buffer(rows)));
    result.known = gathered.known;
  }
  for (const PackedRows& chunk : chunks_) {
    gathered.chunks.push_back(&chunk.column(column));
  }
  return gathered;
}

template <class Row>
std::vector<Column> RowStore::gather_columns(std::span<const std::size_t> columns,
                                             std::span<const Row> rows, Batch& owner) const {
  std::vector<Column> result(columns.size());
  std::vector<Gathered> gathered;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (schema_[columns[i]].type == Type::set) {
      result[i] = gather_set(columns[i], rows, owner);
    } else {
      gathered.push_back(begin_gathering(columns[i], rows.size(), owner));
      result[i] = gathered.back().column;
    }
  }
  std::array<Place, kGatheredAtOnce> places;
  for (std::size_t first = 0; first < rows.size(); first += kGatheredAtOnce) {
    const std::size_t count = std::min(kGatheredAtOnce, rows.size() - first);
    for (std::size_t i = 0; i < count; ++i) {
      places[i] = locate(rows[first + i]);
      __builtin_prefetch(places[i].at);
      __builtin_prefetch(places[i].at + chunks_[places[i].chunk].stride());
    }
    for (const Gathered& column : gathered) {
      column.take(std::span(places).first(count), first);
    }
  }
  return result;
}

template <class Row>
Batch RowStore::gather(std::span<const Row> rows, std::size_t columns) const {
  const std::vector<std::size_t> all = all_columns();
  Batch result;
  result.rows = rows.size();
  result.columns = gather_columns(std::span(all).first(columns), rows, result);
  return result;
}

template <class Row>
Column RowStore::gather_column(std::size_t column, std::span<const Row> rows, Batch& owner) const {
  return gather_columns(std::span(&column, 1), rows, owner).front();
}

Batch RowStore::unpack(std::size_t chunk, std::span<const std::size_t> columns) const {
  std::vector<std::uint64_t> rows(chunks_[chunk].rows());
  std::iota(rows.begin(), rows.end(), starts_[chunk]);
  Batch batch;
  batch.rows = rows.size();
  for (const Field& field : schema_.fields()) {
    batch.columns.push_back(column_without_values(field, rows.size()));
  }
  const auto gathered = gather_columns(columns, std::span<const std::uint64_t>(rows), batch);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    batch.columns[columns[i]] = gathered[i];
  }
  return batch;
}

std::vector<std::size_t> RowStore::all_columns() const {
  std::vector<std::size_t> all(schema_.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

template Batch RowStore::gather(std::span<const std::uint32_t>, std::size_t) const;
template Batch RowStore::gather(std::span<const std::uint64_t>, std::size_t) const;
template Column RowStore::gather_column(std::size_t, std::span<const std::uint32_t>, Batch&) const;
template Column RowStore::gather_column(std::size_t, std::span<const std::uint64_t>, Batch&) const;

}  // namespace nfql
