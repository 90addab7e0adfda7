#include "nfql-group/founders.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace nfql {
namespace {

constexpr FlowOrder kNever{std::numeric_limits<std::int64_t>::max(),
                           std::numeric_limits<std::uint64_t>::max()};

}  // namespace

void Founders::note(std::span<const FlowOrder> order, std::span<const GroupId> groups,
                    std::size_t count) {
  first_.resize(count, kNever);
  for (std::size_t i = 0; i < order.size(); ++i) {
    FlowOrder& first = first_[groups[i]];
    first = order[i] < first ? order[i] : first;
  }
  if (order.empty()) {
    return;
  }
  ascending_ = ascending_ && (!any_ || latest_ <= order.front()) &&
               std::is_sorted(order.begin(), order.end());
  latest_ = order.back();
  any_ = true;
}

std::vector<GroupId> Founders::take_in_order() {
  const std::vector<FlowOrder> first = std::exchange(first_, {});
  std::vector<GroupId> groups(first.size());
  if (ascending_) {
    std::iota(groups.begin(), groups.end(), GroupId{0});
    return groups;
  }
  // Beside each other, so that comparing two misses no cache.
  std::vector<std::pair<FlowOrder, GroupId>> founded;
  founded.reserve(groups.size());
  for (const FlowOrder& place : first) {
    founded.emplace_back(place, static_cast<GroupId>(founded.size()));
  }
  std::sort(founded.begin(), founded.end());
  std::transform(founded.begin(), founded.end(), groups.begin(),
                 [](const auto& founder) { return founder.second; });
  return groups;
}

}  // namespace nfql
