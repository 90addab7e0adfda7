#include <utility>

#include "common/io/csv_writer.h"
#include "common/io/flow_tools_writer.h"
#include "common/io/ipfix_writer.h"
#include "common/io/json_writer.h"
#include "common/io/native.h"
#include "common/io/nfdump_writer.h"
#include "common/io/table_writer.h"
#include "common/io/writer.h"

namespace nfql {

std::unique_ptr<Writer> open_writer(OutputFile file, const StreamHeader& header,
                                    const WriteOptions& options) {
  switch (options.format) {
    case OutputFormat::native:
      break;
    case OutputFormat::flow_tools:
      return make_flow_tools_writer(std::move(file), header, options);
    case OutputFormat::nfdump:
      return make_nfdump_writer(std::move(file), header, options);
    case OutputFormat::ipfix:
      return make_ipfix_writer(std::move(file), header, options);
    case OutputFormat::csv:
      return make_csv_writer(std::move(file), header, options);
    case OutputFormat::json:
      return make_json_writer(std::move(file), header, options);
    case OutputFormat::table:
      return make_table_writer(std::move(file), header, options);
  }
  return make_native_writer(std::move(file), header, options);
}

}  // namespace nfql
