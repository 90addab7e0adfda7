#include "common/stream/stream_writer.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "common/base/error.h"
#include "common/base/hash.h"
#include "common/stream/block_encoder.h"
#include "common/stream/column_encoder.h"
#include "common/stream/header.h"

namespace nfql {
namespace {

// Why a batch is not rows of a schema, or "".
std::string find_batch_problem(const Batch& batch, const Schema& schema) {
  if (batch.columns.size() != schema.size()) {
    return fmt::format("{} columns where the schema has {}", batch.columns.size(), schema.size());
  }
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const Column& column = batch.columns[i];
    const bool same = column.type == schema[i].type &&
                      (column.type != Type::set || column.element_type == schema[i].element_type);
    if (!same || column.rows != batch.rows) {
      return fmt::format("column '{}' has another type or length than announced", schema[i].name);
    }
  }
  return {};
}

Buffer pack_sources(std::span<const Source> sources) {
  Buffer bytes;
  for (const Source& source : sources) {
    const std::string_view name = std::string_view(source.name).substr(0, UINT16_MAX);
    bytes.push(source.fingerprint);
    bytes.push(source.first_flow);
    bytes.push(static_cast<std::uint16_t>(name.size()));
    bytes.append(name.data(), name.size());
  }
  return bytes;
}

}  // namespace

StreamWriter::StreamWriter(OutputFile&& file, const StreamHeader& header, Compression compression,
                           std::size_t threads)
    : file_(std::move(file)),
      order_(header),
      compression_(compression),
      most_pending_(file_.seekable() && threads > 1 ? threads : 0),
      tasks_(file_.seekable() ? threads : 1) {
  check(find_problem(header));
  file_.write(pack_header(header).bytes());
  if (!file_.seekable()) {
    // Who reads several streams waits for all headers first, and might not read on meanwhile.
    file_.flush();
  }
}

void StreamWriter::put(Block&& block) {
  if (block.kind == BlockKind::sources) {
    put_sources(block);
    return;
  }
  if (block.batch.rows <= kMaxRows) {
    if (block.batch.rows != 0) {
      put_rows(std::move(block));
    }
    return;
  }
  check(block.kind == BlockKind::groups && order_.header().members
            ? fmt::format("{} groups at once, at most {} are allowed", block.batch.rows, kMaxRows)
            : find_batch_problem(block.batch, order_.schema_of(block.kind, block.branch)));
  for (std::size_t first = 0; first < block.batch.rows; first += kMaxRows) {
    const std::size_t rows = std::min(kMaxRows, block.batch.rows - first);
    put_rows({block.kind, block.branch, slice(block.batch, first, rows), {}});
  }
}

void StreamWriter::put_rows(Block&& block) {
  check(order_.find_problem(block.kind, block.branch, block.batch.rows));
  const Schema& schema = order_.schema_of(block.kind, block.branch);
  check(find_batch_problem(block.batch, schema));
  check(order_.accept(block));
  count(block.kind, block.batch.rows);
  if (most_pending_ == 0 || !owns_columns(block.batch)) {
    write_encoded(0);
    file_.write(encode_block(block, schema, compression_).bytes());
    return;
  }
  write_encoded(most_pending_ - 1);
  tasks_.start([this, &schema, mine = std::move(block)] {
    return encode_block(mine, schema, compression_);
  });
}

// Writes blocks in their order until only `but` of them are left to be encoded.
void StreamWriter::write_encoded(std::size_t but) {
  tasks_.take_until(but, [this](const Buffer& block) { file_.write(block.bytes()); });
}

void StreamWriter::put_sources(const Block& block) {
  check(order_.find_problem(block.kind, block.branch, block.sources.size()));
  std::span<const Source> left = block.sources;
  while (!left.empty()) {
    const auto some = left.first(std::min(left.size(), kMaxRows));
    BlockHead head;
    head.kind = static_cast<std::uint8_t>(BlockKind::sources);
    head.branch = block.branch;
    head.rows = static_cast<std::uint32_t>(some.size());
    put_bytes(head, pack_sources(some).bytes());
    count(BlockKind::sources, some.size());
    left = left.subspan(some.size());
  }
}

void StreamWriter::finish() {
  check(order_.find_end_problem());
  Buffer totals;
  totals.push(blocks_);
  for (const std::uint64_t rows : rows_) {
    totals.push(rows);
  }
  BlockHead head;
  head.kind = kEndOfStream;
  put_bytes(head, totals.bytes());
  file_.commit();
}

void StreamWriter::put_bytes(BlockHead head, std::span<const std::byte> bytes) {
  write_encoded(0);
  const ColumnEntry entry = entry_of_bytes(bytes);
  constexpr std::array<std::byte, 8> kPadding{};
  file_.write(pack_block_head(head, std::span(&entry, 1)).bytes());
  file_.write(bytes);
  file_.write(std::span(kPadding).first(padded(bytes.size()) - bytes.size()));
}

void StreamWriter::count(BlockKind kind, std::size_t rows) {
  ++blocks_;
  rows_.at(static_cast<std::size_t>(kind) - 1) += rows;
}

void StreamWriter::check(const std::string& problem) const {
  if (!problem.empty()) {
    fail(Exit::failed, "{}: block {}: {}", file_.name(), blocks_ + 1, problem);
  }
}

}  // namespace nfql
