#include "common/io/silk_records.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "common/base/byte_order.h"
#include "common/base/error.h"

namespace nfql {
namespace {

// Records are given in pieces that stay in the L2 cache while one column after the other is
// decoded from them.
constexpr std::size_t kSilkPieceBytes = 64 * 1024;

std::uint32_t u32_of(std::span<const std::byte> bytes, std::size_t at) {
  return load<std::uint32_t>(bytes.data() + at, ByteOrder::big);
}

}  // namespace

SilkRecords::SilkRecords(InputFile file) : window_(std::move(file)) {
  read_start();
}

void SilkRecords::read_start() {
  const std::span<const std::byte> start = window_.peek(silk::kStartBytes);
  if (start.size() < silk::kStartBytes) {
    fail(Exit::failed, "{}: ends in the middle of a SiLK header at byte {}", name(),
         window_.offset() + start.size());
  }
  if (!looks_silk(start)) {
    fail(Exit::failed, "{}: no SiLK header at byte {}", name(), window_.offset());
  }
  header_ = parse_silk_header(start, window_.offset() == 0 ? name()
                                                           : fmt::format("{}: stream at byte {}",
                                                                         name(), window_.offset()));
  record_size_ = header_.record_size();
}

Source SilkRecords::begin() {
  Source source{name(), fingerprint(window_), records_};
  window_.skip(silk::kStartBytes);
  blocks_ = 0;
  raw_.clear();
  raw_begin_ = 0;
  for (bool last = false; !last;) {
    const std::span<const std::byte> head = window_.peek(silk::kEntryHeadBytes);
    if (head.size() < silk::kEntryHeadBytes) {
      fail(Exit::failed, "{}: ends in the middle of a SiLK header at byte {}", name(),
           window_.offset() + head.size());
    }
    const std::uint32_t id = u32_of(head, 0);
    const std::uint32_t length = u32_of(head, 4);
    if (length < silk::kEntryHeadBytes || length > silk::kMaxEntryBytes) {
      fail(Exit::failed, "{}: SiLK header is damaged: entry {:#x} at byte {} has {} bytes", name(),
           id, window_.offset(), length);
    }
    skip_entry(length);
    last = id == 0;
  }
  return source;
}

// Piece by piece: an entry need not be in memory as a whole.
void SilkRecords::skip_entry(std::size_t length) {
  while (length != 0) {
    const std::size_t have = std::min(window_.peek(1).size(), length);
    if (have == 0) {
      fail(Exit::failed, "{}: ends in the middle of a SiLK header at byte {}", name(),
           window_.offset());
    }
    window_.skip(have);
    length -= have;
  }
}

// Whether a stream, readable or not, begins where a record or block could. As the time of a record
// its first bytes would be 76 million years ago, or in the year 10,000 at least, as the version is
// not 0; as a block it would be too large.
bool SilkRecords::at_stream() {
  const std::span<const std::byte> start = window_.peek(silk::kStartBytes);
  return start.size() >= silk::kStartBytes && looks_silk(start) &&
         start[silk::kVersionAt] != std::byte{0};
}

std::span<const std::byte> SilkRecords::next(std::size_t most) {
  return header_.method == silk::Method::none ? next_plain(most) : next_of_blocks(most);
}

std::span<const std::byte> SilkRecords::next_plain(std::size_t most) {
  const std::span<const std::byte> here = window_.peek(record_size_);
  if (here.empty() || at_stream()) {
    return {};
  }
  if (here.size() < record_size_) {
    fail(Exit::failed, "{}: ends in the middle of record {} at byte {} ({} of {} bytes)", name(),
         records_, window_.offset(), here.size(), record_size_);
  }
  const std::size_t room = std::min(std::min(here.size(), kSilkPieceBytes) / record_size_, most);
  std::size_t count = 1;
  while (count < room && !looks_silk(here.subspan(count * record_size_))) {
    ++count;
  }
  const std::span<const std::byte> records = here.first(count * record_size_);
  window_.skip(records.size());
  return give(records);
}

std::span<const std::byte> SilkRecords::next_of_blocks(std::size_t most) {
  while (raw_.size() - raw_begin_ < record_size_ && read_block()) {
  }
  const std::span<const std::byte> here = raw_.bytes().subspan(raw_begin_);
  const std::size_t count = std::min(std::min(here.size(), kSilkPieceBytes) / record_size_, most);
  if (count == 0 && !here.empty()) {
    fail(Exit::failed, "{}: ends in the middle of record {} at byte {} ({} of {} bytes)", name(),
         records_, window_.offset(), here.size(), record_size_);
  }
  raw_begin_ += count * record_size_;
  return give(here.first(count * record_size_));
}

// Adds the next block to what is left of the one before; false at the end of the stream.
bool SilkRecords::read_block() {
  const std::span<const std::byte> head = window_.peek(silk::kBlockHeadBytes);
  if (head.empty() || at_stream()) {
    return false;
  }
  if (head.size() >= sizeof(std::uint32_t) && u32_of(head, 0) == 0) {
    return end_blocks();
  }
  if (head.size() < silk::kBlockHeadBytes) {
    fail_block(fmt::format("ends in the middle of its sizes ({} of {} bytes)", head.size(),
                           silk::kBlockHeadBytes));
  }
  const std::size_t stored = u32_of(head, 0);
  const std::size_t size = u32_of(head, 4);
  if (stored > silk::kMaxStoredBytes || size > silk::kMaxBlockBytes) {
    fail_block(fmt::format("its sizes are damaged ({} and {} bytes)", stored, size));
  }
  const std::span<const std::byte> whole = window_.peek(silk::kBlockHeadBytes + stored);
  if (whole.size() < silk::kBlockHeadBytes + stored) {
    fail_block(fmt::format("ends in the middle of it ({} of {} bytes)", whole.size(),
                           silk::kBlockHeadBytes + stored));
  }
  const std::size_t rest = raw_.size() - raw_begin_;
  if (rest != 0) {
    std::memmove(raw_.data(), raw_.data() + raw_begin_, rest);
  }
  raw_begin_ = 0;
  raw_.resize(rest + size);
  if (!decompressor_.decompress(header_.method, whole.subspan(silk::kBlockHeadBytes, stored),
                                {raw_.data() + rest, size})) {
    raw_.resize(rest);
    fail_block(fmt::format("its {} data is damaged", name_of(header_.method)));
  }
  window_.skip(silk::kBlockHeadBytes + stored);
  ++blocks_;
  return true;
}

// At a size of 0, behind which there may be nothing but another stream.
bool SilkRecords::end_blocks() {
  window_.skip(sizeof(std::uint32_t));
  if (!window_.peek(1).empty() && !at_stream()) {
    fail_block("it is empty, which ends a stream, but there is more");
  }
  return false;
}

std::span<const std::byte> SilkRecords::give(std::span<const std::byte> records) {
  records_ += records.size() / record_size_;
  return records;
}

bool SilkRecords::next_stream() {
  if (!at_stream()) {
    return false;
  }
  read_start();
  return true;
}

void SilkRecords::fail_block(const std::string& problem) const {
  fail(Exit::failed, "{}: block {} at byte {}: {}", name(), blocks_, window_.offset(), problem);
}

}  // namespace nfql
