#include "nfql-merge/exclusion.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "nfql-merge/bind.h"
#include "nfql-merge/names.h"

namespace nfql::merge {
namespace {

// Keeps the rows whose number, in the last column, is marked.
void keep_marked(const Mask& marked, Tuples& tuples) {
  std::vector<std::uint32_t> rows;
  for (std::size_t row = 0; row < tuples.rows; ++row) {
    if (marked[tuples.ids.back()[row]] != 0) {
      rows.push_back(static_cast<std::uint32_t>(row));
    }
  }
  tuples = gather(tuples, rows);
}

}  // namespace

Exclusion::Exclusion(const Conjunct& conjunct, const ExclusionInput& input)
    : checks_(input.checks), outputs_(input.outputs), filters_(input.sizes.size()) {
  sort_nodes(conjunct, input);
  Groups groups = select_groups(input);
  narrow(input, groups);
  if (possible_) {
    add_lookups(input, groups);
  }
}

bool Exclusion::Link::reads(std::size_t branch) const {
  return std::find(branches.begin(), branches.end(), branch) != branches.end();
}

void Exclusion::sort_nodes(const Conjunct& conjunct, const ExclusionInput& input) {
  for (const Node& node : conjunct) {
    std::vector<std::size_t> branches = branches_of(node, input.leaves);
    for (const std::size_t branch : branches) {
      if (branch < outputs_) {
        insert_once(reads_, branch);
      }
    }
    if (branches.empty() || branches.back() < outputs_) {
      own_.push_back(node);
    } else if (branches.size() == 1) {
      filters_[branches.front()].push_back(node);
    } else {
      links_.push_back({node, std::move(branches)});
    }
  }
  std::sort(reads_.begin(), reads_.end());
}

Exclusion::Groups Exclusion::select_groups(const ExclusionInput& input) {
  Groups groups(filters_.size());
  for (std::size_t i = outputs_; i < groups.size(); ++i) {
    const bool linked =
        std::any_of(links_.begin(), links_.end(), [i](const Link& link) { return link.reads(i); });
    if (linked || !filters_[i].empty()) {
      groups[i] = input.checks.select(filters_[i], i);
      possible_ = possible_ && !groups[i].empty();
    }
  }
  return groups;
}

// The other branches in the links of a branch.
std::vector<std::size_t> Exclusion::partners_of(std::size_t branch) const {
  std::vector<std::size_t> partners;
  for (const Link& link : links_) {
    for (const std::size_t other : link.branches) {
      if (link.reads(branch) && other != branch) {
        insert_once(partners, other);
      }
    }
  }
  return partners;
}

// Takes further branches away that are related to one other further branch only, by leaving of that
// one the groups that have a match.
void Exclusion::narrow(const ExclusionInput& input, Groups& groups) {
  for (std::size_t branch = outputs_; possible_ && branch < groups.size();) {
    const std::vector<std::size_t> partners = partners_of(branch);
    if (partners.size() != 1 || partners.front() < outputs_) {
      ++branch;
      continue;
    }
    std::vector<bool> entering(groups.size());
    entering[branch] = true;
    Lookup lookup = make_lookup(entering, input, groups);
    std::vector<GroupId>& narrowed = groups[partners.front()];
    Tuples tuples(groups.size() + 1);
    tuples.rows = narrowed.size();
    tuples.ids[partners.front()] = narrowed;
    tuples.ids.back().resize(tuples.rows);
    std::iota(tuples.ids.back().begin(), tuples.ids.back().end(), GroupId{0});
    Mask found(tuples.rows);
    lookup.mark(tuples, found);
    keep_marked(found, tuples);
    narrowed = std::move(tuples.ids[partners.front()]);
    possible_ = !narrowed.empty();
    branch = outputs_;  // its partner may be the next
  }
}

// The nodes of the links that read one of these branches; the links are gone then.
Conjunct Exclusion::take_nodes(const std::vector<bool>& of) {
  const auto taken = std::stable_partition(links_.begin(), links_.end(), [&of](const Link& link) {
    return std::none_of(link.branches.begin(), link.branches.end(),
                        [&of](std::size_t branch) { return of[branch]; });
  });
  Conjunct nodes;
  for (auto link = taken; link != links_.end(); ++link) {
    nodes.push_back(std::move(link->node));
  }
  links_.erase(taken, links_.end());
  return nodes;
}

Lookup Exclusion::make_lookup(const std::vector<bool>& entering, const ExclusionInput& input,
                              const Groups& groups) {
  std::vector<bool> in = entering;
  in.flip();
  const Conjunct nodes = take_nodes(entering);
  return {plan_steps(nodes, input.leaves, input.sizes, std::move(in), input.columns), groups,
          input.columns, checks_};
}

// The further branches that links lead to from this one without a branch of the output between.
std::vector<bool> Exclusion::reached_from(std::size_t branch) const {
  std::vector<bool> reached(filters_.size());
  reached[branch] = true;
  for (bool more = true; more;) {
    more = false;
    for (const Link& link : links_) {
      const bool touches = std::any_of(link.branches.begin(), link.branches.end(),
                                       [&](std::size_t other) { return reached[other]; });
      for (const std::size_t other : link.branches) {
        if (touches && other >= outputs_ && !reached[other]) {
          reached[other] = true;
          more = true;
        }
      }
    }
  }
  return reached;
}

void Exclusion::add_lookups(const ExclusionInput& input, const Groups& groups) {
  while (possible_ && !links_.empty()) {
    const std::vector<bool> entering = reached_from(links_.front().branches.back());
    const bool by_tuple = std::any_of(links_.begin(), links_.end(), [&](const Link& link) {
      return link.branches.front() < outputs_ && entering[link.branches.back()];
    });
    Lookup lookup = make_lookup(entering, input, groups);
    if (by_tuple) {
      lookups_.push_back(std::move(lookup));
      continue;
    }
    // Further branches among themselves: they have a match or not, whatever the tuple.
    Tuples nothing(groups.size() + 1);
    nothing.rows = 1;
    nothing.ids.back() = {0};
    Mask found(1);
    lookup.mark(nothing, found);
    possible_ = found.front() != 0;
  }
}

void Exclusion::mark(const Tuples& tuples, Mask& found) {
  Tuples left(filters_.size() + 1);
  for (std::size_t row = 0; row < tuples.rows; ++row) {
    if (found[row] == 0) {
      left.ids.back().push_back(static_cast<GroupId>(row));
    }
  }
  left.rows = left.ids.back().size();
  for (const std::size_t branch : reads_) {
    for (const GroupId row : left.ids.back()) {
      left.ids[branch].push_back(tuples.ids[branch][row]);
    }
  }
  checks_.keep(own_, left);
  for (Lookup& lookup : lookups_) {
    Mask has(tuples.rows);
    lookup.mark(left, has);
    keep_marked(has, left);
  }
  for (const GroupId row : left.ids.back()) {
    found[row] = 1;
  }
}

}  // namespace nfql::merge
