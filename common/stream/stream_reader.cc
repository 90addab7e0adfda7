#include "common/stream/stream_reader.h"

#include <algorithm>
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

}  // namespace

StreamReader::StreamReader(InputFile&& file, const std::optional<std::vector<ElementId>>& wanted)
    : input_(std::move(file)), stored_(read_header(input_)), header_(stored_), order_(stored_) {
  if (wanted.has_value() && stored_.kind == StreamKind::flows) {
    choose_columns(*wanted);
  }
}

void StreamReader::choose_columns(const std::vector<ElementId>& wanted) {
  Schema schema;
  for (const Field& field : stored_.flows().fields()) {
    const bool asked =
        field.id.any() && std::find(wanted.begin(), wanted.end(), field.id) != wanted.end();
    wanted_.push_back(asked);
    if (asked) {
      schema.add(field);
    }
  }
  header_.branches.front().flows = std::move(schema);
}

bool StreamReader::next(Block& block) {
  pool_.give(std::exchange(block.batch.memory, {}));
  block.batch.clear();
  block.sources.clear();
  while (!ended_) {
    const BlockHead head = read_head();
    if (head.kind == kEndOfStream) {
      read_end(head);
      return false;
    }
    const bool sources = head.kind == static_cast<std::uint8_t>(BlockKind::sources);
    if (!sources && !is_data(head.kind) && (head.flags & kSkippable) != 0) {
      input_.skip(head.payload_bytes);
      ++blocks_;
      continue;
    }
    if (!sources && !is_data(head.kind)) {
      throw Error(Exit::failed,
                  fmt::format("{}: there is no kind of block of number {}", place(), head.kind),
                  "a later version of nfql may know it");
    }
    check(head.flags > kSkippable ? fmt::format("the flags {:#x} are not known", head.flags) : "");
    check(order_.find_problem(static_cast<BlockKind>(head.kind), head.branch, head.rows));
    block.kind = static_cast<BlockKind>(head.kind);
    block.branch = head.branch;
    sources ? read_sources(head, block) : read_rows(head, block);
    rows_.at(head.kind - 1U) += head.rows;
    ++blocks_;
    return true;
  }
  return false;
}

BlockHead StreamReader::read_head() {
  block_at_ = input_.offset();
  directory_.resize(kBlockHeadBytes);
  input_.read(directory_.data(), kBlockHeadBytes);
  const BlockHead head = load_block_head(directory_.data());
  if (head.columns > kMaxTotalColumns || head.directory_bytes != head.columns * kEntryBytes) {
    check(fmt::format("a directory of {} columns and {} bytes is not possible", head.columns,
                      head.directory_bytes));
  }
  input_.append(directory_, head.directory_bytes);
  const auto directory = directory_.bytes().subspan(kBlockHeadBytes);
  check(block_checksum(directory_.data(), directory) == head.checksum
            ? ""
            : "the checksum of head and directory is wrong");
  entries_.clear();
  std::uint64_t stored = 0;
  for (std::size_t i = 0; i < head.columns; ++i) {
    entries_.push_back(load_entry(directory.data() + i * kEntryBytes));
    check(entries_.back().stored_bytes > kMaxStored ? "a column is too long" : "");
    stored += padded(entries_.back().stored_bytes);
  }
  check(stored == head.payload_bytes ? "" : "the lengths of columns and payload differ");
  return head;
}

void StreamReader::read_sources(const BlockHead& head, Block& block) {
  Cursor from(read_bytes(), place());
  for (std::size_t i = 0; i < head.rows; ++i) {
    Source source;
    source.fingerprint = from.take<std::uint64_t>();
    source.first_flow = from.take<std::uint64_t>();
    source.name = from.take_text();
    block.sources.push_back(std::move(source));
  }
  check(from.rest().empty() ? "" : "there are bytes after the last source");
}

void StreamReader::read_rows(const BlockHead& head, Block& block) {
  const Schema& schema = order_.schema_of(block.kind, block.branch);
  if (entries_.size() != schema.size()) {
    check(fmt::format("{} columns where the header has {}", entries_.size(), schema.size()));
  }
  check_entries(schema, head.rows);
  read_payload(Columns::wanted);
  block.batch.rows = head.rows;
  decode_columns(schema, block.batch);
  check(order_.accept(block));
}

void StreamReader::read_end(const BlockHead& head) {
  check(head.flags != 0 || head.branch != 0 || head.rows != 0 ? "the end block is not possible"
                                                              : "");
  check(order_.find_end_problem());
  Cursor from(read_bytes(), place());
  const auto blocks = from.take<std::uint64_t>();
  check(blocks == blocks_ ? "" : fmt::format("{} blocks came instead of {}", blocks_, blocks));
  for (const std::uint64_t rows : rows_) {
    const auto total = from.take<std::uint64_t>();
    check(rows == total ? "" : fmt::format("{} rows came instead of {}", rows, total));
  }
  check(from.rest().empty() ? "" : "there are bytes after the totals");
  ended_ = true;
  if (const std::uint64_t more = input_.drain(); more != 0) {
    fail(Exit::failed, "{}: {} bytes after the end of the stream", input_.name(), more);
  }
}

// The content of a block that has no columns.
std::span<const std::byte> StreamReader::read_bytes() {
  check(entries_.size() == 1 ? find_problem_of_bytes(entries_[0])
                             : "the directory is not possible");
  read_payload(Columns::all);
  const auto bytes = payload_.bytes().first(entries_[0].stored_bytes);
  check_padding(bytes.size(), payload_.size());
  check(xxh3(bytes) == entries_[0].checksum ? "" : "the checksum of the content is wrong");
  return bytes;
}

void StreamReader::check_entries(const Schema& schema, std::size_t rows) const {
  std::uint64_t expanded = 0;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    if (std::string problem = find_problem(entries_[i], schema[i], rows); !problem.empty()) {
      check_column(schema[i], problem);
    }
    expanded += expanded_bytes(entries_[i], rows);
  }
  if (expanded > kMaxExpanded) {
    check(fmt::format("it would expand to more than {} bytes", kMaxExpanded));
  }
}

// Neighbouring columns are read at once; those that nobody wants are passed over.
void StreamReader::read_payload(Columns columns) {
  const auto taken = [this, columns](std::size_t i) {
    return columns == Columns::all || is_wanted(i);
  };
  std::uint64_t wanted = 0;
  std::uint64_t run = 0;
  places_.assign(entries_.size(), 0);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    places_[i] = static_cast<std::size_t>(wanted);
    wanted += taken(i) ? padded(entries_[i].stored_bytes) : 0;
  }
  if (payload_.capacity() == 0) {
    payload_ = pool_.take_spare(static_cast<std::size_t>(wanted));
  }
  payload_.clear();
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const std::uint64_t size = padded(entries_[i].stored_bytes);
    if (taken(i)) {
      run += size;
      continue;
    }
    input_.append(payload_, std::exchange(run, 0));
    input_.skip(size);
  }
  input_.append(payload_, run);
}

void StreamReader::decode_columns(const Schema& schema, Batch& batch) {
  bool keep = false;
  decoder_.begin_block();
  batch.columns.reserve(header_.kind == StreamKind::flows ? header_.flows().size() : schema.size());
  for (std::size_t i = 0; i < schema.size(); ++i) {
    if (!is_wanted(i)) {
      continue;
    }
    const std::size_t size = static_cast<std::size_t>(entries_[i].stored_bytes);
    const auto stored = payload_.bytes().subspan(places_[i], size);
    check_padding(places_[i] + size, places_[i] + static_cast<std::size_t>(padded(size)));
    DecodedColumn decoded = decoder_.decode(entries_[i], schema[i], batch.rows, stored, batch);
    if (!decoded.problem.empty()) {
      check_column(schema[i], decoded.problem);
    }
    batch.columns.push_back(decoded.column);
    keep = keep || decoded.views_stored;
  }
  if (keep) {
    batch.keep(std::exchange(payload_, Buffer()));
  }
}

void StreamReader::check_padding(std::size_t from, std::size_t to) const {
  const auto padding = payload_.bytes().subspan(from, to - from);
  check(std::all_of(padding.begin(), padding.end(), [](std::byte b) { return b == std::byte{0}; })
            ? ""
            : "padding is not zero");
}

std::string StreamReader::place() const {
  return fmt::format("{}: block {} at byte {}", input_.name(), blocks_ + 1, block_at_);
}

void StreamReader::check(const std::string& problem) const {
  if (!problem.empty()) {
    fail(Exit::failed, "{}: {}", place(), problem);
  }
}

void StreamReader::check_column(const Field& field, const std::string& problem) const {
  check(fmt::format("column '{}': {}", field.name, problem));
}

}  // namespace nfql
