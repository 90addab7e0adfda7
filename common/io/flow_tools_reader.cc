#include "common/io/flow_tools_reader.h"

#include <utility>

#include "common/io/fixed_record_reader.h"
#include "common/io/flow_tools_decode.h"
#include "common/io/flow_tools_records.h"

namespace nfql {

std::unique_ptr<Reader> make_flow_tools_reader(InputFile file, const ReadOptions& options) {
  return std::make_unique<FixedRecordReader<FlowToolsRecords, FlowToolsDecoder>>(
      std::move(file), flow_tools_schema(options.wanted), options);
}

}  // namespace nfql
