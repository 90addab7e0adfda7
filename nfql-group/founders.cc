#include "nfql-group/founders.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "common/base/ordered_tasks.h"

namespace nfql {
namespace {

// Groups of a bucket, on average: so few are quickly sorted, and in the first-level cache.
constexpr std::size_t kGroupsABucket = 8;
// Enough to be worth sharing out.
constexpr std::size_t kBucketsATask = 16 * 1024;

using Founder = std::pair<FlowOrder, GroupId>;

// Stretches of time, a bucket each.
class Stretches {
 public:
  // For groups founded from `least` to `greatest`, about as many as that number of groups needs.
  Stretches(std::int64_t least, std::int64_t greatest, std::size_t groups) : least_(least) {
    const auto needed = static_cast<unsigned>(std::bit_width(of(greatest)));
    const auto wanted = static_cast<unsigned>(std::bit_width(groups / kGroupsABucket + 1));
    shift_ = needed - std::min(needed, wanted);
    count_ = of(greatest) + 1;
  }

  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] std::size_t of(std::int64_t start) const {
    return (static_cast<std::uint64_t>(start) - static_cast<std::uint64_t>(least_)) >> shift_;
  }

 private:
  std::int64_t least_;
  unsigned shift_ = 0;  // each has 2^shift_ ms
  std::size_t count_ = 0;
};

// Sorts a bucket.
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

// The buckets from the given one, whose ends are `ends`.
void sort_buckets(StateColumn<FlowOrder> first, std::span<GroupId> groups,
                  std::span<const std::uint32_t> ends, std::size_t bucket) {
  std::vector<Founder> scratch;
  std::size_t begin = bucket == 0 ? 0 : ends[bucket - 1];
  for (; bucket < ends.size(); begin = ends[bucket++]) {
    sort_few(first, groups.subspan(begin, ends[bucket] - begin), scratch);
  }
}

}  // namespace

void Founders::place(GroupStates& states) {
  states_ = &states;
  first_ = states.reserve<FlowOrder>();
}

void Founders::note(const GroupedRows& rows) {
  const std::span<const FlowOrder> order = rows.order;
  const StateColumn<FlowOrder> held = states_->column(first_);
  for (std::size_t i = 0; i < order.size(); ++i) {
    FlowOrder& first = held[rows.groups[i]];
    const bool founds = rows.groups[i] == noted_;
    first = founds || order[i] < first ? order[i] : first;
    noted_ += founds ? 1 : 0;
    least_ = std::min(least_, order[i].start);
    greatest_ = std::max(greatest_, order[i].start);
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
void Founders::sort(std::span<GroupId> groups, std::size_t threads) const {
  if (ascending_ || groups.empty()) {
    return;
  }
  const StateColumn<FlowOrder> first = states_->column(first_);
  const Stretches stretches(least_, greatest_, groups.size());
  std::vector<std::uint32_t> next(stretches.count() + 1, 0);  // where the bucket's next group goes
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
  // Now next[i] is where bucket i ends.
  OrderedTasks<void> sorting(threads);
  for (std::size_t bucket = 0; bucket < stretches.count(); bucket += kBucketsATask) {
    const std::size_t end = std::min(bucket + kBucketsATask, stretches.count());
    sorting.start([first, groups, &next, bucket, end] {
      sort_buckets(first, groups, std::span(next).first(end), bucket);
    });
  }
  while (sorting.pending() != 0) {
    sorting.take();
  }
}

}  // namespace nfql
