#include "nfql-merge/opposites.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <variant>

#include "common/expr/kernels_compare.h"
#include "common/expr/operators.h"
#include "common/expr/print.h"

namespace nfql::merge {
namespace {

// How two operands may be to each other, a bit each; reals that are no numbers are unordered.
constexpr unsigned kLess = 1;
constexpr unsigned kEqual = 2;
constexpr unsigned kGreater = 4;
constexpr unsigned kUnordered = 8;
constexpr unsigned kAll = kLess | kEqual | kGreater | kUnordered;
// The answers to what is asked as a whole.
constexpr unsigned kYes = 1;
constexpr unsigned kNo = kAll & ~kYes;

/// What a term says: of these operands, one of these.
struct Claim {
  std::string about;  // "" when nothing is known of the term
  unsigned outcomes = kAll;
};

unsigned outcomes_of(Op op) {
  switch (op) {
    case Op::eq:
      return kEqual;
    case Op::ne:
      return kAll & ~kEqual;
    case Op::lt:
      return kLess;
    case Op::le:
      return kLess | kEqual;
    case Op::gt:
      return kGreater;
    case Op::ge:
      return kGreater | kEqual;
  }
  return kAll;
}

Claim claim_of(const Comparison& term) {
  std::string left = to_text(term.left);
  std::string right = to_text(term.right);
  if (term.tolerance) {
    const bool unequal = term.op == Op::ne;  // the complement of `=`, with a tolerance too
    return {fmt::format("{} {} {} delta {}", left, sign_of(unequal ? Op::eq : term.op), right,
                        to_text(*term.tolerance->amount)),
            unequal ? kNo : kYes};
  }
  Op op = term.op;
  if (right < left) {
    std::swap(left, right);
    op = mirrored(op);
  }
  return {fmt::format("{} ? {}", left, right), outcomes_of(op)};
}

Claim claim_of(const Membership& term) {
  return {fmt::format("{} in {}", to_text(term.left), to_text(term.right)),
          term.negated ? kNo : kYes};
}

Claim claim_of(const Intersection& term) {
  return {fmt::format("{} intersects {}", to_text(term.left), to_text(term.right)), kYes};
}

template <class Other>
Claim claim_of(const Other&) {
  return {};
}

// What holds whatever the operands' values are.
unsigned possible(const Expr& term, const Leaf& leaf, const std::vector<Branch>& branches) {
  const auto is_real = [&branches](const ColumnRef& ref) {
    return branches[ref.branch].groups[ref.column].type == Type::f64;
  };
  const auto* comparison = std::get_if<Comparison>(&term.node);
  if (comparison == nullptr || comparison->tolerance) {
    return kAll;
  }
  const bool real = std::any_of(leaf.columns.begin(), leaf.columns.end(), is_real);
  const bool same = to_text(comparison->left) == to_text(comparison->right);
  return (same ? kEqual : kAll & ~kUnordered) | (real ? kUnordered : 0);
}

Claim claim_of(const Leaf& leaf, const std::vector<Branch>& branches) {
  if (leaf.allen) {
    return {};
  }
  const auto* negation = std::get_if<Not>(&leaf.term.expr.node);
  const Expr& term = negation == nullptr ? leaf.term.expr : *negation->part;
  Claim claim = std::visit([](const auto& node) { return claim_of(node); }, term.node);
  if (negation != nullptr) {
    claim.outcomes = kAll & ~claim.outcomes;
  }
  claim.outcomes &= possible(term, leaf, branches);
  return claim;
}

/// All that was said of the same operands.
struct Said {
  unsigned left = kAll;  // of all that may be
  std::vector<std::pair<std::size_t, unsigned>> terms;
};

// Of terms that leave nothing: the last and one that alone is its opposite, or all.
std::vector<std::size_t> fewest(const Said& said) {
  const auto& [last, outcomes] = said.terms.back();
  std::vector<std::size_t> all;
  for (const auto& [term, others] : said.terms) {
    if (outcomes == 0 || (others & outcomes) == 0) {
      return outcomes == 0 ? std::vector{last} : std::vector{term, last};
    }
    all.push_back(term);
  }
  return all;
}

}  // namespace

std::vector<std::size_t> find_opposites(const Conjunct& conjunct, const std::vector<Leaf>& leaves,
                                        const std::vector<Branch>& branches) {
  std::map<std::string, Said> claims;
  for (const Node& node : conjunct) {
    if (node.kind != Node::Kind::leaf) {
      continue;
    }
    const Claim claim = claim_of(leaves[node.leaf], branches);
    if (claim.about.empty()) {
      continue;
    }
    Said& said = claims[claim.about];
    said.left &= claim.outcomes;
    said.terms.emplace_back(node.leaf, claim.outcomes);
    if (said.left == 0) {
      return fewest(said);
    }
  }
  return {};
}

}  // namespace nfql::merge
