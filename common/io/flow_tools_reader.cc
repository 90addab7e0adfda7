#include "common/io/flow_tools_reader.h"

#include <utility>

#include "common/io/fixed_record_reader.h"
#include "common/io/flow_tools_decode.h"
#include "common/io/flow_tools_records.h"
#include "common/io/read_ahead.h"

namespace nfql {

std::unique_ptr<Reader> make_flow_tools_reader(InputFile file, const ReadOptions& options) {
  const Beside beside = beside_for(file.size(), options.threads);
  auto records = std::make_unique<FlowToolsRecords>(std::move(file), beside);
  const std::size_t threads = records->header().compressed ? 3 : 2;
  auto reader = std::make_unique<FixedRecordReader<FlowToolsRecords, FlowToolsDecoder>>(
      std::move(records), flow_tools_schema(options.wanted), options);
  // One decodes; to inflate is more work than that, and has a thread already.
  if (beside == Beside::yes && options.threads >= threads) {
    return read_ahead(std::move(reader));
  }
  return reader;
}

}  // namespace nfql
