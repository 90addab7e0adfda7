// Columns in the one form that equal content has, however it was put together.
#pragma once

#include "common/flow/batch.h"

namespace nfql {

/// Drops the map of known values when all are known, and makes addresses 4 bytes wide when all
/// known ones are IPv4; an unknown value becomes 0. New memory is added to `owner`, which owns the
/// column. Not for sets.
void tidy(Column& column, Batch& owner);

}  // namespace nfql
