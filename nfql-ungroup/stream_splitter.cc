#include "nfql-ungroup/stream_splitter.h"

#include <cassert>
#include <numeric>
#include <utility>

namespace nfql {
namespace {

std::size_t find_stream_column(const StreamHeader& input) {
  const auto column = input.flows().find(element::kStream);
  assert(column && input.flows()[*column].type == Type::u64);
  return column.value_or(0);
}

StreamHeader without(const StreamHeader& input, std::size_t column) {
  std::vector<Field> fields = input.flows().fields();
  fields.erase(fields.begin() + static_cast<std::ptrdiff_t>(column));
  return flows_header(Schema(std::move(fields)));
}

Block sources_block(const std::vector<Source>& sources) {
  Block block;
  block.kind = BlockKind::sources;
  block.sources = sources;
  return block;
}

}  // namespace

StreamSplitter::StreamSplitter(const StreamHeader& input, Open open)
    : open_(std::move(open)),
      stream_column_(find_stream_column(input)),
      header_(without(input, stream_column_)) {}

void StreamSplitter::put(Block&& block) {
  if (block.kind == BlockKind::sources) {
    sources_.insert(sources_.end(), block.sources.begin(), block.sources.end());
    if (writer_) {
      writer_->put(std::move(block));
    }
    return;
  }
  assert(block.kind == BlockKind::flows);
  const auto streams = block.batch.columns[stream_column_].values<std::uint64_t>();
  block.batch.columns.erase(block.batch.columns.begin() +
                            static_cast<std::ptrdiff_t>(stream_column_));
  const std::size_t rows = block.batch.rows;
  for (std::size_t from = 0; from < rows;) {
    std::size_t to = from + 1;
    while (to < rows && streams[to] == streams[from]) {
      ++to;
    }
    if (!writer_ || stream_ != streams[from]) {
      begin(streams[from]);
    }
    put_part(block.batch, from, to);
    from = to;
  }
}

void StreamSplitter::begin(std::uint64_t stream) {
  finish();
  writer_ = open_(stream, header_);
  stream_ = stream;
  if (!sources_.empty()) {
    writer_->put(sources_block(sources_));
  }
}

void StreamSplitter::put_part(Batch& batch, std::size_t from, std::size_t to) {
  Block part;
  part.kind = BlockKind::flows;
  if (from == 0 && to == batch.rows) {
    part.batch = std::move(batch);
  } else {
    std::vector<RowId> rows(to - from);
    std::iota(rows.begin(), rows.end(), static_cast<RowId>(from));
    part.batch = gather(batch, rows);
  }
  writer_->put(std::move(part));
}

void StreamSplitter::finish() {
  if (writer_) {
    writer_->finish();
    finished_bytes_ += writer_->bytes_written();
    for (std::string& warning : writer_->warnings()) {
      warnings_.push_back(std::move(warning));
    }
    writer_.reset();
  }
}

std::uint64_t StreamSplitter::bytes_written() const {
  return finished_bytes_ + (writer_ ? writer_->bytes_written() : 0);
}

}  // namespace nfql
