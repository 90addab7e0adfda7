// Which comparisons of two branches a join can use: as equality, or as bounds on a difference.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/expr/sense.h"
#include "nfql-merge/terms.h"

namespace nfql::merge {

// The names in comparisons are exactly those of columns.

/// The column that an operand is, if it is one.
[[nodiscard]] std::optional<ColumnRef> find_column(const Operand& operand,
                                                   const std::vector<Branch>& branches);

/// What a comparison says about the difference of two columns.
struct DifferenceTest {
  Difference range;
  bool outside = false;  ///< not in the range
};

/// The comparison as a test of two columns of integers or times, if it can be put like that:
/// `A.x = B.y`, `A.x < B.y + 5`, `gap(A.end, B.start) <= 3s`, `A.x != B.y delta 5` …
[[nodiscard]] std::optional<DifferenceTest> difference_test(const Comparison& comparison,
                                                            Sense sense,
                                                            const std::vector<Branch>& branches);

/// Sets `leaf.equal` or `leaf.differences` if the comparison can be put like that for a join.
void classify(const Comparison& comparison, Sense sense, const std::vector<Branch>& branches,
              Leaf& leaf);

/// A relation in time of two branches (not negated) as bounds that hold exactly when it does.
[[nodiscard]] std::vector<Difference> differences_of(const AllenPair& pair);

/// A literal of time in ms; nothing when it is none, negative, too large or no whole number.
[[nodiscard]] std::optional<std::int64_t> milliseconds_of(const Operand& operand);

}  // namespace nfql::merge
