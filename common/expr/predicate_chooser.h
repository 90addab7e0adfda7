// A filter that readers apply: the flows for which an expression holds, chosen by several threads.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "common/expr/predicate.h"
#include "common/stream/row_chooser.h"

namespace nfql {

/// Chooses the flows of one schema for which an expression is true.
class PredicateChooser final : public RowChooser {
 public:
  /// The expression must outlive it. Throws as Predicate does; what does not throw here does not
  /// in choose(), of which each thread has a Predicate of its own.
  PredicateChooser(const ExpressionText& expression, const Schema& schema, ZoneMinutes zone);

  [[nodiscard]] const std::vector<std::size_t>& columns() const override { return columns_; }
  void choose(const Batch& batch, std::vector<RowId>& rows) override;
  [[nodiscard]] bool may_choose(std::span<const ColumnExtremes> columns) override;

 private:
  std::unique_ptr<Predicate> take();
  void give_back(std::unique_ptr<Predicate> predicate);

  const ExpressionText& expression_;
  Schema schema_;
  ZoneMinutes zone_;
  std::vector<std::size_t> columns_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Predicate>> idle_;  // guarded by mutex_; others are at work
};

}  // namespace nfql
