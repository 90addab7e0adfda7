// Rows of which an IPFIX record has no room for a value.
#pragma once

#include <optional>
#include <vector>

#include "common/flow/batch.h"
#include "common/io/ipfix_cells.h"

namespace nfql {

/// A value that its element has no room for.
struct Misfit {
  std::size_t cell;
  RowId row;
};

struct Misfits {
  std::optional<Misfit> first;  ///< none: all rows are well
  std::vector<RowId> rest;      ///< the rows without misfits, unless that is all
};

[[nodiscard]] Misfits find_misfits(const std::vector<IpfixCell>& cells, const Batch& batch);

}  // namespace nfql
