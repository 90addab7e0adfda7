// Biflows as two flows, for formats whose readers know no directions.
#pragma once

#include <memory>

#include "common/io/reader.h"

namespace nfql {

/// What a reader must be asked for so that split_biflow() has both directions.
[[nodiscard]] ReadOptions with_answers(ReadOptions options);

/// Gives flows that count packets or octets of the other direction as two: the flow, and its
/// answer, with source and destination exchanged, and unknown what is only known of the flow. The
/// answers of a block come behind it. `reader` gives flows of a foreign format, read
/// with_answers(options).
[[nodiscard]] std::unique_ptr<Reader> split_biflow(std::unique_ptr<Reader> reader,
                                                   const ReadOptions& options);

}  // namespace nfql
