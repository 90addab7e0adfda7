#include "common/io/ipfix_misfits.h"

#include <array>
#include <cassert>

#include "common/io/ipfix_encode.h"

namespace nfql {
namespace {

// Calls `found` for each row with a known value that the cell's element has no room for.
template <class Found>
void for_each_misfit(const IpfixCell& cell, const Batch& batch, const Found& found) {
  const Column& column = batch.columns[cell.column];
  std::array<std::byte, sizeof(Address)> scratch;
  assert(cell.width <= scratch.size());
  for (std::size_t row = 0; row < batch.rows; ++row) {
    row += encode_values(cell, column, row, batch.rows - row, {scratch.data(), 0, cell.width});
    if (row < batch.rows && column.is_known(row)) {
      found(static_cast<RowId>(row));
    }
  }
}

}  // namespace

Misfits find_misfits(const std::vector<IpfixCell>& cells, const Batch& batch, std::size_t most) {
  Misfits misfits;
  std::vector<bool> marked(batch.rows);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].is_address() && cells[i].element6.any()) {
      continue;  // there is an element for either family
    }
    for_each_misfit(cells[i], batch, [&](RowId row) {
      marked[row] = true;
      if (!misfits.first || row < misfits.first->row) {
        misfits.first = Misfit{i, row};
      }
    });
  }
  for (RowId row = 0; misfits.first && row < batch.rows && misfits.rest.size() < most; ++row) {
    if (marked[row]) {
      ++misfits.count;
    } else {
      misfits.rest.push_back(row);
    }
  }
  if (misfits.count == 0) {
    misfits.first.reset();
  }
  return misfits;
}

}  // namespace nfql
