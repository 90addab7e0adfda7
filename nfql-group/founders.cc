#include "nfql-group/founders.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

namespace nfql {
namespace {

// Groups of a bucket, on average: so few are quickly sorted, and in the first-level cache.
constexpr std::size_t kGroupsABucket = 8;

using Founder = std::pair<FlowOrder, GroupId>;

// Buckets for stretches of time of one length.
struct Stretches {
  std::int64_t begin = 0;  // of the first
  unsigned shift = 0;      // each has 2^shift ms
  std::size_t count = 0;

  [[nodiscard]] std::size_t of(std::int64_t start) const {
    return (static_cast<std::uint64_t>(start) - static_cast<std::uint64_t>(begin)) >> shift;
  }
};

Stretches stretches_of(StateColumn<FlowOrder> first, std::span<const GroupId> groups) {
  std::int64_t least = first[groups.front()].start;
  std::int64_t greatest = least;
  for (const GroupId group : groups) {
    least = std::min(least, first[group].start);
    greatest = std::max(greatest, first[group].start);
  }
  Stretches stretches{least, 0, 0};
  const auto needed = static_cast<unsigned>(std::bit_width(stretches.of(greatest)));
  const auto wanted = static_cast<unsigned>(std::bit_width(groups.size() / kGroupsABucket + 1));
  stretches.shift = needed - std::min(needed, wanted);
  stretches.count = stretches.of(greatest) + 1;
  return stretches;
}

void sort_few(StateColumn<FlowOrder> first, std::span<GroupId> groups,
              std::vector<Founder>& scratch) {
  if (groups.size() < 2) {
    return;
  }
  scratch.clear();
  for (const GroupId group : groups) {
    scratch.emplace_back(first[group], group);
  }
  std::sort(scratch.begin(), scratch.end());
  std::transform(scratch.begin(), scratch.end(), groups.begin(),
                 [](const Founder& founder) { return founder.second; });
}

}  // namespace

void Founders::place(GroupStates& states) {
  states_ = &states;
  first_ = states.reserve<FlowOrder>();
}

void Founders::note(std::span<const FlowOrder> order, std::span<const GroupId> groups) {
  const StateColumn<FlowOrder> held = states_->column(first_);
  for (std::size_t i = 0; i < order.size(); ++i) {
    FlowOrder& first = held[groups[i]];
    const bool founds = groups[i] == noted_;
    first = founds || order[i] < first ? order[i] : first;
    noted_ += founds ? 1 : 0;
  }
  if (order.empty()) {
    return;
  }
  ascending_ = ascending_ && (!any_ || latest_ <= order.front()) &&
               std::is_sorted(order.begin(), order.end());
  latest_ = order.back();
  any_ = true;
}

// Flows come nearly in order, so a group's bucket is near those of the groups before it.
void Founders::sort(std::span<GroupId> groups) const {
  if (ascending_ || groups.empty()) {
    return;
  }
  const StateColumn<FlowOrder> first = states_->column(first_);
  const Stretches stretches = stretches_of(first, groups);
  std::vector<std::uint32_t> next(stretches.count + 1, 0);  // where the bucket's next group goes
  for (const GroupId group : groups) {
    ++next[stretches.of(first[group].start) + 1];
  }
  for (std::size_t i = 1; i < next.size(); ++i) {
    next[i] += next[i - 1];
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto group = static_cast<GroupId>(i);
    groups[next[stretches.of(first[group].start)]++] = group;
  }
  std::vector<Founder> scratch;
  std::uint32_t begin = 0;
  for (std::size_t i = 0; i < stretches.count; begin = next[i++]) {
    sort_few(first, groups.subspan(begin, next[i] - begin), scratch);
  }
}

}  // namespace nfql
