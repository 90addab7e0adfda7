#include "nfql-merge/bind.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include "nfql-merge/difference.h"
#include "nfql-merge/names.h"

namespace nfql::merge {
namespace {

// Makes the tree of nodes, with negations moved to the leaves.
class Binder {
 public:
  Binder(const ExpressionText& source, const std::vector<Branch>& branches)
      : names_(source, branches), branches_(branches) {}

  Node convert(Expr&& expr, Sense sense);
  std::vector<Leaf> take_leaves() { return std::move(leaves_); }

 private:
  Node convert_parts(std::vector<Expr>&& parts, Node::Kind kind, Sense sense);
  Node add_leaf(Leaf&& leaf);
  [[nodiscard]] Leaf bind_term(Expr&& expr, Sense sense) const;
  [[nodiscard]] Leaf bind_allen(const AllenTerm& term, Span span, Sense sense) const;

  NameBinder names_;
  const std::vector<Branch>& branches_;
  std::vector<Leaf> leaves_;
};

Node Binder::convert(Expr&& expr, Sense sense) {
  const auto kind_of = [sense](Node::Kind plain, Node::Kind negated) {
    return sense == Sense::negated ? negated : plain;
  };
  if (auto* part = std::get_if<Not>(&expr.node)) {
    return convert(std::move(*part->part), opposite(sense));
  }
  if (auto* all = std::get_if<And>(&expr.node)) {
    return convert_parts(std::move(all->parts), kind_of(Node::Kind::all, Node::Kind::any), sense);
  }
  if (auto* any = std::get_if<Or>(&expr.node)) {
    return convert_parts(std::move(any->parts), kind_of(Node::Kind::any, Node::Kind::all), sense);
  }
  if (std::holds_alternative<Always>(expr.node)) {
    return {kind_of(Node::Kind::all, Node::Kind::any), 0, {}};  // all of nothing, any of nothing
  }
  if (const auto* term = std::get_if<AllenTerm>(&expr.node)) {
    return add_leaf(bind_allen(*term, expr.span, sense));
  }
  return add_leaf(bind_term(std::move(expr), sense));
}

Node Binder::convert_parts(std::vector<Expr>&& parts, Node::Kind kind, Sense sense) {
  Node node{kind, 0, {}};
  for (Expr& part : parts) {
    node.parts.push_back(convert(std::move(part), sense));
  }
  return node;
}

Node Binder::add_leaf(Leaf&& leaf) {
  for (const ColumnRef& column : leaf.columns) {
    insert_once(leaf.branches, column.branch);
  }
  std::sort(leaf.branches.begin(), leaf.branches.end());
  leaves_.push_back(std::move(leaf));
  return {Node::Kind::leaf, leaves_.size() - 1, {}};
}

Leaf Binder::bind_term(Expr&& expr, Sense sense) const {
  Leaf leaf;
  const auto bind_both = [&](auto& term) {
    names_.bind(term.left, leaf);
    names_.bind(term.right, leaf);
  };
  if (auto* comparison = std::get_if<Comparison>(&expr.node)) {
    bind_both(*comparison);
    classify(*comparison, sense, branches_, leaf);
  } else if (auto* membership = std::get_if<Membership>(&expr.node)) {
    bind_both(*membership);
  } else if (auto* intersection = std::get_if<Intersection>(&expr.node)) {
    bind_both(*intersection);
  } else {
    names_.fail_here(expr.span, "a comparison is needed here");
  }
  leaf.term.what = names_.source().what;
  leaf.term.text = names_.source().text;
  if (sense == Sense::negated) {
    leaf.term.expr.span = expr.span;
    leaf.term.expr.node = Not{std::make_unique<Expr>(std::move(expr))};
  } else {
    leaf.term.expr = std::move(expr);
  }
  return leaf;
}

Leaf Binder::bind_allen(const AllenTerm& term, Span span, Sense sense) const {
  const std::size_t x = names_.find_branch(term.left, term.left_span);
  const std::size_t y = names_.find_branch(term.right, term.right_span);
  AllenPair pair;
  pair.x_start = names_.find_time(x, element::kStart, term.left_span);
  pair.x_end = names_.find_time(x, element::kEnd, term.left_span);
  pair.y_start = names_.find_time(y, element::kStart, term.right_span);
  pair.y_end = names_.find_time(y, element::kEnd, term.right_span);
  pair.relation = term.relation;
  pair.negated = sense == Sense::negated;
  if (term.tolerance) {
    const auto delta = milliseconds_of(*term.tolerance->amount);
    if (!delta || term.tolerance->relative) {
      names_.fail_here(
          term.tolerance->span,
          "the delta of a relation in time is whole milliseconds, such as 'delta 500ms'");
    }
    pair.delta = delta;
  }
  Leaf leaf;
  for (const ColumnRef& column : {pair.x_start, pair.x_end, pair.y_start, pair.y_end}) {
    insert_once(leaf.columns, column);
  }
  if (!pair.negated && x != y) {
    leaf.differences = differences_of(pair);
  }
  leaf.allen = pair;
  leaf.term.expr.span = span;
  return leaf;
}

}  // namespace

BoundExpression bind_terms(ExpressionText expression, const std::vector<Branch>& branches) {
  Binder binder(expression, branches);
  BoundExpression bound;
  bound.root = binder.convert(std::move(expression.expr), Sense::as_written);
  bound.leaves = binder.take_leaves();
  return bound;
}

Schema schema_of(const Leaf& leaf, const std::vector<Branch>& branches) {
  Schema schema;
  for (const ColumnRef& ref : leaf.columns) {
    schema.add(qualified(branches[ref.branch], ref.column));
  }
  return schema;
}

std::vector<std::size_t> branches_of(const Node& node, const std::vector<Leaf>& leaves) {
  if (node.kind == Node::Kind::leaf) {
    return leaves[node.leaf].branches;
  }
  std::vector<std::size_t> branches;
  for (const Node& part : node.parts) {
    for (const std::size_t branch : branches_of(part, leaves)) {
      insert_once(branches, branch);
    }
  }
  std::sort(branches.begin(), branches.end());
  return branches;
}

}  // namespace nfql::merge
