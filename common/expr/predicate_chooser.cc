#include "common/expr/predicate_chooser.h"

#include <utility>

namespace nfql {

PredicateChooser::PredicateChooser(const ExpressionText& expression, const Schema& schema,
                                   ZoneMinutes zone)
    : expression_(expression), schema_(schema), zone_(zone) {
  idle_.push_back(std::make_unique<Predicate>(expression_, schema_, zone_));
  columns_ = idle_.back()->columns();
}

void PredicateChooser::choose(const Batch& batch, std::vector<RowId>& rows) {
  std::unique_ptr<Predicate> predicate = take();
  predicate->select(batch, rows);
  give_back(std::move(predicate));
}

bool PredicateChooser::may_choose(std::span<const ColumnExtremes> columns) {
  std::unique_ptr<Predicate> predicate = take();
  const bool may_hold = predicate->may_hold(columns);
  give_back(std::move(predicate));
  return may_hold;
}

// A predicate has working memory, so that each thread needs its own.
std::unique_ptr<Predicate> PredicateChooser::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Predicate> predicate = std::move(idle_.back());
      idle_.pop_back();
      return predicate;
    }
  }
  return std::make_unique<Predicate>(expression_, schema_, zone_);
}

void PredicateChooser::give_back(std::unique_ptr<Predicate> predicate) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(predicate));
}

}  // namespace nfql
