#include "common/io/csv_scan.h"

namespace nfql {

std::vector<std::string> header_names(std::string_view line) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  constexpr std::string_view kFlowExport = "#:";
  for (const std::string_view prefix : {kByteOrderMark, kFlowExport}) {
    if (line.starts_with(prefix)) {
      line.remove_prefix(prefix.size());
    }
  }
  std::vector<std::string> names;
  std::string scratch;
  scan_record(line, true, scratch, [&names](std::size_t /*index*/, std::string_view name) {
    const std::size_t begin = name.find_first_not_of(' ');
    const std::size_t end = name.find_last_not_of(' ');
    names.emplace_back(begin == std::string_view::npos ? "" : name.substr(begin, end - begin + 1));
  });
  return names;
}

}  // namespace nfql
