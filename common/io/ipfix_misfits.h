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

/// What of a batch cannot be written.
struct Misfits {
  std::optional<Misfit> first;  ///< none: all rows are well
  std::size_t count = 0;        ///< rows with misfits
  std::vector<RowId> rest;      ///< the rows without, unless that is all
};

/// Looks at the rows up to that with which `most` have no misfit.
[[nodiscard]] Misfits find_misfits(const std::vector<IpfixCell>& cells, const Batch& batch,
                                   std::size_t most);

}  // namespace nfql
