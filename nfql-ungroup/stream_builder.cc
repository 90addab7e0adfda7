#include "nfql-ungroup/stream_builder.h"

#include <algorithm>
#include <memory>
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

StreamBuilder::StreamBuilder(const RowStore& flows, const SourceTable& sources, Streams streams,
                             std::size_t threads)
    : flows_(flows),
      sources_(sources),
      mode_(streams),
      start_column_(flows.schema().find(element::kStart)),
      id_column_(flows.schema().find(element::kFlowId).value_or(0)),
      makers_(threads) {}

void StreamBuilder::add(std::uint64_t begin, std::uint64_t end) {
  for (std::uint64_t row = begin; row < end; ++row) {
    part_.rows.push_back(row);
  }
}

void StreamBuilder::end_stream(BlockSink& out) {
  ++streams_ended_;
  if (part_.rows.size() <= kMadeRows) {
    part_.ends.push_back(part_.rows.size());
    return;
  }
  // What ended before this stream fits a block.
  const std::size_t begin = part_.ends.empty() ? 0 : part_.ends.back();
  Part next;
  next.rows.assign(part_.rows.begin() + static_cast<std::ptrdiff_t>(begin), part_.rows.end());
  next.ends = {next.rows.size()};
  next.first = streams_ended_ - 1;
  part_.rows.resize(begin);
  make_blocks(std::exchange(part_, std::move(next)), out);
  if (part_.rows.size() > kMadeRows) {
    make_blocks(std::exchange(part_, Part{{}, {}, streams_ended_}), out);
  }
}

void StreamBuilder::flush(BlockSink& out) {
  make_blocks(std::exchange(part_, Part{{}, {}, streams_ended_}), out);
  makers_.finish(out);
}

void StreamBuilder::make_blocks(Part&& part, BlockSink& out) {
  if (part.rows.empty()) {
    return;
  }
  if (part.rows.size() <= kMadeRows) {
    makers_.put(
        [this, part = std::move(part)]() mutable {
          order(part);
          return block_of(part, 0, part.rows.size());
        },
        out);
    return;
  }
  order(part);
  const auto shared = std::make_shared<const Part>(std::move(part));
  for (std::size_t begin = 0; begin < shared->rows.size(); begin += kMadeRows) {
    const std::size_t end = std::min(begin + kMadeRows, shared->rows.size());
    makers_.put([this, shared, begin, end] { return block_of(*shared, begin, end); }, out);
  }
}

// Each stream's rows by start, then flowId, each flow once.
void StreamBuilder::order(Part& part) const {
  Batch scratch;
  const std::span<const std::uint64_t> rows = part.rows;
  const Column ids = flows_.gather_column(id_column_, rows, scratch);
  check_known(ids);
  const auto flow_ids = ids.values<std::uint64_t>();
  const Column starts = start_column_ ? flows_.gather_column(*start_column_, rows, scratch) : ids;
  const auto start_of = [&](std::size_t row) {
    return start_column_ && starts.is_known(row) ? starts.values<std::int64_t>()[row]
                                                 : kUnknownStart;
  };
  const auto earlier = [](const Entry& a, const Entry& b) {
    return std::tie(a.start, a.flow_id, a.row) < std::tie(b.start, b.flow_id, b.row);
  };
  std::vector<Entry> entries;
  std::size_t begin = 0;
  std::size_t kept = 0;
  for (std::size_t& end : part.ends) {
    entries.clear();
    for (std::size_t i = begin; i < end; ++i) {
      entries.push_back({start_of(i), flow_ids[i], part.rows[i]});
    }
    // Members of one group come in order.
    if (!std::is_sorted(entries.begin(), entries.end(), earlier)) {
      std::sort(entries.begin(), entries.end(), earlier);
    }
    drop_duplicates(entries);
    begin = end;
    for (const Entry& entry : entries) {
      part.rows[kept++] = entry.row;
    }
    end = kept;
  }
  part.rows.resize(kept);
}

// The same flow has the same start, so equals are neighbours; but where sources have one content,
// flows of different numbers may be one.
void StreamBuilder::drop_duplicates(std::vector<Entry>& entries) const {
  if (sources_.distinct()) {
    const auto same = [](const Entry& a, const Entry& b) {
      return a.flow_id == b.flow_id && a.start == b.start;
    };
    entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
    return;
  }
  std::vector<std::pair<Identity, std::size_t>> identities;  // with the entry
  for (std::size_t i = 0; i < entries.size(); ++i) {
    identities.emplace_back(sources_.identify(entries[i].flow_id), i);
  }
  std::sort(identities.begin(), identities.end());
  std::vector<std::uint8_t> first(entries.size());
  for (std::size_t i = 0; i < identities.size(); ++i) {
    first[identities[i].second] = i == 0 || identities[i].first != identities[i - 1].first ? 1 : 0;
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[kept] = entries[i];
    kept += first[i];
  }
  entries.resize(kept);
}

Block StreamBuilder::block_of(const Part& part, std::size_t begin, std::size_t end) const {
  Block block;
  block.kind = BlockKind::flows;
  block.batch =
      flows_.gather(std::span(part.rows).subspan(begin, end - begin), flows_.schema().size());
  if (mode_ == Streams::numbered) {
    Column column;
    column.rows = end - begin;
    column.data = block.batch.keep(numbers_of(part, begin, end));
    block.batch.columns.insert(block.batch.columns.begin(), column);
  }
  return block;
}

// The numbers of the streams that rows [begin, end) are of.
Buffer StreamBuilder::numbers_of(const Part& part, std::size_t begin, std::size_t end) {
  Buffer numbers((end - begin) * sizeof(std::uint64_t));
  auto* to = numbers.as<std::uint64_t>();
  auto stream = std::upper_bound(part.ends.begin(), part.ends.end(), begin);
  for (std::size_t row = begin; row < end; ++stream) {
    const std::size_t here = std::min(*stream, end) - row;
    to = std::fill_n(to, here, part.first + static_cast<std::uint64_t>(stream - part.ends.begin()));
    row += here;
  }
  return numbers;
}

}  // namespace nfql
