#include "common/io/timed_chooser.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

namespace nfql {
namespace {

std::int64_t least(const ColumnExtremes& times) {
  return value_of_bits<std::int64_t>(times.least);
}
std::int64_t greatest(const ColumnExtremes& times) {
  return value_of_bits<std::int64_t>(times.greatest);
}

// What start and end can be after swap_times(), which makes the one the lesser of the two, the
// other the greater.
void swap_extremes(ColumnExtremes& start, ColumnExtremes& end) {
  if (!start.any_known || !end.any_known) {
    return;
  }
  if (!start.bounded || !end.bounded) {
    start.bounded = end.bounded = false;
    return;
  }
  const std::int64_t first = std::min(least(start), least(end));
  const std::int64_t last = std::max(greatest(start), greatest(end));
  start.least = static_cast<std::uint64_t>(first);
  end.greatest = static_cast<std::uint64_t>(last);
}

}  // namespace

TimedChooser::TimedChooser(const TimeColumns& times, const TimeWindow& window,
                           std::unique_ptr<RowChooser> chooser)
    : times_(times), window_(window), chooser_(std::move(chooser)) {
  if (chooser_ != nullptr) {
    columns_ = chooser_->columns();
  }
  const auto has = [this](std::optional<std::size_t> column) {
    return column && std::find(columns_.begin(), columns_.end(), *column) != columns_.end();
  };
  if (!has(times.start_uptime) && !has(times.end_uptime)) {
    times_.start_uptime = times_.end_uptime = std::nullopt;
  }
  for (const auto& column : {times_.start, times_.end, times_.start_uptime, times_.end_uptime}) {
    if (column && !has(column)) {
      columns_.push_back(*column);
    }
  }
}

void TimedChooser::choose(const Batch& batch, std::vector<RowId>& rows) {
  Batch right{batch.rows, batch.columns, {}};
  swap_times(right, times_);
  if (chooser_ != nullptr) {
    chooser_->choose(right, rows);
  } else {
    rows.resize(batch.rows);
    std::iota(rows.begin(), rows.end(), RowId{0});
  }
  if (window_.any()) {
    const WindowTest test(right, times_, window_);
    rows.erase(
        std::remove_if(rows.begin(), rows.end(),
                       [&test](RowId row) { return !test.lacks_time(row) && !test.contains(row); }),
        rows.end());
  }
}

bool TimedChooser::may_choose(std::span<const ColumnExtremes> columns) {
  std::vector<ColumnExtremes> right(columns.begin(), columns.end());
  if (times_.start && times_.end) {
    swap_extremes(right[*times_.start], right[*times_.end]);
    // The uptimes are swapped with them, whatever their own order is.
    for (const auto& uptime : {times_.start_uptime, times_.end_uptime}) {
      if (uptime) {
        right[*uptime].bounded = false;
      }
    }
  }
  return may_be_in_window(right) && (chooser_ == nullptr || chooser_->may_choose(right));
}

bool TimedChooser::may_be_in_window(std::span<const ColumnExtremes> columns) const {
  const auto may_be = [columns](std::size_t column, const auto& in_window) {
    const ColumnExtremes& times = columns[column];
    return times.any_unknown || !times.bounded || in_window(times);
  };
  const bool late = !window_.since ||
                    may_be(*(window_.needs_end() ? times_.end : times_.start),
                           [this](const auto& times) { return greatest(times) >= *window_.since; });
  const bool early = !window_.until || may_be(*times_.start, [this](const auto& times) {
    return least(times) < *window_.until;
  });
  return late && early;
}

}  // namespace nfql
