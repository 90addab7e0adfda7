#include "nfql-group/group_options.h"

#include <algorithm>
#include <variant>

namespace nfql {

bool GroupOptions::ordered() const {
  const auto looks_at_order = [](const AggregateItem& item) {
    const auto function = find_aggregate(item.function);
    return function == AggregateFunction::first || function == AggregateFunction::last;
  };
  return members || !std::holds_alternative<Always>(terms.expr.node) ||
         std::any_of(aggregates.begin(), aggregates.end(), looks_at_order);
}

}  // namespace nfql
