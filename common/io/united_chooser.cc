#include "common/io/united_chooser.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/io/unknown_columns.h"

namespace nfql {

UnitedChooser::UnitedChooser(RowChooser& chooser, const Schema& all, const ColumnOrigins& origins)
    : chooser_(chooser), all_(all), origins_(origins) {
  for (const std::size_t column : chooser.columns()) {
    if (origins[column]) {
      origins[column]->collect_columns(columns_);
    }
  }
}

void UnitedChooser::choose(const Batch& batch, std::vector<RowId>& rows) {
  Batch united;
  united.rows = batch.rows;
  united.columns.resize(all_.size());
  UnknownColumns unknown(united, batch.rows);
  for (const std::size_t column : chooser_.columns()) {
    united.columns[column] =
        origins_[column] ? origins_[column]->read(batch, united) : unknown.make(all_[column]);
  }
  chooser_.choose(united, rows);
}

bool UnitedChooser::may_choose(std::span<const ColumnExtremes> columns) {
  std::vector<ColumnExtremes> united(all_.size());
  for (std::size_t i = 0; i < united.size(); ++i) {
    if (!origins_[i]) {
      united[i].any_known = false;
    } else if (const std::optional<std::size_t> column = origins_[i]->column()) {
      united[i] = columns[*column];
    }
  }
  return chooser_.may_choose(united);
}

FlowIdWatch::FlowIdWatch(std::size_t column, std::unique_ptr<RowChooser> chooser,
                         std::atomic<std::uint64_t>& next)
    : column_(column), chooser_(std::move(chooser)), next_(next), columns_(chooser_->columns()) {
  if (std::find(columns_.begin(), columns_.end(), column) == columns_.end()) {
    columns_.push_back(column);
  }
}

void FlowIdWatch::choose(const Batch& batch, std::vector<RowId>& rows) {
  const Column& ids = batch.columns[column_];
  const auto values = ids.values<std::uint64_t>();
  std::uint64_t greatest = 0;
  bool any = false;
  for (std::size_t row = 0; row < values.size(); ++row) {
    greatest = ids.is_known(row) ? std::max(greatest, values[row]) : greatest;
    any = any || ids.is_known(row);
  }
  if (any) {
    note(greatest);
  }
  chooser_->choose(batch, rows);
}

bool FlowIdWatch::may_choose(std::span<const ColumnExtremes> columns) {
  const ColumnExtremes& ids = columns[column_];
  if (ids.any_known && !ids.bounded) {
    return true;  // they must be looked at
  }
  if (ids.any_known) {
    note(ids.greatest);
  }
  return chooser_->may_choose(columns);
}

void FlowIdWatch::note(std::uint64_t id) {
  const std::uint64_t after = id + 1;
  std::uint64_t next = next_.load();
  while (next < after && !next_.compare_exchange_weak(next, after)) {
  }
}

}  // namespace nfql
