// Output as comma-separated values (RFC 4180, but lines end in LF).
#pragma once

#include <memory>

#include "common/io/text_writer.h"

namespace nfql {

/// Writes a line of column names, then a line a row. Throws as make_text_writer().
[[nodiscard]] std::unique_ptr<Writer> make_csv_writer(OutputFile file, const StreamHeader& header,
                                                      const WriteOptions& options);

}  // namespace nfql
