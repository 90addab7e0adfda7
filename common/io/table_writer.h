// Output as a table for people.
#pragma once

#include <memory>

#include "common/io/text_writer.h"

namespace nfql {

/// Writes a line of column names, then a line a row, in columns that are wide enough for the first
/// 1000 rows (but no column for more than 48 characters); longer values of later rows push the rest
/// of their line to the right. Throws as make_text_writer().
[[nodiscard]] std::unique_ptr<Writer> make_table_writer(OutputFile file, const StreamHeader& header,
                                                        const WriteOptions& options);

}  // namespace nfql
