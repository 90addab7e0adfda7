#include "nfql-merge/join_order.h"

#include <algorithm>
#include <compare>
#include <numeric>
#include <optional>

namespace nfql::merge {

struct JoinOrder::Cost {
  std::size_t unlinked = 0;     // branches without any term
  std::size_t differences = 0;  // branches without an equality
  std::size_t indexed = 0;      // groups of all branches but the first

  /// Whether an order is so much better than the branches' own that it is worth holding all tuples
  /// back to put them in order. Indexing few groups and looking up many is cheaper than the
  /// opposite, which matters only where they are many.
  [[nodiscard]] bool worth_sorting(const Cost& own) const {
    constexpr std::size_t kMany = 100'000;
    if (unlinked != own.unlinked || differences != own.differences) {
      return *this < own;
    }
    return own.unlinked == 0 && own.indexed > kMany && indexed < own.indexed / 8;
  }

  friend auto operator<=>(const Cost&, const Cost&) = default;
};

bool comes_with(const Term& term, std::size_t branch, const std::vector<bool>& in) {
  const std::vector<std::size_t>& read = term.branches;
  return std::find(read.begin(), read.end(), branch) != read.end() &&
         std::all_of(read.begin(), read.end(), [&in](std::size_t other) { return in[other]; });
}

JoinOrder::Link JoinOrder::link(std::size_t branch, std::vector<bool>& in) const {
  Link best = Link::none;
  in[branch] = true;
  for (const Term& term : terms_) {
    if (term.use != Use::check && comes_with(term, branch, in)) {
      best = std::min(best, term.use == Use::equality ? Link::equality : Link::difference);
    }
  }
  in[branch] = false;
  return best;
}

JoinOrder::Cost JoinOrder::cost_of(const std::vector<std::size_t>& order) const {
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

std::vector<std::size_t> JoinOrder::from(std::vector<bool> in) const {
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

std::vector<std::size_t> JoinOrder::best() const {
  std::vector<std::size_t> own(sizes_.size());
  std::iota(own.begin(), own.end(), std::size_t{0});
  const Cost own_cost = cost_of(own);
  std::vector<std::size_t> best = own;
  Cost lowest = own_cost;
  for (std::size_t first = 0; first < sizes_.size(); ++first) {
    std::vector<bool> in(sizes_.size());
    in[first] = true;
    std::vector<std::size_t> order = from(std::move(in));
    order.insert(order.begin(), first);
    if (const Cost cost = cost_of(order); cost < lowest) {
      best = order;
      lowest = cost;
    }
  }
  return lowest.worth_sorting(own_cost) ? best : own;
}

}  // namespace nfql::merge
