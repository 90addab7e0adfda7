#include "nfql-merge/cases.h"

#include <memory>
#include <optional>
#include <variant>

#include "common/expr/kernels_compare.h"
#include "nfql-merge/difference.h"

namespace nfql::merge {
namespace {

// The bounds of low <= left - right <= high.
Case inside(const Difference& range) {
  Case bounds;
  if (range.high != kNoHigh) {
    bounds.push_back({range.right, range.left, range.high});
  }
  if (range.low != kNoLow) {
    bounds.push_back({range.left, range.right, -Wide{range.low}});
  }
  return bounds;
}

// Where one of these differences is not in its range.
std::vector<Case> outside(const std::vector<Difference>& ranges) {
  std::vector<Case> cases;
  for (const Difference& range : ranges) {
    if (range.high != kNoHigh) {
      cases.push_back({{range.left, range.right, -Wide{range.high} - 1}});
    }
    if (range.low != kNoLow) {
      cases.push_back({{range.right, range.left, Wide{range.low} - 1}});
    }
  }
  return cases;
}

std::vector<Case> cases_of(const AllenPair& pair) {
  const std::vector<Difference> ranges = differences_of(pair);
  if (pair.negated) {
    return outside(ranges);
  }
  Case all;
  for (const Difference& range : ranges) {
    const Case bounds = inside(range);
    all.insert(all.end(), bounds.begin(), bounds.end());
  }
  return {all};
}

// Of two columns of one type that is in some order.
std::vector<Case> cases_of(Op op, const ColumnRef& left, const ColumnRef& right) {
  const Bound before{right, left, -1};
  const Bound after{left, right, -1};
  const Bound not_after{right, left, 0};
  const Bound not_before{left, right, 0};
  switch (op) {
    case Op::eq:
      return {{not_after, not_before}};
    case Op::ne:
      return {{before}, {after}};
    case Op::lt:
      return {{before}};
    case Op::le:
      return {{not_after}};
    case Op::gt:
      return {{after}};
    case Op::ge:
      return {{not_before}};
  }
  return {};
}

// Whether the columns are compared as values of one type, and no bounds on differences are of it.
bool are_alike(const Field& a, const Field& b) {
  const bool number = a.type != Type::address && a.type != Type::f64 && a.type != Type::set;
  return !number && a.type == b.type && a.element_type == b.element_type;
}

// A flow's end before its start is a fault of the exporter that one may look for.
bool is_own_interval(const Difference& range, const std::vector<Branch>& branches) {
  const Schema& groups = branches[range.left.branch].groups;
  return range.left.branch == range.right.branch && range.left != range.right &&
         groups[range.left.column].meaning == Meaning::time &&
         groups[range.right.column].meaning == Meaning::time;
}

std::vector<Case> cases_of(const Comparison& comparison, Sense sense,
                           const std::vector<Branch>& branches) {
  if (const auto test = difference_test(comparison, sense, branches)) {
    if (is_own_interval(test->range, branches)) {
      return {};
    }
    return test->outside ? outside({test->range}) : std::vector<Case>{inside(test->range)};
  }
  const auto left = find_column(comparison.left, branches);
  const auto right = find_column(comparison.right, branches);
  if (!left || !right || comparison.tolerance) {
    return {};
  }
  const Field& a = branches[left->branch].groups[left->column];
  const Field& b = branches[right->branch].groups[right->column];
  // A real that is no number differs from itself; from others too, but then nothing else holds.
  if (!are_alike(a, b) || (a.type == Type::f64 && *left == *right)) {
    return {};
  }
  if (sense == Sense::as_written) {
    return cases_of(comparison.op, *left, *right);
  }
  // What is no number is neither before nor after another one.
  const bool total = a.type != Type::f64 || comparison.op == Op::eq;
  return total ? cases_of(negated(comparison.op), *left, *right) : std::vector<Case>{};
}

}  // namespace

std::vector<Case> cases_of(const Leaf& leaf, const std::vector<Branch>& branches) {
  if (leaf.allen) {
    return cases_of(*leaf.allen);
  }
  const Expr* expr = &leaf.term.expr;
  const auto* negation = std::get_if<Not>(&expr->node);
  const Expr& term = negation == nullptr ? *expr : *negation->part;
  const auto* comparison = std::get_if<Comparison>(&term.node);
  const Sense sense = negation == nullptr ? Sense::as_written : Sense::negated;
  return comparison == nullptr ? std::vector<Case>{} : cases_of(*comparison, sense, branches);
}

}  // namespace nfql::merge
