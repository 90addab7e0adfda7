// Flows chosen while they are read, by times that are put right only afterwards.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "common/io/time_columns.h"
#include "common/io/time_window.h"
#include "common/stream/row_chooser.h"

namespace nfql {

/// Chooses the flows in a window that another chooser wants, where that is to see start and end
/// swapped of flows that end before they start (swap_times()). Flows that lack a time which the
/// window needs are left to be counted by who knows the others.
class TimedChooser final : public RowChooser {
 public:
  /// `times` are the columns of the schema; `chooser` is null where all flows of the window are
  /// wanted.
  TimedChooser(const TimeColumns& times, const TimeWindow& window,
               std::unique_ptr<RowChooser> chooser);

  [[nodiscard]] const std::vector<std::size_t>& columns() const override { return columns_; }
  void choose(const Batch& batch, std::vector<RowId>& rows) override;
  [[nodiscard]] bool may_choose(std::span<const ColumnExtremes> columns) override;

 private:
  [[nodiscard]] bool may_be_in_window(std::span<const ColumnExtremes> columns) const;

  TimeColumns times_;  // those that are looked at
  TimeWindow window_;
  std::unique_ptr<RowChooser> chooser_;
  std::vector<std::size_t> columns_;
};

}  // namespace nfql
