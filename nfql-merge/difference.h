// Which comparisons of two branches a join can use: as equality, or as bounds on a difference.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "nfql-merge/terms.h"

namespace nfql::merge {

/// Sets `leaf.equal` or `leaf.differences` if the comparison, negated if so, can be put like that:
/// `A.x = B.y`, `A.x < B.y + 5`, `gap(A.end, B.start) <= 3s`, `A.x = B.y delta 5` … Its names are
/// exactly those of columns.
void classify(const Comparison& comparison, bool negated, const std::vector<Branch>& branches,
              Leaf& leaf);

/// A relation in time of two branches (not negated) as bounds that hold exactly when it does.
[[nodiscard]] std::vector<Difference> differences_of(const AllenPair& pair);

/// A literal of time in ms; nothing when it is none, negative, too large or no whole number.
[[nodiscard]] std::optional<std::int64_t> milliseconds_of(const Operand& operand);

}  // namespace nfql::merge
