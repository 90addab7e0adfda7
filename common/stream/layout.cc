#include "common/stream/layout.h"

#include <algorithm>
#include <cstring>

#include "common/base/byte_order.h"
#include "common/base/hash.h"

namespace nfql {
namespace {

constexpr std::size_t kHeadChecksumAt = 24;  // in a block's head

void push_entry(Buffer& to, const ColumnEntry& entry) {
  to.push(entry.encoding);
  to.push(entry.method);
  to.push(entry.width);
  to.push(entry.flags);
  to.push(entry.zero);
  to.push(entry.stored_bytes);
  to.push(entry.raw_bytes);
  to.push(entry.checksum);
  to.push(entry.min);
  to.push(entry.max);
}

}  // namespace

bool is_zero(std::span<const std::byte> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

BlockHead load_block_head(const std::byte* from) {
  BlockHead head;
  head.kind = load<std::uint8_t>(from);
  head.flags = load<std::uint8_t>(from + 1);
  head.branch = load<std::uint16_t>(from + 2);
  head.rows = load<std::uint32_t>(from + 4);
  head.columns = load<std::uint32_t>(from + 8);
  head.directory_bytes = load<std::uint32_t>(from + 12);
  head.payload_bytes = load<std::uint64_t>(from + 16);
  head.checksum = load<std::uint64_t>(from + kHeadChecksumAt);
  return head;
}

ColumnEntry load_entry(const std::byte* from) {
  ColumnEntry entry;
  entry.encoding = static_cast<Encoding>(load<std::uint8_t>(from));
  entry.method = load<std::uint8_t>(from + 1);
  entry.width = load<std::uint8_t>(from + 2);
  entry.flags = load<std::uint8_t>(from + 3);
  entry.zero = load<std::uint32_t>(from + 4);
  entry.stored_bytes = load<std::uint64_t>(from + 8);
  entry.raw_bytes = load<std::uint64_t>(from + 16);
  entry.checksum = load<std::uint64_t>(from + 24);
  entry.min = load<std::uint64_t>(from + 32);
  entry.max = load<std::uint64_t>(from + 40);
  return entry;
}

Buffer pack_block_head(BlockHead head, std::span<const ColumnEntry> entries) {
  head.columns = static_cast<std::uint32_t>(entries.size());
  head.directory_bytes = static_cast<std::uint32_t>(entries.size() * kEntryBytes);
  head.payload_bytes = 0;
  for (const ColumnEntry& entry : entries) {
    head.payload_bytes += padded(entry.stored_bytes);
  }
  Buffer bytes;
  bytes.reserve(kBlockHeadBytes + head.directory_bytes);
  bytes.push(head.kind);
  bytes.push(head.flags);
  bytes.push(head.branch);
  bytes.push(head.rows);
  bytes.push(head.columns);
  bytes.push(head.directory_bytes);
  bytes.push(head.payload_bytes);
  bytes.push(std::uint64_t{0});
  for (const ColumnEntry& entry : entries) {
    push_entry(bytes, entry);
  }
  store(bytes.data() + kHeadChecksumAt,
        block_checksum(bytes.data(), bytes.bytes().subspan(kBlockHeadBytes)));
  return bytes;
}

std::uint64_t block_checksum(const std::byte* head, std::span<const std::byte> directory) {
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  XXH3_64bits_update(&state, head, kHeadChecksumAt);
  XXH3_64bits_update(&state, directory.data(), directory.size());
  return XXH3_64bits_digest(&state);
}

}  // namespace nfql
