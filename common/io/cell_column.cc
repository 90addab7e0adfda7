#include "common/io/cell_column.h"

#include <cstring>
#include <utility>

namespace nfql {

CellColumn::CellColumn(Field field)
    : field_(std::move(field)),
      width_(field_.type == Type::address ? sizeof(Address) : width_of(field_.type)) {}

void CellColumn::reserve(std::size_t rows) {
  const std::size_t old = known_.size();
  values_.resize(rows * width_);
  known_.resize(rows);
  std::memset(known_.data() + old, 0, rows - old);
}

// In place: each value moves to the front.
void CellColumn::narrow(std::size_t rows) {
  auto* narrow = values_.as<std::uint32_t>();
  for (std::size_t row = 0; row < rows; ++row) {
    std::uint64_t low = 0;
    std::memcpy(&low, values_.data() + row * sizeof(Address) + sizeof(std::uint64_t), sizeof low);
    narrow[row] = static_cast<std::uint32_t>(low);
  }
}

void CellColumn::clear() {
  values_.clear();
  known_.clear();
  all_ipv4_ = true;
}

void CellColumn::move_to(Batch& batch, std::size_t rows) {
  Column column;
  column.type = field_.type;
  column.element_type = field_.type;
  column.width = static_cast<std::uint8_t>(width_);
  column.rows = rows;
  if (field_.type == Type::address && all_ipv4_) {
    narrow(rows);
    column.width = sizeof(std::uint32_t);
  }
  const bool all_known = rows == 0 || std::memchr(known_.data(), 0, rows) == nullptr;
  column.data = batch.keep(std::exchange(values_, Buffer()));
  if (!all_known) {
    column.known =
        reinterpret_cast<const std::uint8_t*>(batch.keep(std::exchange(known_, Buffer())));
  }
  batch.columns.push_back(column);
  clear();
}

}  // namespace nfql
