#include "common/flow/column_builder.h"

#include <cstring>
#include <utility>

#include "common/base/error.h"

namespace nfql {

void ColumnBuilder::push_address(const Address& address) {
  if (width_ == sizeof(std::uint32_t)) {
    if (is_ipv4(address)) {
      push(ipv4_of(address));
      return;
    }
    widen();
  }
  push(address);
}

void ColumnBuilder::push_unknown() {
  if (type_ == Type::set) {
    add_set_end();
  } else {
    values_.resize(values_.size() + width_);
    std::memset(values_.data() + values_.size() - width_, 0, width_);
  }
  grow(1, false);
}

void ColumnBuilder::append(const Column& column) {
  if (column.width > width_) {
    widen();
  }
  if (type_ == Type::set) {
    append_offsets(column);
  }
  if (column.width == width_) {
    values_.append(column.data, column.data_bytes());
  } else {
    const auto* narrow = reinterpret_cast<const std::uint32_t*>(column.data);
    const std::size_t count = column.data_bytes() / sizeof *narrow;
    const std::size_t old = values_.size();
    values_.resize(old + count * sizeof(Address));
    auto* wide = reinterpret_cast<Address*>(values_.data() + old);
    for (std::size_t i = 0; i < count; ++i) {
      wide[i] = mapped(narrow[i]);
    }
  }
  if (column.known == nullptr) {
    grow(column.rows, true);
    return;
  }
  grow(column.rows, false);
  std::memcpy(known_.data() + (rows_ - column.rows), column.known, column.rows);
}

void ColumnBuilder::append(const Column& column, std::span<const RowId> rows) {
  Batch scratch;
  append(gather(column, rows, scratch));
}

Column ColumnBuilder::view() const {
  Column column;
  column.type = type_;
  column.element_type = element_type_;
  column.width = static_cast<std::uint8_t>(width_);
  column.rows = rows_;
  column.data = values_.data();
  column.known = known_.size() == 0 ? nullptr : known_.as<std::uint8_t>();
  column.offsets = offsets_.size() == 0 ? nullptr : offsets_.as<std::uint32_t>();
  return column;
}

void ColumnBuilder::move_to(Batch& batch) {
  if (type_ == Type::set && offsets_.size() == 0) {
    offsets_.push(std::uint32_t{0});
  }
  batch.columns.push_back(view());
  batch.rows = rows_;
  batch.keep(std::exchange(values_, Buffer()));
  batch.keep(std::exchange(known_, Buffer()));
  batch.keep(std::exchange(offsets_, Buffer()));
  rows_ = 0;
  width_ = width_of(element_type_);
}

void ColumnBuilder::widen() {
  const std::size_t count = values_.size() / sizeof(std::uint32_t);
  Buffer wide(count * sizeof(Address));
  const auto* narrow = values_.as<std::uint32_t>();
  for (std::size_t i = 0; i < count; ++i) {
    wide.as<Address>()[i] = mapped(narrow[i]);
  }
  values_ = std::move(wide);
  width_ = sizeof(Address);
}

void ColumnBuilder::grow(std::size_t rows, bool known) {
  if (!known && known_.size() == 0) {
    known_.resize(rows_);
    if (rows_ != 0) {
      std::memset(known_.data(), 1, rows_);
    }
  }
  rows_ += rows;
  // An empty buffer says "all known", so it is only filled once a row is unknown.
  if (!known || known_.size() != 0) {
    const std::size_t old = known_.size();
    known_.resize(rows_);
    if (rows_ != old) {
      std::memset(known_.data() + old, known ? 1 : 0, rows_ - old);
    }
  }
}

void ColumnBuilder::end_set() {
  add_set_end();
  grow(1, true);
}

void ColumnBuilder::add_set_end() {
  if (offsets_.size() == 0) {
    offsets_.push(std::uint32_t{0});
  }
  const std::size_t count = values_.size() / width_;
  if (count > UINT32_MAX) {
    fail(Exit::failed, "a column of sets has more than 2^32 values");
  }
  offsets_.push(static_cast<std::uint32_t>(count));
}

void ColumnBuilder::append_offsets(const Column& column) {
  if (offsets_.size() == 0) {
    offsets_.push(std::uint32_t{0});
  }
  const std::size_t base = values_.size() / width_;
  if (column.rows != 0 && base + column.offsets[column.rows] > UINT32_MAX) {
    fail(Exit::failed, "a column of sets has more than 2^32 values");
  }
  for (std::size_t i = 1; i <= column.rows; ++i) {
    offsets_.push(static_cast<std::uint32_t>(base + column.offsets[i]));
  }
}

}  // namespace nfql
