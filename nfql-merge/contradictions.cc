#include "nfql-merge/contradictions.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <variant>

#include "common/base/error.h"
#include "nfql-merge/bound_graph.h"
#include "nfql-merge/cases.h"
#include "nfql-merge/conjuncts.h"
#include "nfql-merge/names.h"
#include "nfql-merge/opposites.h"

namespace nfql::merge {
namespace {

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
    if (index == BoundGraph::kIntervals) {
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
                   ? fmt::format("{} can never hold", last)
                   : fmt::format("{} and {} can never hold together", fmt::join(terms, ", "), last);
  return story;
}

// The terms of bounds that leave nothing whichever case of the term holds; none when one may.
std::vector<std::size_t> contradiction_in_all(BoundGraph& graph, const std::vector<Case>& cases,
                                              std::size_t term) {
  std::vector<std::size_t> terms;
  for (const Case& bounds : cases) {
    const std::vector<std::size_t> found = graph.contradiction_with(bounds, term);
    if (found.empty()) {
      return {};
    }
    for (const std::size_t other : found) {
      insert_once(terms, other);
    }
  }
  std::sort(terms.begin(), terms.end());
  return terms;
}

// Terms of one case are taken together, then the others are held against these, each by itself.
std::vector<std::size_t> contradiction_of(const Conjunct& conjunct, const std::vector<Leaf>& leaves,
                                          const std::vector<Branch>& branches) {
  std::vector<std::size_t> opposites = find_opposites(conjunct, leaves, branches);
  if (!opposites.empty()) {
    return opposites;
  }
  BoundGraph graph(branches);
  std::vector<std::pair<std::size_t, std::vector<Case>>> open;
  for (const Node& node : conjunct) {
    if (node.kind != Node::Kind::leaf) {
      continue;
    }
    std::vector<Case> cases = cases_of(leaves[node.leaf], branches);
    if (cases.size() == 1) {
      graph.add(cases.front(), node.leaf);
    } else if (!cases.empty()) {
      open.emplace_back(node.leaf, std::move(cases));
    }
  }
  std::vector<std::size_t> found = graph.contradiction();
  for (auto term = open.begin(); found.empty() && term != open.end(); ++term) {
    found = contradiction_in_all(graph, term->second, term->first);
  }
  return found;
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
