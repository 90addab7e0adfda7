// What one pass over a column shows: its extremes, and whether its values differ at all.
#pragma once

#include <cstdint>

#include "common/flow/batch.h"

namespace nfql {

/// About the known values of a column.
struct ColumnSummary {
  bool any_unknown = false;
  bool any_known = false;
  /// Of a column that is no set: all known values have the same bits.
  bool constant = false;
  /// There are extremes: of integers, IPv4-only addresses, and reals that are not all NaN.
  bool has_min_max = false;
  std::uint64_t min = 0;  ///< the bits of an i64 or f64
  std::uint64_t max = 0;
};

/// Looks at each value once; of wide addresses only until two differ, of sets at none.
[[nodiscard]] ColumnSummary summarize(const Column& column);

}  // namespace nfql
