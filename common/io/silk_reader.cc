#include "common/io/silk_reader.h"

#include <utility>

#include "common/io/fixed_record_reader.h"
#include "common/io/silk_decode.h"
#include "common/io/silk_records.h"

namespace nfql {

std::unique_ptr<Reader> make_silk_reader(InputFile file, const ReadOptions& options) {
  return std::make_unique<FixedRecordReader<SilkRecords, SilkDecoder>>(
      std::make_unique<SilkRecords>(std::move(file)), silk_schema(options.wanted), options);
}

}  // namespace nfql
