// A merge expression taken apart: terms bound to columns of branches, and how they are combined.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/expr/ast.h"
#include "common/expr/parse.h"
#include "common/flow/schema.h"

namespace nfql::merge {

/// What expressions know of a branch.
struct Branch {
  std::string name;
  Schema groups;
};

/// A group column of a branch.
struct ColumnRef {
  std::size_t branch = 0;
  std::size_t column = 0;

  friend auto operator<=>(const ColumnRef&, const ColumnRef&) = default;
};

inline constexpr std::int64_t kNoLow = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t kNoHigh = std::numeric_limits<std::int64_t>::max();

/// low <= left - right <= high, for integers and times; the ends of i64 stand for no bound.
struct Difference {
  ColumnRef left;
  ColumnRef right;
  std::int64_t low = kNoLow;
  std::int64_t high = kNoHigh;
};

/// `x relation y delta`, or not so.
struct AllenPair {
  ColumnRef x_start, x_end, y_start, y_end;
  Allen relation = Allen::equals;
  std::optional<std::int64_t> delta;
  bool negated = false;
};

/// One term, negation included. At most one of the forms that joins understand is set; whatever
/// is, the term is true for a tuple exactly when the form is.
struct Leaf {
  ExpressionText term;  ///< for a Predicate over `columns`; of Allen terms only its place
  std::vector<ColumnRef> columns;     ///< read by the term, each once
  std::vector<std::size_t> branches;  ///< of the columns, ascending, each once

  std::optional<AllenPair> allen;
  std::optional<std::pair<ColumnRef, ColumnRef>> equal;  ///< same value, of two branches
  std::vector<Difference> differences;                   ///< between two branches; all of them hold
};

/// Terms combined. Negations stand at the leaves only; so a node is true exactly when enough of
/// its parts are, and false and unknown need not be told apart.
struct Node {
  enum class Kind : std::uint8_t { leaf, all, any };

  Kind kind = Kind::all;
  std::size_t leaf = 0;  ///< index of the leaf
  std::vector<Node> parts;
};

struct BoundExpression {
  std::vector<Leaf> leaves;
  Node root;
};

}  // namespace nfql::merge
