#include "nfql-merge/contradictions.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <variant>

#include "common/base/error.h"
#include "nfql-merge/conjuncts.h"
#include "nfql-merge/names.h"

namespace nfql::merge {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// value(to) - value(from) <= most.
struct Bound {
  std::size_t from;
  std::size_t to;
  Wide most;
  std::size_t leaf;  // that says so, or kNone
};

/// The bounds of one conjunct as a graph over columns; they leave nothing exactly when some way
/// round comes to less than nothing.
class BoundGraph {
 public:
  explicit BoundGraph(const std::vector<Branch>& branches) : branches_(branches) {}

  void add(std::size_t index, const Leaf& leaf) {
    if (leaf.equal) {
      add({leaf.equal->first, leaf.equal->second, 0, 0}, index);
    }
    for (const Difference& difference : leaf.differences) {
      add(difference, index);
    }
  }

  // The leaves of bounds that leave nothing, ascending, with kNone if starts and ends matter too.
  [[nodiscard]] std::vector<std::size_t> contradiction();

 private:
  void add(const Difference& difference, std::size_t leaf) {
    const std::size_t left = node_of(difference.left);
    const std::size_t right = node_of(difference.right);
    if (difference.high != kNoHigh) {
      bounds_.push_back({right, left, difference.high, leaf});
    }
    if (difference.low != kNoLow) {
      bounds_.push_back({left, right, -Wide{difference.low}, leaf});
    }
  }

  std::size_t node_of(const ColumnRef& ref) {
    return nodes_.emplace(ref, nodes_.size()).first->second;
  }
  void add_intervals();
  [[nodiscard]] std::vector<std::size_t> way_round(const std::vector<std::size_t>& last,
                                                   std::size_t node) const;

  const std::vector<Branch>& branches_;
  std::map<ColumnRef, std::size_t> nodes_;
  std::vector<Bound> bounds_;
};

// No group starts after its end.
void BoundGraph::add_intervals() {
  for (std::size_t i = 0; i < branches_.size(); ++i) {
    const auto start = branches_[i].groups.find(element::kStart);
    const auto end = branches_[i].groups.find(element::kEnd);
    if (start && end) {
      add({{i, *start}, {i, *end}, kNoLow, 0}, kNone);
    }
  }
}

// Bellman-Ford: when bounds still tighten after as many rounds as there are nodes, they do for
// ever.
std::vector<std::size_t> BoundGraph::contradiction() {
  add_intervals();
  std::vector<Wide> highest(nodes_.size());
  std::vector<std::size_t> last(nodes_.size(), kNone);  // the bound that set it
  std::size_t changed = kNone;
  for (std::size_t round = 0; round <= nodes_.size(); ++round) {
    changed = kNone;
    for (std::size_t i = 0; i < bounds_.size(); ++i) {
      const Bound& bound = bounds_[i];
      if (highest[bound.from] + bound.most < highest[bound.to]) {
        highest[bound.to] = highest[bound.from] + bound.most;
        last[bound.to] = i;
        changed = bound.to;
      }
    }
    if (changed == kNone) {
      return {};
    }
  }
  return way_round(last, changed);
}

std::vector<std::size_t> BoundGraph::way_round(const std::vector<std::size_t>& last,
                                               std::size_t node) const {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    node = bounds_[last[node]].from;  // after so many steps it is on the circle
  }
  std::vector<std::size_t> leaves;
  std::size_t at = node;
  do {
    insert_once(leaves, bounds_[last[at]].leaf);
    at = bounds_[last[at]].from;
  } while (at != node);
  std::sort(leaves.begin(), leaves.end());
  return leaves;
}

/// A contradiction as told to the user.
struct Story {
  std::string text;
  std::string hint;
  Span span;
};

Story story_of(const std::vector<std::size_t>& contradiction, const ExpressionText& source,
               const BoundExpression& bound) {
  Story story;
  std::vector<std::string> terms;
  for (const std::size_t index : contradiction) {
    if (index == kNone) {
      story.hint = "no group ends before it starts";
      continue;
    }
    const Expr& expr = bound.leaves[index].term.expr;
    const bool negated = std::holds_alternative<Not>(expr.node);
    terms.push_back(
        fmt::format("'{}{}'", negated ? "not " : "",
                    source.text.substr(expr.span.begin, expr.span.end - expr.span.begin)));
    story.span = expr.span;
  }
  const std::string last = terms.back();
  terms.pop_back();
  story.text = terms.empty()
                   ? fmt::format("the parts of {} can never hold together", last)
                   : fmt::format("{} and {} can never hold together", fmt::join(terms, ", "), last);
  return story;
}

std::vector<std::size_t> contradiction_of(const Conjunct& conjunct, const std::vector<Leaf>& leaves,
                                          const std::vector<Branch>& branches) {
  BoundGraph graph(branches);
  for (const Node& node : conjunct) {
    if (node.kind == Node::Kind::leaf) {
      graph.add(node.leaf, leaves[node.leaf]);
    }
  }
  return graph.contradiction();
}

}  // namespace

std::vector<std::string> check_contradictions(const ExpressionText& source,
                                              const BoundExpression& bound,
                                              const std::vector<Branch>& branches) {
  const std::vector<Conjunct> conjuncts = expand(bound.root, bound.leaves);
  std::vector<Story> stories;
  for (const Conjunct& conjunct : conjuncts) {
    const auto contradiction = contradiction_of(conjunct, bound.leaves, branches);
    if (!contradiction.empty()) {
      stories.push_back(story_of(contradiction, source, bound));
    }
  }
  if (!stories.empty() && stories.size() == conjuncts.size()) {
    const Story& story = stories.front();
    fail_at(source.what, source.text, story.span, story.text, story.hint);
  }
  std::vector<std::string> warnings;
  for (const Story& story : stories) {
    insert_once(warnings,
                fmt::format("{}: {}: an alternative that is never true", source.what, story.text));
  }
  return warnings;
}

}  // namespace nfql::merge
