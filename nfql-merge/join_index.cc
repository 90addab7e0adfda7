#include "nfql-merge/join_index.h"

#include <iterator>
#include <numeric>
#include <tuple>
#include <utility>

namespace nfql::merge {

JoinIndex::JoinIndex(const StepPlan& plan, const std::vector<GroupId>& groups,
                     FlatColumns& columns) {
  for (const Axis& axis : plan.axes) {
    BoundAxis& bound = axes_.emplace_back();
    bound.own = &columns.get({plan.branch, axis.column});
    for (const DifferenceRange& range : axis.ranges) {
      bound.probes.push_back(
          {range.other.branch, &columns.get(range.other), range.low, range.high});
    }
  }
  fill_buckets(plan, groups, columns);
  if (!axes_.empty()) {
    sort_buckets();
  }
}

bool JoinIndex::has_all(GroupId group) const {
  return std::all_of(axes_.begin(), axes_.end(),
                     [group](const BoundAxis& axis) { return axis.own->is_known(group); });
}

// A counting sort by bucket, so the groups of a bucket ascend.
void JoinIndex::fill_buckets(const StepPlan& plan, const std::vector<GroupId>& groups,
                             FlatColumns& columns) {
  Tuples usable(plan.branch + 1);
  std::vector<GroupId>& ids = usable.ids.back();
  std::copy_if(groups.begin(), groups.end(), std::back_inserter(ids),
               [this](GroupId group) { return has_all(group); });
  usable.rows = ids.size();
  if (plan.equal.empty()) {
    starts_ = {0, static_cast<std::uint32_t>(ids.size())};
    groups_ = std::move(ids);
    return;
  }
  packer_.emplace(plan.equal, columns);
  packer_->pack_right(usable, keys_);
  table_.emplace(keys_);
  starts_.assign(table_->size() + 1, 0);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (const std::uint32_t number = table_->number_of(i); number != KeyTable::kNone) {
      ++starts_[number];
    }
  }
  // Each start is first the bucket's end, and moves down as the bucket is filled from its end.
  std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
  groups_.resize(starts_.back());
  for (std::size_t i = ids.size(); i-- > 0;) {
    if (const std::uint32_t number = table_->number_of(i); number != KeyTable::kNone) {
      groups_[--starts_[number]] = ids[i];
    }
  }
}

void JoinIndex::sort_buckets() {
  struct Entry {
    std::int64_t first, second;
    GroupId group;
  };
  const FlatColumn& first = *axes_.front().own;
  const FlatColumn& second = *axes_[axes_.size() == 1 ? 0 : 1].own;
  std::vector<Entry> entries;
  entries.reserve(groups_.size());
  for (const GroupId group : groups_) {
    entries.push_back({first.number(group), second.number(group), group});
  }
  const auto at = [&entries](std::size_t i) {
    return entries.begin() + static_cast<std::ptrdiff_t>(i);
  };
  for (std::size_t i = 0; i + 1 < starts_.size(); ++i) {
    std::sort(at(starts_[i]), at(starts_[i + 1]), [](const Entry& a, const Entry& b) {
      return std::tie(a.first, a.second, a.group) < std::tie(b.first, b.second, b.group);
    });
  }
  first_.reserve(entries.size());
  std::vector<std::int64_t> seconds;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    groups_[i] = entries[i].group;
    first_.push_back(entries[i].first);
    if (axes_.size() > 1) {
      seconds.push_back(entries[i].second);
    }
  }
  second_ = SpanTree(std::move(seconds));
}

JoinIndex::Slice JoinIndex::bucket(std::size_t row) const {
  if (!table_) {
    return {starts_[0], starts_[1]};
  }
  const std::uint32_t number =
      keys_.present[row] == 0 ? KeyTable::kNone : table_->find(keys_.key(row), keys_.hashes[row]);
  if (number == KeyTable::kNone) {
    return {0, 0};
  }
  return {starts_[number], starts_[number + std::size_t{1}]};
}

// Empty when a probe's value is unknown. Sums beyond i64 bound nothing, or everything.
Bounds JoinIndex::bounds_of(const BoundAxis& axis, const Tuples& tuples, std::size_t row) {
  constexpr Bounds kNothing{1, 0};
  Bounds bounds{kNoLow, kNoHigh};
  for (const Probe& probe : axis.probes) {
    const GroupId group = tuples.ids[probe.branch][row];
    if (!probe.column->is_known(group)) {
      return kNothing;
    }
    const std::int64_t value = probe.column->number(group);
    std::int64_t sum = 0;
    if (probe.low != kNoLow) {
      if (!__builtin_add_overflow(value, probe.low, &sum)) {
        bounds.low = std::max(bounds.low, sum);
      } else if (probe.low > 0) {
        return kNothing;
      }
    }
    if (probe.high != kNoHigh) {
      if (!__builtin_add_overflow(value, probe.high, &sum)) {
        bounds.high = std::min(bounds.high, sum);
      } else if (probe.high < 0) {
        return kNothing;
      }
    }
  }
  return bounds;
}

}  // namespace nfql::merge
