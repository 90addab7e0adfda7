#include "nfql-merge/removal.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "nfql-merge/bind.h"

namespace nfql::merge {
namespace {

// A branch that the expression names and that has no group leaves it nothing to be true for.
bool has_all_groups(const BoundExpression& expression, std::size_t outputs,
                    const std::vector<std::size_t>& sizes) {
  const std::vector<std::size_t> named = branches_of(expression.root, expression.leaves);
  return std::none_of(named.begin(), named.end(),
                      [&](std::size_t branch) { return branch >= outputs && sizes[branch] == 0; });
}

}  // namespace

Removal::Removal(std::deque<BoundTerms>& excepts, const std::vector<GroupStore>& stores,
                 std::size_t outputs, FlatColumns& columns)
    : dropped_(outputs) {
  std::vector<std::size_t> sizes;
  for (const GroupStore& store : stores) {
    sizes.push_back(store.size());
  }
  for (BoundTerms& terms : excepts) {
    const BoundExpression& expression = terms.expression;
    if (!has_all_groups(expression, outputs, sizes)) {
      continue;
    }
    const ExclusionInput input{expression.leaves, sizes, outputs, columns, terms.checks};
    for (const Conjunct& conjunct : expand(expression.root, expression.leaves)) {
      add(Exclusion(conjunct, input), sizes);
    }
  }
}

void Removal::add(Exclusion&& exclusion, const std::vector<std::size_t>& sizes) {
  if (!exclusion.possible()) {
    return;
  }
  if (exclusion.reads().size() > 1) {
    of_tuples_.push_back(std::move(exclusion));
    return;
  }
  Tuples each(dropped_.size());
  if (exclusion.reads().empty()) {
    each.rows = 1;
    Mask found(1);
    exclusion.mark(each, found);
    all_ = all_ || found.front() != 0;
    return;
  }
  const std::size_t branch = exclusion.reads().front();
  Mask& dropped = dropped_[branch];
  dropped.resize(sizes[branch]);
  for (std::size_t begin = 0; begin < dropped.size(); begin += kMaxRows) {
    each.rows = std::min(kMaxRows, dropped.size() - begin);
    each.ids[branch].resize(each.rows);
    std::iota(each.ids[branch].begin(), each.ids[branch].end(), static_cast<GroupId>(begin));
    const auto part = dropped.begin() + static_cast<std::ptrdiff_t>(begin);
    Mask found(part, part + static_cast<std::ptrdiff_t>(each.rows));
    exclusion.mark(each, found);
    std::copy(found.begin(), found.end(), part);
  }
}

void Removal::drop(std::size_t branch, std::vector<GroupId>& groups) const {
  const Mask& dropped = dropped_[branch];
  if (!dropped.empty()) {
    groups.erase(std::remove_if(groups.begin(), groups.end(),
                                [&dropped](GroupId group) { return dropped[group] != 0; }),
                 groups.end());
  }
}

Tuples Removal::keep(const Tuples& tuples) {
  Mask found(tuples.rows);
  for (Exclusion& exclusion : of_tuples_) {
    exclusion.mark(tuples, found);
  }
  std::vector<std::uint32_t> rows;
  for (std::size_t row = 0; row < tuples.rows; ++row) {
    if (found[row] == 0) {
      rows.push_back(static_cast<std::uint32_t>(row));
    }
  }
  return gather(tuples, rows);
}

}  // namespace nfql::merge
