#include "nfql-group/founders.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>

#include "common/base/ordered_tasks.h"
#include "common/stage/flow_order.h"

namespace nfql {
namespace {

// Groups of a bucket, on average: so few are quickly sorted, and in the first-level cache.
constexpr std::size_t kGroupsABucket = 8;
// Enough to be worth sharing out.
constexpr std::size_t kBucketsATask = 16 * 1024;

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

}  // namespace

FlowOrder Founders::View::place_of(GroupId group) const {
  FlowOrder place = first[group];
  if ((marks[group] & kUnknown) != 0) {
    place.start = kUnknownStart;
  }
  return place;
}

void Founders::place(GroupStates& states) {
  states_ = &states;
  first_ = states.reserve<FlowOrder>();
  marks_ = states.reserve<std::uint8_t>();
}

void Founders::note(const GroupedRows& rows) {
  const std::span<const FlowOrder> order = rows.order;
  const View held = view();
  for (std::size_t i = 0; i < order.size(); ++i) {
    FlowOrder& first = held.first[rows.groups[i]];
    std::uint8_t& mark = held.marks[rows.groups[i]];
    const FlowOrder place = order[i];
    const bool known = place.start != kUnknownStart;
    const bool founds = mark == 0 || place < held.place_of(rows.groups[i]);
    first.id = founds ? place.id : first.id;
    first.start =
        known && ((mark & kKnown) == 0 || place.start < first.start) ? place.start : first.start;
    mark = static_cast<std::uint8_t>(mark | (known ? kKnown : kUnknown));
    least_ = std::min(least_, place.start);
    greatest_ = std::max(greatest_, place.start);
  }
  if (order.empty()) {
    return;
  }
  ascending_ = ascending_ && (!any_ || latest_ <= order.front()) &&
               std::is_sorted(order.begin(), order.end());
  latest_ = order.back();
  any_ = true;
}

Column Founders::starts(std::span<const GroupId> groups, Batch& owner) const {
  const View held = view();
  Column column = column_without_values(field_of(element::kStart), groups.size());
  Buffer starts(groups.size() * sizeof(std::int64_t));
  Buffer known(groups.size());
  bool all_known = true;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const bool is_known = (held.marks[groups[i]] & kKnown) != 0;
    starts.as<std::int64_t>()[i] = held.first[groups[i]].start;
    known.as<std::uint8_t>()[i] = is_known ? 1 : 0;
    all_known = all_known && is_known;
  }
  column.data = owner.keep(std::move(starts));
  if (!all_known) {
    column.known = reinterpret_cast<const std::uint8_t*>(owner.keep(std::move(known)));
  }
  return column;
}

// Sorts a bucket.
void Founders::sort_few(const View& view, std::span<GroupId> groups,
                        std::vector<std::pair<FlowOrder, GroupId>>& scratch) {
  if (groups.size() < 2) {
    return;
  }
  scratch.clear();
  for (const GroupId group : groups) {
    scratch.emplace_back(view.place_of(group), group);
  }
  std::sort(scratch.begin(), scratch.end());
  std::transform(scratch.begin(), scratch.end(), groups.begin(),
                 [](const auto& founder) { return founder.second; });
}

// Sorts the buckets from the given one, whose ends are `ends`.
void Founders::sort_buckets(const View& view, std::span<GroupId> groups,
                            std::span<const std::uint32_t> ends, std::size_t bucket) {
  std::vector<std::pair<FlowOrder, GroupId>> scratch;
  std::size_t begin = bucket == 0 ? 0 : ends[bucket - 1];
  for (; bucket < ends.size(); begin = ends[bucket++]) {
    sort_few(view, groups.subspan(begin, ends[bucket] - begin), scratch);
  }
}

// Flows come nearly in order, so a group's bucket is near those of the groups before it.
void Founders::sort(std::span<GroupId> groups, std::size_t threads) const {
  if (ascending_ || groups.empty()) {
    return;
  }
  const View held = view();
  const Stretches stretches(least_, greatest_, groups.size());
  std::vector<std::uint32_t> next(stretches.count() + 1, 0);  // where the bucket's next group goes
  for (const GroupId group : groups) {
    ++next[stretches.of(held.place_of(group).start) + 1];
  }
  for (std::size_t i = 1; i < next.size(); ++i) {
    next[i] += next[i - 1];
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto group = static_cast<GroupId>(i);
    groups[next[stretches.of(held.place_of(group).start)]++] = group;
  }
  // Now next[i] is where bucket i ends.
  OrderedTasks<void> sorting(threads);
  for (std::size_t bucket = 0; bucket < stretches.count(); bucket += kBucketsATask) {
    const std::size_t end = std::min(bucket + kBucketsATask, stretches.count());
    sorting.start([held, groups, &next, bucket, end] {
      sort_buckets(held, groups, std::span(next).first(end), bucket);
    });
  }
  while (sorting.pending() != 0) {
    sorting.take();
  }
}

}  // namespace nfql
