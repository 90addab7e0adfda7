#include "common/stream/block_decoder.h"

#include <algorithm>
#include <utility>

#include "common/base/error.h"

namespace nfql {

std::string StoredBlock::place(const std::string& name) const {
  return fmt::format("{}: block {} at byte {}", name, number, at);
}

std::uint64_t check_entries(const StoredBlock& stored, const Schema& schema,
                            const std::string& where) {
  const std::size_t rows = stored.head.rows;
  if (stored.entries.size() != schema.size()) {
    fail(Exit::failed, "{}: {} columns where the header has {}", where, stored.entries.size(),
         schema.size());
  }
  std::uint64_t expanded = 0;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const std::string problem = find_problem(stored.entries[i], schema[i], rows);
    if (!problem.empty()) {
      fail(Exit::failed, "{}: column '{}': {}", where, schema[i].name, problem);
    }
    expanded += expanded_bytes(stored.entries[i], rows);
  }
  if (expanded > kMaxExpanded) {
    fail(Exit::failed, "{}: it would expand to more than {} bytes", where, kMaxExpanded);
  }
  return expanded;
}

bool may_be_wanted(const StoredBlock& stored, const Wanted& wanted) {
  if (wanted.chooser == nullptr) {
    return true;
  }
  std::vector<ColumnExtremes> columns;
  for (std::size_t i = 0; i < stored.entries.size(); ++i) {
    if (wanted.has(i)) {
      const ColumnEntry& entry = stored.entries[i];
      const bool known = entry.encoding != Encoding::unknown;
      columns.push_back({!known || (entry.flags & kHasUnknown) != 0, known,
                         (entry.flags & kHasMinMax) != 0, entry.min, entry.max});
    }
  }
  return wanted.chooser->may_choose(columns);
}

BlockDecoder::BlockDecoder(StoredBlock&& stored, const Schema& schema, const Wanted& wanted,
                           const InputFile& file)
    : stored_(std::move(stored)),
      schema_(schema),
      wanted_(wanted),
      file_(file),
      decoder_(stored_.head.rows) {
  std::uint64_t at = 0;
  for (std::size_t i = 0; i < schema_.size(); ++i) {
    at_.push_back(at);
    if (wanted_.has(i)) {
      columns_.push_back(i);
    }
    // Of other inputs than files only the columns wanted are there.
    at +=
        stored_.payload.size() == 0 || wanted_.has(i) ? padded(stored_.entries[i].stored_bytes) : 0;
  }
}

Block BlockDecoder::decode() {
  Block block;
  block.kind = static_cast<BlockKind>(stored_.head.kind);
  block.branch = stored_.head.branch;
  block.batch.rows = stored_.head.rows;
  for (const std::size_t i : columns_) {
    block.batch.columns.push_back(column_without_values(schema_[i], block.batch.rows));
  }
  std::vector<std::size_t> left(columns_.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    left[i] = i;
  }
  if (wanted_.chooser != nullptr) {
    const std::vector<std::size_t>& first = wanted_.chooser->columns();
    decode_columns(first, block.batch);
    choose_rows(block.batch);
    left.erase(std::remove_if(left.begin(), left.end(),
                              [&first](std::size_t i) {
                                return std::find(first.begin(), first.end(), i) != first.end();
                              }),
               left.end());
  }
  if (block.batch.rows != 0) {
    decode_columns(left, block.batch);
  }
  if (views_payload_) {
    block.batch.keep(std::move(stored_.payload));
  }
  return block;
}

// From here on the batch has only the rows that are wanted.
void BlockDecoder::choose_rows(Batch& batch) {
  wanted_.chooser->choose(batch, rows_);
  if (rows_.size() == batch.rows) {
    return;
  }
  batch.rows = rows_.size();
  decoder_.choose(rows_);
  for (const std::size_t i : wanted_.chooser->columns()) {
    batch.columns[i] = gather(batch.columns[i], rows_, batch);
  }
}

void BlockDecoder::decode_columns(const std::vector<std::size_t>& columns, Batch& batch) {
  Part part = payload_of(columns);
  bool keep = false;
  for (std::size_t k = 0; k < columns.size(); ++k) {
    const std::size_t i = columns_[columns[k]];
    const ColumnEntry& entry = stored_.entries[i];
    const auto size = static_cast<std::size_t>(entry.stored_bytes);
    const std::span<const std::byte> bytes(part.at[k], static_cast<std::size_t>(padded(size)));
    check(nullptr, is_zero(bytes.subspan(size)) ? "" : "padding is not zero");
    DecodedColumn decoded = decoder_.decode(entry, schema_[i], bytes.first(size), batch);
    check(&schema_[i], decoded.problem);
    batch.columns[columns[k]] = decoded.column;
    keep = keep || decoded.views_stored;
  }
  if (keep && part.bytes.size() != 0) {
    batch.keep(std::move(part.bytes));
  } else {
    views_payload_ = views_payload_ || keep;
  }
}

BlockDecoder::Part BlockDecoder::payload_of(const std::vector<std::size_t>& columns) const {
  if (stored_.payload.size() == 0) {
    return read_part(columns);
  }
  Part part;
  for (const std::size_t k : columns) {
    part.at.push_back(stored_.payload.data() + at_[columns_[k]]);
  }
  return part;
}

// Neighbours are read at once.
BlockDecoder::Part BlockDecoder::read_part(const std::vector<std::size_t>& columns) const {
  Part part;
  const auto size_of = [&](std::size_t k) {
    return static_cast<std::size_t>(padded(stored_.entries[columns_[k]].stored_bytes));
  };
  std::size_t size = 0;
  for (const std::size_t k : columns) {
    size += size_of(k);
  }
  part.bytes.resize(size);
  std::byte* to = part.bytes.data();
  std::byte* run = to;
  std::uint64_t run_at = 0;  // in the payload
  const auto read_run = [&] {
    const auto bytes = static_cast<std::size_t>(to - run);
    if (bytes != 0 && file_.read_at(stored_.payload_at + run_at, run, bytes) != bytes) {
      fail(Exit::failed, "{}: became shorter while it was read", file_.name());
    }
    run = to;
  };
  for (const std::size_t k : columns) {
    if (run_at + static_cast<std::uint64_t>(to - run) != at_[columns_[k]]) {
      read_run();
      run_at = at_[columns_[k]];
    }
    part.at.push_back(to);
    to += size_of(k);
  }
  read_run();
  return part;
}

void BlockDecoder::check(const Field* field, const std::string& problem) const {
  if (problem.empty()) {
    return;
  }
  const std::string where = stored_.place(file_.name());
  if (field == nullptr) {
    fail(Exit::failed, "{}: {}", where, problem);
  }
  fail(Exit::failed, "{}: column '{}': {}", where, field->name, problem);
}

}  // namespace nfql
