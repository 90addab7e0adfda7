#include "nfql-merge/join_plan.h"

#include <algorithm>
#include <span>

#include "nfql-merge/bind.h"
#include "nfql-merge/join_order.h"

namespace nfql::merge {
namespace {

Use use_of(const Node& node, const std::vector<Leaf>& leaves, FlatColumns& columns) {
  if (node.kind != Node::Kind::leaf) {
    return Use::check;
  }
  const Leaf& leaf = leaves[node.leaf];
  if (leaf.equal) {
    return Use::equality;
  }
  const auto fits = [&](const ColumnRef& ref) { return columns.get(ref).fits_signed; };
  const bool all_fit =
      std::all_of(leaf.differences.begin(), leaf.differences.end(),
                  [&](const Difference& term) { return fits(term.left) && fits(term.right); });
  return !leaf.differences.empty() && all_fit ? Use::difference : Use::check;
}

// How much an axis narrows: the least sum of widths first, open sides last.
std::pair<int, std::int64_t> narrowness(const Axis& axis) {
  std::int64_t width = kNoHigh;
  bool low = false;
  bool high = false;
  for (const DifferenceRange& range : axis.ranges) {
    low = low || range.low != kNoLow;
    high = high || range.high != kNoHigh;
    if (range.low != kNoLow && range.high != kNoHigh) {
      const Wide both = Wide{range.high} - range.low;
      width = static_cast<std::int64_t>(std::min(Wide{width}, both));
    }
  }
  return {width != kNoHigh ? 0 : low && high ? 1 : 2, width};
}

// The negative of a bound; an open one stays open.
std::int64_t negated(std::int64_t bound) {
  return bound == kNoLow ? kNoHigh : bound == kNoHigh ? kNoLow : -bound;
}

void add_difference(const Difference& term, StepPlan& step) {
  const bool own_left = term.left.branch == step.branch;
  const std::size_t column = (own_left ? term.left : term.right).column;
  auto axis = std::find_if(step.axes.begin(), step.axes.end(),
                           [column](const Axis& a) { return a.column == column; });
  if (axis == step.axes.end()) {
    axis = step.axes.insert(axis, Axis{column, {}});
  }
  axis->ranges.push_back(own_left
                             ? DifferenceRange{term.right, term.low, term.high}
                             : DifferenceRange{term.left, negated(term.high), negated(term.low)});
}

void add_term(const Term& term, const std::vector<Leaf>& leaves, StepPlan& step) {
  if (term.use == Use::check) {
    step.checks.push_back(*term.node);
    return;
  }
  const Leaf& leaf = leaves[term.node->leaf];
  if (term.use == Use::difference) {
    for (const Difference& difference : leaf.differences) {
      add_difference(difference, step);
    }
    return;
  }
  const bool own_first = leaf.equal->first.branch == step.branch;
  step.equal.push_back(own_first ? std::pair(leaf.equal->second, leaf.equal->first) : *leaf.equal);
}

// The branches of `order`, which are not in, one after the other.
std::vector<StepPlan> steps_of(std::span<const std::size_t> order, std::vector<bool> in,
                               const std::vector<Term>& terms, const std::vector<Leaf>& leaves) {
  std::vector<StepPlan> steps;
  for (const std::size_t branch : order) {
    StepPlan& step = steps.emplace_back();
    step.branch = branch;
    in[branch] = true;
    for (const Term& term : terms) {
      if (comes_with(term, branch, in)) {
        add_term(term, leaves, step);
      }
    }
    std::stable_sort(step.axes.begin(), step.axes.end(),
                     [](const Axis& a, const Axis& b) { return narrowness(a) < narrowness(b); });
  }
  return steps;
}

// The nodes that more than one branch takes part in.
std::vector<Term> terms_of(const Conjunct& conjunct, const std::vector<Leaf>& leaves,
                           FlatColumns& columns) {
  std::vector<Term> terms;
  for (const Node& node : conjunct) {
    std::vector<std::size_t> branches = branches_of(node, leaves);
    if (branches.size() > 1) {
      terms.push_back({&node, use_of(node, leaves, columns), std::move(branches)});
    }
  }
  return terms;
}

}  // namespace

bool Plan::in_order() const {
  std::size_t branch = first;
  return first == 0 && std::all_of(steps.begin(), steps.end(), [&branch](const StepPlan& step) {
           return step.branch == ++branch;
         });
}

std::vector<std::vector<Node>> prefilters_of(const Conjunct& conjunct,
                                             const std::vector<Leaf>& leaves,
                                             std::size_t branches) {
  std::vector<std::vector<Node>> prefilters(branches);
  for (const Node& node : conjunct) {
    const std::vector<std::size_t> read = branches_of(node, leaves);
    if (read.size() <= 1) {
      prefilters[read.empty() ? 0 : read.front()].push_back(node);
    }
  }
  return prefilters;
}

std::vector<StepPlan> plan_steps(const Conjunct& conjunct, const std::vector<Leaf>& leaves,
                                 const std::vector<std::size_t>& sizes, std::vector<bool> in,
                                 FlatColumns& columns) {
  const std::vector<Term> terms = terms_of(conjunct, leaves, columns);
  const std::vector<std::size_t> order = JoinOrder(terms, sizes).from(in);
  return steps_of(order, std::move(in), terms, leaves);
}

Plan make_plan(const Conjunct& conjunct, const std::vector<Leaf>& leaves,
               const std::vector<std::size_t>& sizes, FlatColumns& columns) {
  const std::vector<Term> terms = terms_of(conjunct, leaves, columns);
  const std::vector<std::size_t> order = JoinOrder(terms, sizes).best();
  std::vector<bool> in(sizes.size());
  in[order.front()] = true;
  return {order.front(), steps_of(std::span(order).subspan(1), std::move(in), terms, leaves)};
}

}  // namespace nfql::merge
