#include "common/io/ipfix_shapes.h"

#include <algorithm>
#include <utility>

#include "common/base/error.h"

namespace nfql {
namespace {

constexpr ElementId kPadding{0, 210};

}  // namespace

IpfixShapes::IpfixShapes(const std::vector<IpfixCell>& cells, std::optional<std::size_t> family,
                         std::uint16_t first_number)
    : cells_(cells), family_(family), next_number_(first_number) {}

CellState IpfixShapes::state_of(const IpfixCell& cell, const Batch& batch, std::size_t row) const {
  const Column& column = batch.columns[cell.column];
  if (!column.is_known(row)) {
    return CellState::absent;
  }
  const std::optional<std::size_t> decides = cell.is_address() ? cell.column : family_;
  if ((!cell.is_address() && !cell.element6.any()) || !decides ||
      batch.columns[*decides].width != sizeof(Address)) {
    return CellState::present;
  }
  const Column& addresses = batch.columns[*decides];
  return !addresses.is_known(row) || is_ipv4(addresses.address(row)) ? CellState::present
                                                                     : CellState::present6;
}

// Whether rows of the batch may differ in this cell.
bool IpfixShapes::varies(const IpfixCell& cell, const Batch& batch) const {
  const bool by_family = cell.element6.any() && !cell.is_address() && family_ &&
                         batch.columns[*family_].width == sizeof(Address);
  const Column& column = batch.columns[cell.column];
  return column.known != nullptr || by_family ||
         (cell.is_address() && column.width == sizeof(Address));
}

std::size_t IpfixShapes::run_length(const Batch& batch, std::size_t first, std::size_t end) {
  varying_.clear();
  for (const IpfixCell& cell : cells_) {
    if (varies(cell, batch)) {
      varying_.push_back({&cell, state_of(cell, batch, first)});
    }
  }
  if (varying_.empty()) {
    return end - first;
  }
  std::size_t row = first + 1;
  const auto is_same = [&](const Varying& varying) {
    return state_of(*varying.cell, batch, row) == varying.state;
  };
  while (row < end && std::all_of(varying_.begin(), varying_.end(), is_same)) {
    ++row;
  }
  return row - first;
}

IpfixShapes::Found IpfixShapes::find(const Batch& batch, std::size_t row) {
  states_.clear();
  for (const IpfixCell& cell : cells_) {
    states_.push_back(static_cast<char>(state_of(cell, batch, row)));
  }
  return find(states_);
}

const Shape& IpfixShapes::complete() {
  return find(std::string(cells_.size(), static_cast<char>(CellState::present))).shape;
}

IpfixShapes::Found IpfixShapes::find(std::string_view states) {
  const auto [found, is_new] = shapes_.try_emplace(std::string(states));
  if (is_new) {
    if (next_number_ > UINT16_MAX) {
      shapes_.erase(found);
      fail(Exit::failed, "the rows lack too many different sets of fields for IPFIX templates");
    }
    found->second = make(states);
    found->second.number = static_cast<std::uint16_t>(next_number_++);
  }
  return {found->second, is_new};
}

Shape IpfixShapes::make(std::string_view states) const {
  Shape shape;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const IpfixCell& cell = cells_[i];
    const auto state = static_cast<CellState>(states[i]);
    if (state == CellState::absent) {
      continue;
    }
    const bool six = state == CellState::present6;
    const ElementId element = six && cell.element6.any() ? cell.element6 : cell.element;
    std::size_t width = cell.width;
    if (cell.is_address()) {
      width = six || cell.type == DataType::ipv6Address ? sizeof(Address) : sizeof(std::uint32_t);
      // An element of one family alone has the other only as it can.
      if (six && !cell.element6.any() && cell.type == DataType::ipv4Address) {
        width = sizeof(std::uint32_t);
      }
    }
    shape.fields.push_back({i, element, shape.record_bytes, width});
    shape.record_bytes += width;
  }
  if (shape.fields.empty()) {
    shape.fields.push_back({cells_.size(), kPadding, 0, 1});
    shape.record_bytes = 1;
  }
  return shape;
}

}  // namespace nfql
