#include "nfql-merge/plan.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>

#include "nfql-merge/bind.h"

namespace nfql::merge {
namespace {

// What a term that joins is used as.
enum class Use : std::uint8_t { equality, difference, check };

struct Term {
  const Node* node;
  Use use;
  std::vector<std::size_t> branches;
};

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

bool all_in(const std::vector<std::size_t>& branches, const std::vector<bool>& in) {
  return std::all_of(branches.begin(), branches.end(),
                     [&in](std::size_t branch) { return in[branch]; });
}

// How a branch would come in; the lower the better.
enum class Link : std::uint8_t { equality, difference, none };

struct Cost {
  std::size_t unlinked = 0;     // branches without any term
  std::size_t differences = 0;  // branches without an equality
  std::size_t indexed = 0;      // groups of all branches but the first

  friend auto operator<=>(const Cost&, const Cost&) = default;
};

// Whether an order is so much better than the branches' own that it is worth holding all tuples
// back to put them in order. Indexing few groups and looking up many is cheaper than the opposite,
// which matters only where they are many.
bool worth_sorting(const Cost& cost, const Cost& own) {
  constexpr std::size_t kMany = 100'000;
  if (cost.unlinked != own.unlinked || cost.differences != own.differences) {
    return cost < own;
  }
  return own.unlinked == 0 && own.indexed > kMany && cost.indexed < own.indexed / 8;
}

class Planner {
 public:
  Planner(std::vector<Term> terms, const std::vector<std::size_t>& sizes)
      : terms_(std::move(terms)), sizes_(sizes) {}

  [[nodiscard]] std::vector<std::size_t> best_order() const;
  // Of the branches that are not in.
  [[nodiscard]] std::vector<std::size_t> order_from(std::vector<bool> in) const;
  // The branches of `order`, which are not in, one after the other.
  [[nodiscard]] std::vector<StepPlan> steps(std::span<const std::size_t> order,
                                            std::vector<bool> in,
                                            const std::vector<Leaf>& leaves) const;

 private:
  [[nodiscard]] Link link(std::size_t branch, std::vector<bool>& in) const;
  [[nodiscard]] Cost cost_of(const std::vector<std::size_t>& order) const;

  std::vector<Term> terms_;
  const std::vector<std::size_t>& sizes_;
};

Link Planner::link(std::size_t branch, std::vector<bool>& in) const {
  Link best = Link::none;
  in[branch] = true;
  for (const Term& term : terms_) {
    const bool own =
        std::find(term.branches.begin(), term.branches.end(), branch) != term.branches.end();
    if (own && term.use != Use::check && all_in(term.branches, in)) {
      best = std::min(best, term.use == Use::equality ? Link::equality : Link::difference);
    }
  }
  in[branch] = false;
  return best;
}

Cost Planner::cost_of(const std::vector<std::size_t>& order) const {
  Cost cost;
  std::vector<bool> in(sizes_.size());
  in[order.front()] = true;
  for (std::size_t i = 1; i < order.size(); ++i) {
    const Link found = link(order[i], in);
    cost.unlinked += found == Link::none ? 1 : 0;
    cost.differences += found == Link::difference ? 1 : 0;
    cost.indexed += sizes_[order[i]];
    in[order[i]] = true;
  }
  return cost;
}

// Always takes the branch with the best link next, of these the smallest.
std::vector<std::size_t> Planner::order_from(std::vector<bool> in) const {
  std::vector<std::size_t> order;
  while (std::find(in.begin(), in.end(), false) != in.end()) {
    std::optional<std::size_t> best;
    std::pair<Link, std::size_t> best_rank;
    for (std::size_t branch = 0; branch < sizes_.size(); ++branch) {
      if (!in[branch]) {
        const std::pair rank(link(branch, in), sizes_[branch]);
        if (!best || rank < best_rank) {
          best = branch;
          best_rank = rank;
        }
      }
    }
    order.push_back(*best);
    in[*best] = true;
  }
  return order;
}

std::vector<std::size_t> Planner::best_order() const {
  std::vector<std::size_t> own(sizes_.size());
  std::iota(own.begin(), own.end(), std::size_t{0});
  const Cost own_cost = cost_of(own);
  std::vector<std::size_t> best = own;
  Cost lowest = own_cost;
  for (std::size_t first = 0; first < sizes_.size(); ++first) {
    std::vector<bool> in(sizes_.size());
    in[first] = true;
    std::vector<std::size_t> order = order_from(std::move(in));
    order.insert(order.begin(), first);
    if (const Cost cost = cost_of(order); cost < lowest) {
      best = order;
      lowest = cost;
    }
  }
  return worth_sorting(lowest, own_cost) ? best : own;
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

std::vector<StepPlan> Planner::steps(std::span<const std::size_t> order, std::vector<bool> in,
                                     const std::vector<Leaf>& leaves) const {
  std::vector<StepPlan> steps;
  for (const std::size_t branch : order) {
    StepPlan& step = steps.emplace_back();
    step.branch = branch;
    in[branch] = true;
    for (const Term& term : terms_) {
      const bool own =
          std::find(term.branches.begin(), term.branches.end(), branch) != term.branches.end();
      if (own && all_in(term.branches, in)) {
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
  const Planner planner(terms_of(conjunct, leaves, columns), sizes);
  const std::vector<std::size_t> order = planner.order_from(in);
  return planner.steps(order, std::move(in), leaves);
}

Plan make_plan(const Conjunct& conjunct, const std::vector<Leaf>& leaves,
               const std::vector<std::size_t>& sizes, FlatColumns& columns) {
  const Planner planner(terms_of(conjunct, leaves, columns), sizes);
  const std::vector<std::size_t> order = planner.best_order();
  std::vector<bool> in(sizes.size());
  in[order.front()] = true;
  return {order.front(), planner.steps(std::span(order).subspan(1), std::move(in), leaves)};
}

}  // namespace nfql::merge
