#include "nfql-ungroup/stream_builder.h"

#include <algorithm>
#include <limits>
#include <span>
#include <tuple>
#include <utility>

#include "common/base/error.h"
#include "common/stage/flow_order.h"

namespace nfql {
namespace {

void check_known(const Column& ids) {
  for (std::size_t row = 0; row < ids.rows; ++row) {
    if (!ids.is_known(row)) {
      fail(Exit::failed, "the flowId of a member flow is unknown");
    }
  }
}

}  // namespace

StreamBuilder::StreamBuilder(const RowStore& flows, const SourceTable& sources, Streams streams)
    : flows_(flows),
      sources_(sources),
      mode_(streams),
      start_column_(flows.schema().find(element::kStart)),
      id_column_(flows.schema().find(element::kFlowId).value_or(0)) {}

void StreamBuilder::index_rows() {
  const std::uint64_t indexed = ids_.size();
  std::vector<std::size_t> columns = {id_column_};
  if (start_column_) {
    columns.push_back(*start_column_);
  }
  const auto index = [&](std::uint64_t first, const Batch& batch) {
    if (batch.columns[id_column_].known != nullptr) {
      check_known(batch.columns[id_column_]);
    }
    const auto skip = static_cast<std::size_t>(indexed > first ? indexed - first : 0);
    const auto ids = batch.columns[id_column_].values<std::uint64_t>().subspan(skip);
    ids_.insert(ids_.end(), ids.begin(), ids.end());
    if (!start_column_) {
      starts_.resize(ids_.size(), kUnknownStart);
      return;
    }
    const Column& starts = batch.columns[*start_column_];
    for (std::size_t row = skip; row < batch.rows; ++row) {
      starts_.push_back(starts.is_known(row) ? starts.values<std::int64_t>()[row] : kUnknownStart);
    }
  };
  flows_.visit(columns, index, indexed);
}

void StreamBuilder::clear() {
  starts_.clear();
  ids_.clear();
}

void StreamBuilder::add(std::uint64_t begin, std::uint64_t end) {
  for (std::uint64_t row = begin; row < end; ++row) {
    entries_.push_back({starts_[row], ids_[row], row});
  }
}

void StreamBuilder::end_stream(BlockSink& out) {
  const auto earlier = [](const Entry& a, const Entry& b) {
    return std::tie(a.start, a.flow_id, a.row) < std::tie(b.start, b.flow_id, b.row);
  };
  // Members of one group come in order.
  if (!std::is_sorted(entries_.begin(), entries_.end(), earlier)) {
    std::sort(entries_.begin(), entries_.end(), earlier);
  }
  drop_duplicates();
  for (const Entry& entry : entries_) {
    rows_.push_back(entry.row);
  }
  numbers_.resize(rows_.size(), streams_ended_);
  ++streams_ended_;
  entries_.clear();
  std::size_t done = 0;
  for (; rows_.size() - done >= kMaxRows; done += kMaxRows) {
    put(done, done + kMaxRows, out);
  }
  rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(done));
  numbers_.erase(numbers_.begin(), numbers_.begin() + static_cast<std::ptrdiff_t>(done));
}

// The same flow has the same start, so equals are neighbours; but where sources have one content,
// flows of different numbers may be one.
void StreamBuilder::drop_duplicates() {
  if (sources_.distinct()) {
    const auto same = [](const Entry& a, const Entry& b) {
      return a.flow_id == b.flow_id && a.start == b.start;
    };
    entries_.erase(std::unique(entries_.begin(), entries_.end(), same), entries_.end());
    return;
  }
  std::vector<std::pair<Identity, std::size_t>> identities;  // with the entry
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    identities.emplace_back(sources_.identify(entries_[i].flow_id), i);
  }
  std::sort(identities.begin(), identities.end());
  std::vector<std::uint8_t> first(entries_.size());
  for (std::size_t i = 0; i < identities.size(); ++i) {
    first[identities[i].second] = i == 0 || identities[i].first != identities[i - 1].first ? 1 : 0;
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    entries_[kept] = entries_[i];
    kept += first[i];
  }
  entries_.resize(kept);
}

void StreamBuilder::flush(BlockSink& out) {
  put(0, rows_.size(), out);
  rows_.clear();
  numbers_.clear();
}

void StreamBuilder::put(std::size_t begin, std::size_t end, BlockSink& out) const {
  if (begin == end) {
    return;
  }
  const std::span<const std::uint64_t> rows(rows_.data() + begin, end - begin);
  Block block;
  block.kind = BlockKind::flows;
  block.batch = flows_.gather(rows, flows_.schema().size());
  if (mode_ == Streams::numbered) {
    Buffer buffer;
    buffer.append(numbers_.data() + begin, rows.size_bytes());
    Column column;
    column.rows = rows.size();
    column.data = block.batch.keep(std::move(buffer));
    block.batch.columns.insert(block.batch.columns.begin(), column);
  }
  out.put(std::move(block));
}

}  // namespace nfql
