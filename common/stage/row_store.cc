#include "common/stage/row_store.h"

#include <cstring>
#include <type_traits>

#include "common/base/error.h"

namespace nfql {
namespace {

// Batches of fewer rows are joined, as each of them has memory of its own for every column.
constexpr std::size_t kSmallRows = kMaxRows / 8;

void copy_value(const Column& from, RowId row, std::byte* to, std::size_t width) {
  if (from.width == width) {
    std::memcpy(to, from.data + std::size_t{row} * width, width);
  } else {
    const Address wide = mapped(from.values<std::uint32_t>()[row]);
    std::memcpy(to, &wide, sizeof wide);
  }
}

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

void RowStore::add(Batch&& batch) {
  if (batch.rows == 0) {
    return;
  }
  if (batch.rows < kSmallRows && schema_.size() != 0) {
    join(batch);
    return;
  }
  close();
  starts_.push_back(starts_.back() + batch.rows);
  chunks_.push_back(std::move(batch));
  extend_guide();
}

void RowStore::clear() {
  chunks_.clear();
  starts_.assign(1, 0);
  guide_.clear();
  open_.clear();
}

// Appends to the last chunk, whose columns are views of builders until it is closed.
void RowStore::join(const Batch& batch) {
  if (!open_.empty() && open_.front().rows() + batch.rows > kMaxRows) {
    close();
  }
  if (open_.empty()) {
    for (const Field& field : schema_.fields()) {
      open_.emplace_back(field);
    }
    chunks_.emplace_back();
    starts_.push_back(starts_.back());
  }
  Batch& chunk = chunks_.back();
  chunk.columns.clear();
  for (std::size_t i = 0; i < open_.size(); ++i) {
    open_[i].append(batch.columns[i]);
    chunk.columns.push_back(open_[i].view());
  }
  chunk.rows += batch.rows;
  starts_.back() += batch.rows;
  extend_guide();
}

// To all rows; those that are new are in the last chunk.
void RowStore::extend_guide() {
  while (guide_.size() * kGuideRows < rows()) {
    guide_.push_back(static_cast<std::uint32_t>(chunks_.size() - 1));
  }
}

void RowStore::close() {
  if (open_.empty()) {
    return;
  }
  Batch& chunk = chunks_.back();
  const std::size_t rows = chunk.rows;
  chunk.clear();
  for (ColumnBuilder& builder : open_) {
    builder.move_to(chunk);
  }
  chunk.rows = rows;
  open_.clear();
}

template <class Row>
std::vector<RowStore::Place> RowStore::locate(std::span<const Row> rows) const {
  std::vector<Place> places;
  places.reserve(rows.size());
  for (const std::uint64_t row : rows) {
    std::size_t chunk = guide_[row / kGuideRows];
    while (row >= starts_[chunk + 1]) {
      ++chunk;
    }
    places.push_back({static_cast<std::uint32_t>(chunk), static_cast<RowId>(row - starts_[chunk])});
  }
  return places;
}

const std::byte* RowStore::gather_sets(std::size_t column, std::span<const Place> places,
                                       Column& result, Batch& owner) const {
  Buffer offsets((places.size() + 1) * sizeof(std::uint32_t));
  auto* ends = offsets.as<std::uint32_t>();
  std::uint64_t total = 0;
  ends[0] = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Column& from = chunks_[places[i].chunk].columns[column];
    total += from.offsets[places[i].row + 1] - from.offsets[places[i].row];
    if (total > UINT32_MAX) {
      fail(Exit::failed, "a column of sets has more than 2^32 values");
    }
    ends[i + 1] = static_cast<std::uint32_t>(total);
  }
  Buffer values(total * result.width);
  for (std::size_t i = 0; i < places.size(); ++i) {
    copy_set(chunks_[places[i].chunk].columns[column], places[i].row,
             values.data() + std::size_t{ends[i]} * result.width, result.width);
  }
  result.offsets = reinterpret_cast<const std::uint32_t*>(owner.keep(std::move(offsets)));
  return owner.keep(std::move(values));
}

Column RowStore::gather_places(std::size_t column, std::span<const Place> places,
                               Batch& owner) const {
  const Field& field = schema_[column];
  Column result;
  result.type = field.type;
  result.element_type = field.type == Type::set ? field.element_type : field.type;
  result.width = static_cast<std::uint8_t>(width_of(result.element_type));
  result.rows = places.size();
  bool all_known = true;
  for (const Batch& chunk : chunks_) {
    result.width = std::max(result.width, chunk.columns[column].width);
    all_known = all_known && chunk.columns[column].known == nullptr;
  }
  if (!all_known) {
    Buffer known(places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      const Column& from = chunks_[places[i].chunk].columns[column];
      known.as<std::uint8_t>()[i] = from.is_known(places[i].row) ? 1 : 0;
    }
    result.known = reinterpret_cast<const std::uint8_t*>(owner.keep(std::move(known)));
  }
  result.data = field.type == Type::set ? gather_sets(column, places, result, owner)
                                        : gather_values(column, places, result, owner);
  return result;
}

const std::byte* RowStore::gather_values(std::size_t column, std::span<const Place> places,
                                         const Column& result, Batch& owner) const {
  Buffer values(places.size() * result.width);
  bool one_width = true;
  std::vector<const std::byte*> bases;
  for (const Batch& chunk : chunks_) {
    one_width = one_width && chunk.columns[column].width == result.width;
    bases.push_back(chunk.columns[column].data);
  }
  if (!one_width) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      copy_value(chunks_[places[i].chunk].columns[column], places[i].row,
                 values.data() + i * result.width, result.width);
    }
    return owner.keep(std::move(values));
  }
  visit_values(result.type, result.width, [&]<class T>(std::type_identity<T>) {
    T* to = values.as<T>();
    for (std::size_t i = 0; i < places.size(); ++i) {
      to[i] = reinterpret_cast<const T*>(bases[places[i].chunk])[places[i].row];
    }
  });
  return owner.keep(std::move(values));
}

template <class Row>
Batch RowStore::gather(std::span<const Row> rows, std::size_t columns) const {
  const std::vector<Place> places = locate(rows);
  Batch result;
  result.rows = rows.size();
  for (std::size_t i = 0; i < columns; ++i) {
    result.columns.push_back(gather_places(i, places, result));
  }
  return result;
}

template <class Row>
Column RowStore::gather_column(std::size_t column, std::span<const Row> rows, Batch& owner) const {
  return gather_places(column, locate(rows), owner);
}

template Batch RowStore::gather(std::span<const std::uint32_t>, std::size_t) const;
template Batch RowStore::gather(std::span<const std::uint64_t>, std::size_t) const;
template Column RowStore::gather_column(std::size_t, std::span<const std::uint32_t>, Batch&) const;
template Column RowStore::gather_column(std::size_t, std::span<const std::uint64_t>, Batch&) const;

}  // namespace nfql
