// Blocks as lines of JSON, in the words of tests/stream/read_stream.py.
#pragma once

#include <string>
#include <vector>

#include "common/stream/block.h"

namespace nfql {

/// Appends a line for each row of `block`, or for each source.
void append_lines(std::vector<std::string>& lines, const StreamHeader& header, const Block& block);
/// The line of the header.
[[nodiscard]] std::string header_line(const StreamHeader& header);

}  // namespace nfql
