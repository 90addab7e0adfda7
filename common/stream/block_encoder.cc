#include "common/stream/block_encoder.h"

#include <cstring>
#include <vector>

#include "common/stream/column_encoder.h"
#include "common/stream/layout.h"

namespace nfql {

Buffer encode_block(const Block& block, const Schema& schema, Compression compression) {
  const std::size_t head_bytes = kBlockHeadBytes + schema.size() * kEntryBytes;
  std::size_t most = head_bytes;
  for (const Column& column : block.batch.columns) {
    most += column.data_bytes();
  }
  Buffer bytes;
  bytes.reserve(most);
  bytes.resize(head_bytes);
  ColumnEncoder encoder(compression);
  std::vector<ColumnEntry> entries;
  entries.reserve(schema.size());
  for (std::size_t i = 0; i < schema.size(); ++i) {
    entries.push_back(encoder.encode(block.batch.columns[i], schema[i], bytes));
  }
  BlockHead head;
  head.kind = static_cast<std::uint8_t>(block.kind);
  head.branch = block.branch;
  head.rows = static_cast<std::uint32_t>(block.batch.rows);
  const Buffer packed = pack_block_head(head, entries);
  std::memcpy(bytes.data(), packed.data(), head_bytes);
  return bytes;
}

}  // namespace nfql
