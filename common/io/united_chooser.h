// A chooser of the flows of several inputs at work on one of them.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/flow/schema.h"
#include "common/io/united_columns.h"
#include "common/stream/row_chooser.h"

namespace nfql {

/// Shows flows of one input as flows of all to a chooser of those.
class UnitedChooser final : public RowChooser {
 public:
  /// All must outlive it; `all` is the schema of all inputs.
  UnitedChooser(RowChooser& chooser, const Schema& all, const ColumnOrigins& origins);

  [[nodiscard]] const std::vector<std::size_t>& columns() const override { return columns_; }
  void choose(const Batch& batch, std::vector<RowId>& rows) override;
  [[nodiscard]] bool may_choose(std::span<const ColumnExtremes> columns) override;

 private:
  RowChooser& chooser_;
  const Schema& all_;
  const ColumnOrigins& origins_;
  std::vector<std::size_t> columns_;
};

/// Notes the flowIds of an input, also of flows that another chooser leaves out, as the flowIds of
/// the next input come behind them.
class FlowIdWatch final : public RowChooser {
 public:
  /// `column` has the flowIds, as u64. `next`, which must outlive it, becomes 1 more than the
  /// greatest.
  FlowIdWatch(std::size_t column, std::unique_ptr<RowChooser> chooser,
              std::atomic<std::uint64_t>& next);

  [[nodiscard]] const std::vector<std::size_t>& columns() const override { return columns_; }
  void choose(const Batch& batch, std::vector<RowId>& rows) override;
  [[nodiscard]] bool may_choose(std::span<const ColumnExtremes> columns) override;

 private:
  void note(std::uint64_t id);

  std::size_t column_;
  std::unique_ptr<RowChooser> chooser_;
  std::atomic<std::uint64_t>& next_;
  std::vector<std::size_t> columns_;
};

}  // namespace nfql
