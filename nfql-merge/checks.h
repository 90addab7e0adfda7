// Terms evaluated on tuples: what joins do not find by themselves.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/expr/predicate.h"
#include "common/flow/time.h"
#include "common/stage/group_store.h"
#include "nfql-merge/flat_column.h"
#include "nfql-merge/terms.h"
#include "nfql-merge/tuples.h"

namespace nfql::merge {

class Checks {
 public:
  /// Binds all terms, so throws what Predicate does. The stores are used only later, in keep().
  /// All but the zone must outlive this.
  Checks(const BoundExpression& expression, const std::vector<Branch>& branches,
         const std::vector<GroupStore>& stores, FlatColumns& columns, ZoneMinutes zone);

  /// Keeps the tuples for which all nodes are true. The tuples have the branches that they read.
  void keep(const std::vector<Node>& nodes, Tuples& tuples);

  /// The groups of a branch for which all nodes, which read no other branch, are true; ascending.
  [[nodiscard]] std::vector<GroupId> select(const std::vector<Node>& nodes, std::size_t branch);

 private:
  using Mask = std::vector<std::uint8_t>;

  void evaluate(const Node& node, const Tuples& tuples, Mask& mask);
  void evaluate_term(std::size_t leaf, const Tuples& tuples, Mask& mask);
  void evaluate_allen(const AllenPair& pair, const Tuples& tuples, Mask& mask);

  const std::vector<Leaf>& leaves_;
  const std::vector<GroupStore>& stores_;
  FlatColumns& columns_;
  std::vector<std::optional<Predicate>> predicates_;  // by leaf; none for Allen terms
};

}  // namespace nfql::merge
