// What except-expressions leave of a merge: groups and tuples less those that they exclude.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "common/stage/group_store.h"
#include "nfql-merge/checks.h"
#include "nfql-merge/exclusion.h"
#include "nfql-merge/flat_column.h"
#include "nfql-merge/terms.h"
#include "nfql-merge/tuples.h"

namespace nfql::merge {

/// An expression bound to the branches of a merge, with its terms ready to be evaluated. It stays
/// where it is.
struct BoundTerms {
  BoundTerms(BoundExpression bound, const std::vector<Branch>& branches,
             const std::vector<GroupStore>& stores, FlatColumns& columns, ZoneMinutes zone)
      : expression(std::move(bound)), checks(expression, branches, stores, columns, zone) {}
  BoundTerms(const BoundTerms&) = delete;
  BoundTerms& operator=(const BoundTerms&) = delete;
  ~BoundTerms() = default;

  BoundExpression expression;
  Checks checks;
};

/// Exclusions that read one branch of the output drop groups before tuples are made of them, others
/// drop tuples.
class Removal {
 public:
  /// `outputs` of the branches, the first ones, are in the output. The stores must be complete.
  /// Everything must outlive this.
  Removal(std::deque<BoundTerms>& excepts, const std::vector<GroupStore>& stores,
          std::size_t outputs, FlatColumns& columns);

  /// Whether every tuple is removed.
  [[nodiscard]] bool all() const { return all_; }
  /// Takes the groups of a branch of the output away that no tuple is left with.
  void drop(std::size_t branch, std::vector<GroupId>& groups) const;
  /// Whether there is more to do than drop().
  [[nodiscard]] bool looks_at_tuples() const { return !of_tuples_.empty(); }
  /// What is left of the tuples.
  [[nodiscard]] Tuples keep(const Tuples& tuples);

 private:
  void add(Exclusion&& exclusion, const std::vector<std::size_t>& sizes);

  bool all_ = false;
  std::vector<Mask> dropped_;  // by branch of the output; empty when none is
  std::vector<Exclusion> of_tuples_;
};

/// Passes on what a removal leaves.
class RemovalSink : public TupleSink {
 public:
  RemovalSink(Removal& removal, TupleSink& sink) : removal_(removal), sink_(sink) {}

  bool put(const Tuples& tuples) override { return sink_.put(removal_.keep(tuples)); }

 private:
  Removal& removal_;
  TupleSink& sink_;
};

}  // namespace nfql::merge
