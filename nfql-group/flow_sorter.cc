#include "nfql-group/flow_sorter.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <numeric>
#include <tuple>
#include <utility>

namespace nfql {
namespace {

// Bits of a start by which rows are dealt out at a time: the counts fit the first-level cache.
constexpr unsigned kDigit = 11;

struct Entry {
  std::uint64_t start;  // from the least on
  std::uint32_t row;
};

// A stable counting sort by the digit that begins at bit `shift`.
void deal(const std::vector<Entry>& from, unsigned shift, std::vector<Entry>& to) {
  constexpr std::size_t kCounts = std::size_t{1} << kDigit;
  const auto digit = [shift](const Entry& entry) { return entry.start >> shift & (kCounts - 1); };
  std::array<std::size_t, kCounts> next{};
  for (const Entry& entry : from) {
    ++next[digit(entry)];
  }
  std::exclusive_scan(next.begin(), next.end(), next.begin(), std::size_t{0});
  for (const Entry& entry : from) {
    to[next[digit(entry)]++] = entry;
  }
}

std::vector<Entry> sorted_by_start(std::span<const FlowOrder> order) {
  const auto by_start = [](const FlowOrder& a, const FlowOrder& b) { return a.start < b.start; };
  const auto [least, greatest] = std::minmax_element(order.begin(), order.end(), by_start);
  const auto origin = static_cast<std::uint64_t>(least->start);
  std::vector<Entry> entries;
  entries.reserve(order.size());
  for (const FlowOrder& one : order) {
    entries.push_back({static_cast<std::uint64_t>(one.start) - origin,
                       static_cast<std::uint32_t>(entries.size())});
  }
  std::vector<Entry> dealt(entries.size());
  const auto bits = std::bit_width(static_cast<std::uint64_t>(greatest->start) - origin);
  for (unsigned shift = 0; shift < static_cast<unsigned>(bits); shift += kDigit) {
    deal(entries, shift, dealt);
    entries.swap(dealt);
  }
  return entries;
}

}  // namespace

void FlowSorter::add(Batch&& batch) {
  reader_.read(batch, flows_.rows(), batch_order_);
  order_.insert(order_.end(), batch_order_.begin(), batch_order_.end());
  flows_.add(std::move(batch));
}

void FlowSorter::visit(std::span<const std::size_t> columns, const Take& take) {
  flows_.seal();
  if (by_ == OrderBy::start && !std::is_sorted(order_.begin(), order_.end())) {
    sort();
  }
  const std::vector<std::int64_t> earliest = earliest_starts();
  if (by_ == OrderBy::arrival) {
    for (std::size_t i = 0; i < order_.size(); ++i) {
      order_[i] = {0, i};
    }
  }
  const auto give = [&](const Batch& batch, std::size_t first) {
    take({batch, std::span(order_).subspan(first, batch.rows),
          std::span(earliest).subspan(first, batch.rows)});
  };
  if (rows_.empty()) {
    flows_.visit(columns, [&](std::uint64_t first, const Batch& batch) { give(batch, first); });
  }
  for (std::size_t first = 0; first < rows_.size(); first += kMaxRows) {
    const std::size_t count = std::min(kMaxRows, rows_.size() - first);
    give(gather(std::span(rows_).subspan(first, count), columns), first);
  }
  std::vector<FlowOrder>().swap(order_);
}

// Those that are unknown are less than all others.
std::vector<std::int64_t> FlowSorter::earliest_starts() const {
  std::vector<std::int64_t> starts(order_.size());
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (std::size_t i = order_.size(); i-- > 0;) {
    least = std::min(least, order_[i].start);
    starts[i] = least;
  }
  return starts;
}

Batch FlowSorter::gather(std::span<const std::uint32_t> rows,
                         std::span<const std::size_t> columns) const {
  Batch batch;
  batch.rows = rows.size();
  batch.columns.resize(flows_.schema().size());
  for (const std::size_t column : columns) {
    if (batch.columns[column].data == nullptr) {
      batch.columns[column] = flows_.gather_column(column, rows, batch);
    }
  }
  return batch;
}

void FlowSorter::sort() {
  std::vector<FlowOrder>& order = order_;
  for (const Entry& entry : sorted_by_start(order)) {
    rows_.push_back(entry.row);
  }
  // Flows of one start are as they came so far.
  const auto before = [&order](std::uint32_t a, std::uint32_t b) {
    return std::tie(order[a].id, a) < std::tie(order[b].id, b);
  };
  for (auto first = rows_.begin(); first != rows_.end();) {
    const std::int64_t start = order[*first].start;
    const auto last = std::find_if(first, rows_.end(), [&order, start](std::uint32_t row) {
      return order[row].start != start;
    });
    if (!std::is_sorted(first, last, before)) {
      std::sort(first, last, before);
    }
    first = last;
  }
  std::vector<FlowOrder> sorted;
  sorted.reserve(order.size());
  for (const std::uint32_t row : rows_) {
    sorted.push_back(order[row]);
  }
  order.swap(sorted);
}

void FlowSorter::to_rows(std::span<std::uint32_t> positions) const {
  for (std::uint32_t& position : positions) {
    position = rows_.empty() ? position : rows_[position];
  }
}

}  // namespace nfql
