#include "common/stream/stream_reader.h"

#include <algorithm>
#include <span>
#include <utility>

#include "common/base/error.h"
#include "common/base/hash.h"
#include "common/stream/cursor.h"
#include "common/stream/header.h"

namespace nfql {
namespace {

StreamHeader read_header(StreamInput& input) {
  check_magic(input.peek(kStreamMagic.size()), input.name());
  Buffer bytes(kStreamHeadBytes);
  input.read(bytes.data(), bytes.size());
  const StreamHead head = load_stream_head(bytes.bytes(), input.name());
  input.append(bytes, head.payload_bytes);
  return unpack_header(bytes.bytes(), input.name());
}

bool is_data(std::uint8_t kind) {
  return kind > static_cast<std::uint8_t>(BlockKind::sources) &&
         kind <= static_cast<std::uint8_t>(BlockKind::tuples);
}

bool is_sources(std::uint8_t kind) {
  return kind == static_cast<std::uint8_t>(BlockKind::sources);
}

// Blocks ahead are bounded by what they may take in memory too: a few bytes may expand to many.
constexpr std::uint64_t kMostBytesAhead = std::uint64_t{256} << 20;

}  // namespace

StreamReader::StreamReader(InputFile&& file, const std::optional<std::vector<ElementId>>& wanted,
                           std::size_t threads)
    : input_(std::move(file)),
      stored_(read_header(input_)),
      header_(stored_),
      order_(stored_),
      anywhere_(input_.file().position().has_value()),
      // One more than can be worked on, so that nobody waits; the more blocks there are in memory,
      // the fewer of them are in a cache.
      most_ahead_(anywhere_ && threads > 1 ? threads + 1 : 1),
      tasks_(anywhere_ ? threads : 1) {
  bytes_read_ = input_.offset();
  if (wanted.has_value() && stored_.kind == StreamKind::flows) {
    choose_columns(*wanted);
  }
}

void StreamReader::choose_columns(const std::vector<ElementId>& wanted) {
  Schema schema;
  for (const Field& field : stored_.flows().fields()) {
    const bool asked =
        field.id.any() && std::find(wanted.begin(), wanted.end(), field.id) != wanted.end();
    wanted_.columns.push_back(asked);
    if (asked) {
      schema.add(field);
    }
  }
  header_.branches.front().flows = std::move(schema);
}

void StreamReader::choose_rows(std::unique_ptr<RowChooser> chooser) {
  chooser_ = std::move(chooser);
  wanted_.chooser = chooser_.get();
}

bool StreamReader::next(Block& block) {
  block = Block();
  while (!ended_) {
    read_ahead();
    if (ahead_.empty() && fault_) {
      std::rethrow_exception(fault_);
    }
    if (ahead_.empty()) {
      return false;
    }
    const Ahead ahead = std::move(ahead_.front());
    ahead_.pop_front();
    if (give(ahead, block)) {
      return true;
    }
  }
  return false;
}

void StreamReader::read_ahead() {
  while (!read_all_ && ahead_.size() < most_ahead_ &&
         (ahead_.empty() || bytes_ahead_ < kMostBytesAhead)) {
    try {
      read_block();
    } catch (...) {
      fault_ = std::current_exception();
      read_all_ = true;
    }
  }
}

void StreamReader::read_block() {
  StoredBlock stored = read_head();
  const BlockHead head = stored.head;
  const bool end = head.kind == kEndOfStream;
  const bool known = is_sources(head.kind) || is_data(head.kind);
  if (!end && !known && (head.flags & kSkippable) != 0) {
    input_.skip(head.payload_bytes);
    return;
  }
  if (!end && !known) {
    throw Error(Exit::failed,
                fmt::format("{}: there is no kind of block of number {}", place(), head.kind),
                "a later version of nfql may know it");
  }
  check(!end && head.flags > kSkippable ? fmt::format("the flags {:#x} are not known", head.flags)
                                        : "");
  Ahead& ahead = ahead_.emplace_back();
  ahead.head = head;
  ahead.place = place();
  read_all_ = end;
  if (is_data(head.kind)) {
    read_rows(std::move(stored), ahead);
  } else {
    ahead.content = read_content(stored);
  }
  if (!end) {
    rows_.at(head.kind - 1U) += head.rows;
  }
  ahead.end = input_.offset();
  ahead.complete = true;
}

StoredBlock StreamReader::read_head() {
  StoredBlock stored;
  block_at_ = input_.offset();
  directory_.resize(kBlockHeadBytes);
  input_.read(directory_.data(), kBlockHeadBytes);
  stored.head = load_block_head(directory_.data());
  const BlockHead& head = stored.head;
  ++blocks_;
  if (head.columns > kMaxTotalColumns || head.directory_bytes != head.columns * kEntryBytes) {
    check(fmt::format("a directory of {} columns and {} bytes is not possible", head.columns,
                      head.directory_bytes));
  }
  input_.append(directory_, head.directory_bytes);
  const auto directory = directory_.bytes().subspan(kBlockHeadBytes);
  check(block_checksum(directory_.data(), directory) == head.checksum
            ? ""
            : "the checksum of head and directory is wrong");
  std::uint64_t size = 0;
  for (std::size_t i = 0; i < head.columns; ++i) {
    stored.entries.push_back(load_entry(directory.data() + i * kEntryBytes));
    check(stored.entries.back().stored_bytes > kMaxStored ? "a column is too long" : "");
    size += padded(stored.entries.back().stored_bytes);
  }
  check(size == head.payload_bytes ? "" : "the lengths of columns and payload differ");
  stored.number = blocks_;
  stored.at = block_at_;
  return stored;
}

// Has a block of rows decoded, unless nobody wants any.
void StreamReader::read_rows(StoredBlock&& stored, Ahead& ahead) {
  const BlockHead& head = stored.head;
  const auto kind = static_cast<BlockKind>(head.kind);
  if (!order_.find_misfit(kind, head.branch, head.rows).empty()) {
    read_all_ = true;  // its turn is its end
    return;
  }
  const Schema& schema = order_.schema_of(kind, head.branch);
  const std::uint64_t expanded = check_entries(stored, schema, place());
  if (!may_be_wanted(stored, wanted_)) {
    ahead.passed_over = true;
    input_.skip(head.payload_bytes);
    return;
  }
  ahead.bytes = expanded + head.payload_bytes;
  bytes_ahead_ += ahead.bytes;
  if (anywhere_) {
    stored.payload_at = *input_.file().position();
    input_.skip(head.payload_bytes);
  } else {
    append_payload(stored);
  }
  tasks_.start([this, &schema, block = std::move(stored)]() mutable {
    return BlockDecoder(std::move(block), schema, wanted_, input_.file()).decode();
  });
}

// Neighbouring columns are read at once; those that nobody wants are passed over.
void StreamReader::append_payload(StoredBlock& stored) {
  std::uint64_t run = 0;
  for (std::size_t i = 0; i < stored.entries.size(); ++i) {
    const std::uint64_t size = padded(stored.entries[i].stored_bytes);
    if (wanted_.has(i)) {
      run += size;
      continue;
    }
    input_.append(stored.payload, std::exchange(run, 0));
    input_.skip(size);
  }
  input_.append(stored.payload, run);
}

// The content of a block that has no columns.
Buffer StreamReader::read_content(const StoredBlock& stored) {
  check(stored.entries.size() == 1 ? find_problem_of_bytes(stored.entries[0])
                                   : "the directory is not possible");
  Buffer content;
  input_.append(content, stored.head.payload_bytes);
  const std::size_t size = static_cast<std::size_t>(stored.entries[0].stored_bytes);
  const auto padding = content.bytes().subspan(size);
  check(is_zero(padding) ? "" : "padding is not zero");
  content.resize(size);
  check(xxh3(content.bytes()) == stored.entries[0].checksum
            ? ""
            : "the checksum of the content is wrong");
  return content;
}

// False when there is nothing to give: at the end, and of a block of which no row was chosen.
bool StreamReader::give(const Ahead& ahead, Block& block) {
  const BlockHead& head = ahead.head;
  if (head.kind == kEndOfStream) {
    take_end(ahead);
    return false;
  }
  check(ahead.place,
        order_.find_problem(static_cast<BlockKind>(head.kind), head.branch, head.rows));
  if (!ahead.complete) {
    std::rethrow_exception(fault_);
  }
  if (is_sources(head.kind)) {
    take_sources(ahead, block);
  } else if (ahead.passed_over) {
    left_out_ += head.rows;
  } else {
    block = tasks_.take();
    bytes_ahead_ -= ahead.bytes;
    left_out_ += head.rows - block.batch.rows;
    check(ahead.place, order_.accept(block));
  }
  bytes_read_ = ahead.end;
  return is_sources(head.kind) || block.batch.rows != 0;
}

void StreamReader::take_sources(const Ahead& ahead, Block& block) const {
  block.kind = BlockKind::sources;
  block.branch = ahead.head.branch;
  Cursor from(ahead.content.bytes(), ahead.place);
  for (std::size_t i = 0; i < ahead.head.rows; ++i) {
    Source source;
    source.fingerprint = from.take<std::uint64_t>();
    source.first_flow = from.take<std::uint64_t>();
    source.name = from.take_text();
    block.sources.push_back(std::move(source));
  }
  check(ahead.place, from.rest().empty() ? "" : "there are bytes after the last source");
}

void StreamReader::take_end(const Ahead& ahead) {
  const BlockHead& head = ahead.head;
  check(ahead.place, head.flags != 0 || head.branch != 0 || head.rows != 0
                         ? "the end block is not possible"
                         : "");
  check(ahead.place, order_.find_end_problem());
  if (!ahead.complete) {
    std::rethrow_exception(fault_);
  }
  Cursor from(ahead.content.bytes(), ahead.place);
  const auto blocks = from.take<std::uint64_t>();
  const std::uint64_t came = blocks_ - 1;  // but this one
  check(ahead.place,
        blocks == came ? "" : fmt::format("{} blocks came instead of {}", came, blocks));
  for (const std::uint64_t rows : rows_) {
    const auto total = from.take<std::uint64_t>();
    check(ahead.place, rows == total ? "" : fmt::format("{} rows came instead of {}", rows, total));
  }
  check(ahead.place, from.rest().empty() ? "" : "there are bytes after the totals");
  ended_ = true;
  if (const std::uint64_t more = input_.drain(); more != 0) {
    fail(Exit::failed, "{}: {} bytes after the end of the stream", input_.name(), more);
  }
  bytes_read_ = ahead.end;
}

std::string StreamReader::place() const {
  return fmt::format("{}: block {} at byte {}", input_.name(), blocks_, block_at_);
}

void StreamReader::check(const std::string& where, const std::string& problem) {
  if (!problem.empty()) {
    fail(Exit::failed, "{}: {}", where, problem);
  }
}

}  // namespace nfql
