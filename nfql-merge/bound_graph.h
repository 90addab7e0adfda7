// Bounds on differences of columns, and whether they leave any values.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "nfql-merge/terms.h"

namespace nfql::merge {

/// value(to) - value(from) <= most.
struct Bound {
  ColumnRef from;
  ColumnRef to;
  Wide most = 0;
};

/// Bounds that hold together.
using Case = std::vector<Bound>;

/// Bounds as a graph over columns; they leave nothing exactly when some way round comes to less
/// than nothing.
class BoundGraph {
 public:
  /// Stands for the intervals of groups among the terms of a contradiction.
  static constexpr std::size_t kIntervals = static_cast<std::size_t>(-1);

  /// Of groups that have a start and an end, none starts after its end.
  explicit BoundGraph(const std::vector<Branch>& branches);

  /// Adds bounds that term number `term` says.
  void add(const Case& bounds, std::size_t term);
  /// The terms of bounds that leave nothing, ascending, with kIntervals last if these matter too;
  /// none when the bounds leave something.
  [[nodiscard]] std::vector<std::size_t> contradiction() const;
  /// The same with these bounds as well.
  [[nodiscard]] std::vector<std::size_t> contradiction_with(const Case& bounds, std::size_t term);

 private:
  struct Edge {
    std::size_t from;
    std::size_t to;
    Wide most;
    std::size_t term;
  };

  std::size_t node_of(const ColumnRef& ref);
  [[nodiscard]] std::vector<std::size_t> way_round(const std::vector<std::size_t>& last,
                                                   std::size_t node) const;

  std::map<ColumnRef, std::size_t> nodes_;
  std::vector<Edge> edges_;
};

}  // namespace nfql::merge
