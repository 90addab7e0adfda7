#include "common/stage/member_order.h"

#include <algorithm>

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

// A counting sort: where each group begins, then every flow to its group's next place.
MemberOrder lay_out(std::span<const GroupId> group_of, std::span<const GroupId> groups) {
  std::vector<std::size_t> next(groups.size(), 0);
  for (const GroupId group : group_of) {
    ++next[group];
  }
  MemberOrder members;
  members.ends.reserve(groups.size());
  std::size_t begin = 0;
  for (const GroupId group : groups) {
    const std::size_t count = next[group];
    next[group] = begin;
    begin += count;
    members.ends.push_back(begin);
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
  while (first < members.ends.size()) {
    const std::size_t begin = first == 0 ? 0 : members.ends[first - 1];
    std::size_t last = first + 1;
    while (last < members.ends.size() && members.ends[last] - begin <= kRun) {
      ++last;
    }
    reader.read(store, members.of(first, last), order);
    for (std::size_t from = begin; first < last; from = members.ends[first++]) {
      const std::size_t count = members.ends[first] - from;
      sort_one(std::span(members.rows).subspan(from, count),
               std::span(order).subspan(from - begin, count), scratch);
    }
  }
}

}  // namespace nfql
