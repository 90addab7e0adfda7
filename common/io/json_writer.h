// Output as JSON lines.
#pragma once

#include <memory>

#include "common/io/text_writer.h"

namespace nfql {

/// Writes one JSON object a row, one a line. Throws as make_text_writer().
[[nodiscard]] std::unique_ptr<Writer> make_json_writer(OutputFile file, const StreamHeader& header,
                                                       const WriteOptions& options);

}  // namespace nfql
