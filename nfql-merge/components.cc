#include "nfql-merge/components.h"

#include <numeric>
#include <utility>

#include "common/base/error.h"

namespace nfql::merge {

Components::Components(std::span<const GroupStore> stores) : stores_(stores) {
  std::uint64_t nodes = 0;
  for (const GroupStore& store : stores_) {
    first_.push_back(static_cast<NodeId>(nodes));
    nodes += store.size();
    if (nodes >= kNone) {
      fail(Exit::failed, "more than 2^32 groups in all branches");
    }
  }
  parent_.assign(nodes, kNone);
}

Components::NodeId Components::find(NodeId node) {
  if (parent_[node] == kNone) {
    parent_[node] = node;
  }
  while (parent_[node] != node) {
    parent_[node] = parent_[parent_[node]];
    node = parent_[node];
  }
  return node;
}

// The lower node becomes the root: with halved paths that is fast enough without ranks.
void Components::unite(NodeId a, NodeId b) {
  a = find(a);
  b = find(b);
  if (a < b) {
    parent_[b] = a;
  } else {
    parent_[a] = b;
  }
}

// Unites the groups of a row, which may be of some branches only; returns one of them.
Components::NodeId Components::unite_row(const Tuples& tuples, std::size_t row) {
  NodeId first = kNone;
  for (std::size_t branch = 0; branch < tuples.ids.size(); ++branch) {
    if (!tuples.ids[branch].empty()) {
      const NodeId other = node(branch, tuples.ids[branch][row]);
      unite(first == kNone ? other : first, other);
      first = first == kNone ? other : first;
    }
  }
  return first;
}

bool Components::put(const Tuples& tuples) {
  for (std::size_t row = 0; row < tuples.rows; ++row) {
    unite_row(tuples, row);
  }
  return true;
}

void Components::begin_runs(std::size_t branch, std::span<const GroupId> groups) {
  run_branch_ = branch;
  run_groups_ = groups;
  run_ends_.resize(groups.size());
  std::iota(run_ends_.begin(), run_ends_.end(), 0U);
}

// The last place such that all from `at` to it are known to be united.
std::size_t Components::end_of_run(std::size_t at) {
  while (run_ends_[at] != at) {
    run_ends_[at] = run_ends_[run_ends_[at]];
    at = run_ends_[at];
  }
  return at;
}

void Components::put_run(const Tuples& left, std::size_t row, std::size_t begin, std::size_t end) {
  const NodeId first = unite_row(left, row);
  unite(first, node(run_branch_, run_groups_[begin]));
  for (std::size_t at = end_of_run(begin); at + 1 < end; at = end_of_run(at)) {
    unite(first, node(run_branch_, run_groups_[at + 1]));
    run_ends_[at] = static_cast<std::uint32_t>(at + 1);
  }
}

void Components::write(BlockSink& out) {
  std::vector<NodeId> numbers(parent_.size(), kNone);  // by root
  NodeId components = 0;
  for (NodeId i = 0; i < parent_.size(); ++i) {
    if (parent_[i] != kNone && numbers[find(i)] == kNone) {
      numbers[find(i)] = components++;
    }
  }
  for (std::size_t branch = 0; branch < stores_.size(); ++branch) {
    // A counting sort by component.
    std::vector<std::size_t> next(components + std::size_t{1});
    const auto visit = [&](auto&& use) {
      for (GroupId group = 0; group < stores_[branch].size(); ++group) {
        if (const NodeId id = node(branch, group); parent_[id] != kNone) {
          use(group, std::size_t{numbers[find(id)]});
        }
      }
    };
    visit([&next](GroupId, std::size_t component) { ++next[component + 1]; });
    std::partial_sum(next.begin(), next.end(), next.begin());
    std::vector<GroupId> groups(next.back());
    std::vector<std::uint64_t> column(next.back());
    visit([&](GroupId group, std::size_t component) {
      const std::size_t place = next[component]++;
      groups[place] = group;
      column[place] = component;
    });
    stores_[branch].put(groups, column, static_cast<std::uint16_t>(branch), out);
  }
}

}  // namespace nfql::merge
