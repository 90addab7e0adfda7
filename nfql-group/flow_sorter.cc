#include "nfql-group/flow_sorter.h"

#include <algorithm>
#include <utility>

namespace nfql {
namespace {

struct Placed {
  FlowOrder order;
  std::uint32_t row;

  friend bool operator<(const Placed& a, const Placed& b) {
    return a.order != b.order ? a.order < b.order : a.row < b.row;
  }
};

}  // namespace

void FlowSorter::add(Batch&& batch) {
  std::vector<FlowOrder> order;
  reader_.read(batch, flows_.rows(), order);
  order_.insert(order_.end(), order.begin(), order.end());
  flows_.add(std::move(batch));
}

void FlowSorter::visit(std::span<const std::size_t> columns, const Take& take) {
  std::vector<FlowOrder> order = std::exchange(order_, {});
  if (std::is_sorted(order.begin(), order.end())) {
    flows_.visit([&](std::uint64_t first, const Batch& batch) {
      take(batch, std::span(order).subspan(first, batch.rows));
    });
    return;
  }
  sort(order);
  for (std::size_t first = 0; first < rows_.size(); first += kMaxRows) {
    const std::size_t count = std::min(kMaxRows, rows_.size() - first);
    take(gather(std::span(rows_).subspan(first, count), columns),
         std::span(order).subspan(first, count));
  }
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

void FlowSorter::sort(std::vector<FlowOrder>& order) {
  std::vector<Placed> placed;
  placed.reserve(order.size());
  for (const FlowOrder& one : order) {
    placed.push_back({one, static_cast<std::uint32_t>(placed.size())});
  }
  std::sort(placed.begin(), placed.end());
  rows_.reserve(placed.size());
  for (std::size_t i = 0; i < placed.size(); ++i) {
    order[i] = placed[i].order;
    rows_.push_back(placed[i].row);
  }
}

void FlowSorter::to_rows(std::span<std::uint32_t> positions) const {
  for (std::uint32_t& position : positions) {
    position = rows_.empty() ? position : rows_[position];
  }
}

}  // namespace nfql
