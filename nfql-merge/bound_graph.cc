#include "nfql-merge/bound_graph.h"

#include <algorithm>

#include "nfql-merge/names.h"

namespace nfql::merge {

BoundGraph::BoundGraph(const std::vector<Branch>& branches) {
  for (std::size_t i = 0; i < branches.size(); ++i) {
    const auto start = branches[i].groups.find(element::kStart);
    const auto end = branches[i].groups.find(element::kEnd);
    if (start && end) {
      add({{{i, *end}, {i, *start}, 0}}, kIntervals);
    }
  }
}

std::size_t BoundGraph::node_of(const ColumnRef& ref) {
  return nodes_.emplace(ref, nodes_.size()).first->second;
}

void BoundGraph::add(const Case& bounds, std::size_t term) {
  for (const Bound& bound : bounds) {
    const std::size_t from = node_of(bound.from);
    edges_.push_back({from, node_of(bound.to), bound.most, term});
  }
}

std::vector<std::size_t> BoundGraph::contradiction_with(const Case& bounds, std::size_t term) {
  const std::size_t edges = edges_.size();
  add(bounds, term);
  std::vector<std::size_t> terms = contradiction();
  edges_.resize(edges);
  return terms;
}

// Bellman-Ford: when bounds still tighten after as many rounds as there are nodes, they do for
// ever.
std::vector<std::size_t> BoundGraph::contradiction() const {
  std::vector<Wide> highest(nodes_.size());
  std::vector<std::size_t> last(nodes_.size());  // the edge that set it
  std::size_t changed = nodes_.size();
  for (std::size_t round = 0; round <= nodes_.size(); ++round) {
    changed = nodes_.size();
    for (std::size_t i = 0; i < edges_.size(); ++i) {
      const Edge& edge = edges_[i];
      if (highest[edge.from] + edge.most < highest[edge.to]) {
        highest[edge.to] = highest[edge.from] + edge.most;
        last[edge.to] = i;
        changed = edge.to;
      }
    }
    if (changed == nodes_.size()) {
      return {};
    }
  }
  return way_round(last, changed);
}

std::vector<std::size_t> BoundGraph::way_round(const std::vector<std::size_t>& last,
                                               std::size_t node) const {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    node = edges_[last[node]].from;  // after so many steps it is on the circle
  }
  std::vector<std::size_t> terms;
  std::size_t at = node;
  do {
    insert_once(terms, edges_[last[at]].term);
    at = edges_[last[at]].from;
  } while (at != node);
  std::sort(terms.begin(), terms.end());
  return terms;
}

}  // namespace nfql::merge
