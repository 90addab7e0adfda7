#include "common/io/flow_tools_records.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "common/base/error.h"
#include "common/io/flow_tools_format.h"

namespace nfql {
namespace {

namespace ft = flow_tools;

// Records are given in pieces that stay in the L2 cache while one column after the other is
// decoded from them.
constexpr std::size_t kPieceBytes = 64 * 1024;
// Inflated at a time, for which handing it to another thread takes no time to speak of.
constexpr std::size_t kInflatedBytes = 256 * 1024;
// Where counting bytes that should not be there stops: they may come from an endless pipe.
constexpr std::uint64_t kMostTrailing = 64 * 1024 * 1024;

// How many of the records after the first do not begin like another stream.
std::size_t records_before_magic(std::span<const std::byte> bytes, std::size_t record_size,
                                 std::size_t count) {
  std::size_t i = 1;
  while (i < count && !looks_flow_tools(bytes.subspan(i * record_size))) {
    ++i;
  }
  return i;
}

}  // namespace

FlowToolsRecords::FlowToolsRecords(InputFile file, Beside beside)
    : window_(std::move(file)), beside_(beside) {
  read_header();
}

void FlowToolsRecords::read_header() {
  const std::span<const std::byte> start = window_.peek(ft::kHeaderStartBytes);
  if (start.size() < ft::kHeaderStartBytes) {
    fail(Exit::failed, "{}: ends in the middle of a flow-tools header at byte {}", name(),
         window_.offset() + start.size());
  }
  const std::optional<std::size_t> size = flow_tools_header_size(start);
  if (!size) {
    fail(Exit::failed,
         "{}: flow-tools header at byte {} is damaged or of an unknown version: {:02x}", name(),
         window_.offset(),
         fmt::join(
             std::span(reinterpret_cast<const unsigned char*>(start.data()), ft::kHeaderStartBytes),
             " "));
  }
  const std::span<const std::byte> bytes = window_.peek(*size);
  if (bytes.size() < *size) {
    fail(Exit::failed, "{}: ends in the middle of a flow-tools header at byte {} ({} of {} bytes)",
         name(), window_.offset() + bytes.size(), bytes.size(), *size);
  }
  const ParsedFlowToolsHeader parsed = parse_flow_tools_header(bytes.first(*size));
  if (!parsed.problem.empty()) {
    fail(Exit::failed, "{}: flow-tools header at byte {} is damaged: {}", name(), window_.offset(),
         parsed.problem);
  }
  check_version(parsed.header, name());
  header_ = parsed.header;
  record_size_ = header_.record_size();
}

Source FlowToolsRecords::begin() {
  Source source{name(), fingerprint(window_), records_};
  window_.skip(header_.size);
  stream_start_ = records_;
  if (header_.compressed) {
    inflater_.reset();
    piece_ = {};
    piece_.offset = window_.offset();
    used_ = 0;
    inflated_ = std::make_unique<InflatedPieces>(
        beside_,
        [this, last = false](InflatedPiece& piece) mutable { return inflate(piece, last); });
  }
  return source;
}

std::span<const std::byte> FlowToolsRecords::next(std::size_t most) {
  return header_.compressed ? next_inflated(most) : next_plain(most);
}

std::span<const std::byte> FlowToolsRecords::next_plain(std::size_t most) {
  const std::span<const std::byte> bytes = window_.peek(record_size_);
  if (bytes.empty() || (looks_flow_tools(bytes) && at_stream())) {
    return finish();
  }
  // at_stream() may have moved what `bytes` showed.
  const std::span<const std::byte> here = window_.peek(record_size_);
  if (here.size() < record_size_) {
    fail(Exit::failed, "{}: ends in the middle of record {} at byte {} ({} of {} bytes)", name(),
         records_, window_.offset(), here.size(), record_size_);
  }
  const std::size_t room = std::min(here.size(), kPieceBytes) / record_size_;
  const std::size_t count = records_before_magic(here, record_size_, std::min(room, most));
  const std::span<const std::byte> records = here.first(count * record_size_);
  window_.skip(records.size());
  return give(records);
}

// Whether a stream begins where a record could. Only a header that is one through and through is
// taken for it: its first bytes may as well be the seconds of some day in 1971 or 2080.
bool FlowToolsRecords::at_stream() {
  const std::optional<std::size_t> size =
      flow_tools_header_size(window_.peek(ft::kHeaderStartBytes));
  if (!size) {
    return false;
  }
  const std::span<const std::byte> bytes = window_.peek(*size);
  if (bytes.size() < *size) {
    fail(Exit::failed,
         "{}: ends in the middle of a second flow-tools header at byte {} ({} of {} bytes)", name(),
         window_.offset(), bytes.size(), *size);
  }
  const ParsedFlowToolsHeader parsed = parse_flow_tools_header(bytes.first(*size));
  const std::uint16_t version = parsed.header.version;
  return parsed.problem.empty() &&
         (parsed.header.stream_version == 3 || version == 1 || version == 5);
}

std::span<const std::byte> FlowToolsRecords::next_inflated(std::size_t most) {
  if (piece_.bytes.size() - used_ < record_size_ && inflated_->next(piece_)) {
    used_ = 0;
  }
  const std::size_t have = piece_.bytes.size() - used_;
  const std::size_t count = std::min({have, kPieceBytes, most * record_size_}) / record_size_;
  if (count != 0) {
    const std::span<const std::byte> records =
        piece_.bytes.bytes().subspan(used_, count * record_size_);
    used_ += records.size();
    return give(records);
  }
  if (piece_.state == Inflater::State::corrupt) {
    fail(Exit::failed, "{}: record {}: deflate stream is corrupt at byte {}", name(), records_,
         piece_.offset);
  }
  if (piece_.cut) {
    fail(Exit::failed, "{}: record {}: deflate stream is cut short at byte {} ({} of {} bytes)",
         name(), records_, piece_.offset, have, record_size_);
  }
  if (have != 0) {
    fail(Exit::failed,
         "{}: record {}: deflate stream ends at byte {} in the middle of it "
         "({} of {} bytes)",
         name(), records_, piece_.offset, have, record_size_);
  }
  inflated_.reset();
  return finish();
}

// Fills a piece, unless `last`, which tells whether the one before was the stream's last.
bool FlowToolsRecords::inflate(InflatedPiece& piece, bool& last) {
  if (last) {
    return false;
  }
  piece.bytes.resize(kInflatedBytes / record_size_ * record_size_);
  piece.state = Inflater::State::running;
  piece.cut = false;
  std::size_t size = 0;
  while (size < piece.bytes.size() && piece.state == Inflater::State::running && !piece.cut) {
    const std::span<const std::byte> in = window_.peek(1);
    const std::span<std::byte> room(piece.bytes.data() + size, piece.bytes.size() - size);
    const Inflater::Step step = inflater_.step(in, room);
    window_.skip(step.consumed);
    size += step.produced;
    piece.state = step.state;
    piece.cut = in.empty() && step.produced == 0 && step.state == Inflater::State::running;
  }
  piece.bytes.resize(size);
  piece.offset = window_.offset();
  last = piece.cut || piece.state != Inflater::State::running;
  return true;
}

std::span<const std::byte> FlowToolsRecords::give(std::span<const std::byte> records) {
  records_ += records.size() / record_size_;
  return records;
}

std::span<const std::byte> FlowToolsRecords::finish() {
  const std::uint64_t count = records_ - stream_start_;
  if (header_.flow_count && *header_.flow_count != count) {
    fail(Exit::failed, "{}: is incomplete: its header says {} records, it has {}", name(),
         *header_.flow_count, count);
  }
  return {};
}

bool FlowToolsRecords::next_stream() {
  const std::span<const std::byte> bytes = window_.peek(ft::kHeaderStartBytes);
  if (bytes.empty()) {
    return false;
  }
  if (!looks_flow_tools(bytes)) {
    fail_trailing();
  }
  read_header();
  return true;
}

void FlowToolsRecords::fail_trailing() {
  const std::uint64_t end = window_.offset();
  std::uint64_t count = 0;
  for (;;) {
    const std::size_t more = window_.peek(1).size();
    if (more == 0 || count >= kMostTrailing) {
      break;
    }
    count += more;
    window_.skip(more);
  }
  fail(Exit::failed, "{}: {}{} bytes after the end of the stream at byte {}", name(),
       count >= kMostTrailing ? "at least " : "", count, end);
}

}  // namespace nfql
