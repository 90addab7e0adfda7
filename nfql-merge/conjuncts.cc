#include "nfql-merge/conjuncts.h"

#include <utility>

#include "nfql-merge/bind.h"

namespace nfql::merge {
namespace {

std::vector<Conjunct> multiply(const std::vector<Conjunct>& a, const std::vector<Conjunct>& b) {
  std::vector<Conjunct> product;
  for (const Conjunct& left : a) {
    for (const Conjunct& right : b) {
      Conjunct& both = product.emplace_back(left);
      both.insert(both.end(), right.begin(), right.end());
    }
  }
  return product;
}

std::vector<Conjunct> expand_all(const Node& node, const std::vector<Leaf>& leaves) {
  std::vector<Conjunct> result(1);
  for (const Node& part : node.parts) {
    const std::vector<Conjunct> alternatives = expand(part, leaves);
    result = result.size() * alternatives.size() <= kMaxProduct
                 ? multiply(result, alternatives)
                 : multiply(result, {Conjunct{part}});
  }
  return result;
}

}  // namespace

std::vector<Conjunct> expand(const Node& node, const std::vector<Leaf>& leaves) {
  if (node.kind == Node::Kind::leaf) {
    return {Conjunct{node}};
  }
  if (node.kind == Node::Kind::all) {
    return expand_all(node, leaves);
  }
  if (node.parts.size() > 1 && branches_of(node, leaves).size() <= 1) {
    return {Conjunct{node}};
  }
  std::vector<Conjunct> alternatives;
  for (const Node& part : node.parts) {
    for (Conjunct& conjunct : expand(part, leaves)) {
      alternatives.push_back(std::move(conjunct));
    }
  }
  return alternatives;
}

}  // namespace nfql::merge
