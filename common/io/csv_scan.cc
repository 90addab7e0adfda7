#include "common/io/csv_scan.h"

#include "common/io/byte_order_mark.h"

namespace nfql {

std::vector<std::string> header_names(std::string_view line) {
  constexpr std::string_view kFlowExport = "#:";
  line = without_mark(line);
  if (line.starts_with(kFlowExport)) {
    line.remove_prefix(kFlowExport.size());
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
