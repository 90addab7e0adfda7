// Reads flows from comma-separated values: our own, nfdump's, flow-export's.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "common/io/reader.h"

namespace nfql {

/// Whether a file that begins with these bytes may be one: its first line that is not blank has at
/// least as many names that we know as others.
[[nodiscard]] bool looks_csv(std::span<const std::byte> first_bytes);
/// Of a text that would be one if it had commas, what stands in their place: `;`, `|` or a tab.
[[nodiscard]] std::optional<char> other_separator(std::span<const std::byte> first_bytes);

/// A reader of the flows of a file whose first line that is not blank names the columns
/// (text_names.h); for what becomes of them see text_flows.h. Columns that nobody knows are left
/// out with a warning. An empty cell is an unknown value, and so is an empty line where there is
/// one column; other empty lines, and lines like the first, are passed over. Of a file of nfdump
/// what follows a line `Summary`, up to the next header, is no flow.
///
/// Throws Error(Exit::failed), which names line and column, for a value that is none, and for a
/// line with more or fewer cells than the first; the rows before it are given first. With
/// ReadOptions::salvage the input ends there, and fault() tells.
[[nodiscard]] std::unique_ptr<Reader> make_csv_reader(InputFile file, const ReadOptions& options);

}  // namespace nfql
