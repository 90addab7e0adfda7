#include "common/stage/member_order.h"

#include <algorithm>
#include <utility>

namespace nfql {
namespace {

// Rows whose places are looked up together.
constexpr std::size_t kRun = 64 * 1024;

struct Placed {
  FlowOrder order;
  std::uint32_t row;

  friend bool operator<(const Placed& a, const Placed& b) {
    return a.order != b.order ? a.order < b.order : a.row < b.row;
  }
};

void sort_one(std::span<std::uint32_t> rows, std::span<const FlowOrder> order,
              std::vector<Placed>& scratch) {
  if (std::is_sorted(order.begin(), order.end())) {
    return;
  }
  scratch.clear();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    scratch.push_back({order[i], rows[i]});
  }
  std::sort(scratch.begin(), scratch.end());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = scratch[i].row;
  }
}

}  // namespace

std::vector<GroupId> MemberOrder::groups_of(std::size_t begin, std::size_t end) const {
  std::vector<GroupId> result;
  result.reserve(end - begin);
  auto group = std::partition_point(groups.begin(), groups.end(),
                                    [&](GroupId before) { return end_of[before] <= begin; });
  for (; result.size() < end - begin; ++group) {
    result.resize(std::min<std::size_t>(end, end_of[*group]) - begin, *group);
  }
  return result;
}

// A counting sort: where each group begins, then every flow to its group's next place, which in the
// end is where the group ends.
MemberOrder lay_out(std::span<const GroupId> group_of, std::span<const GroupId> groups) {
  MemberOrder members;
  members.groups = groups;
  std::vector<std::uint32_t>& next = members.end_of;
  next.resize(groups.size());
  for (const GroupId group : group_of) {
    ++next[group];
  }
  std::uint32_t begin = 0;
  for (const GroupId group : groups) {
    begin += std::exchange(next[group], begin);
  }
  members.rows.resize(group_of.size());
  for (std::size_t row = 0; row < group_of.size(); ++row) {
    members.rows[next[group_of[row]]++] = static_cast<std::uint32_t>(row);
  }
  return members;
}

void sort_members(const RowStore& store, const FlowOrderReader& reader, MemberOrder& members) {
  std::vector<FlowOrder> order;
  std::vector<Placed> scratch;
  std::size_t first = 0;
  while (first < members.groups.size()) {
    const std::size_t begin = members.begin(first);
    std::size_t last = first + 1;
    while (last < members.groups.size() && members.begin(last + 1) - begin <= kRun) {
      ++last;
    }
    reader.read(store, members.of(first, last), order);
    for (; first < last; ++first) {
      const std::size_t from = members.begin(first);
      const std::size_t count = members.begin(first + 1) - from;
      sort_one(std::span(members.rows).subspan(from, count),
               std::span(order).subspan(from - begin, count), scratch);
    }
  }
}

}  // namespace nfql
