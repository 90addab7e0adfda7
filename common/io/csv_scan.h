// Records of comma-separated values (RFC 4180), cell by cell.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nfql {

/// Where a record ended, and how.
struct CsvRecord {
  std::size_t bytes = 0;    ///< with its line end; 0 if the text ended before the record did
  std::size_t cells = 0;    ///< at least 1
  std::uint64_t lines = 0;  ///< line ends in it
  bool open = false;        ///< the text ends within quotes
};

/// Calls `cell(index, text)` for the cells of the record that `text` begins with: without quotes,
/// and without the CR before a line end. A text that ends before the record does is a record when
/// it is the `last` there is. `scratch` holds the texts of quoted cells, each during its call.
///
/// A quote that does not begin a cell is a character like others, and so is what stands between
/// the closing quote and the comma.
template <class Cell>
CsvRecord scan_record(std::string_view text, bool last, std::string& scratch, const Cell& cell) {
  CsvRecord record;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (;;) {
    scratch.clear();
    const bool quoted = at != end && *at == '"';
    if (quoted) {
      ++at;
      for (; at != end && (*at != '"' || (at + 1 != end && at[1] == '"')); ++at) {
        record.lines += *at == '\n' ? 1 : 0;
        at += *at == '"' ? 1 : 0;
        scratch += *at;
      }
      if (at == end) {
        record.open = true;
        return record;
      }
      ++at;
    }
    const char* const begin = at;
    while (at != end && *at != ',' && *at != '\n') {
      ++at;
    }
    if (at == end && !last) {
      return record;
    }
    const bool line_end = at == end || *at == '\n';
    const char* stop = at;
    if (line_end && stop != begin && stop[-1] == '\r') {
      --stop;
    }
    std::string_view value(begin, static_cast<std::size_t>(stop - begin));
    if (quoted) {
      scratch += value;
      value = scratch;
    }
    cell(record.cells++, value);
    if (line_end) {
      record.lines += at != end ? 1 : 0;
      record.bytes = static_cast<std::size_t>(at - text.data()) + (at != end ? 1 : 0);
      return record;
    }
    ++at;
  }
}

/// The cells of a header: without blanks around them, a byte order mark, or the `#:` of
/// flow-export.
[[nodiscard]] std::vector<std::string> header_names(std::string_view line);

}  // namespace nfql
