// Allen's relations between two closed intervals of time.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/expr/ast.h"

namespace nfql {

/// [start, end] in ms, both inclusive.
struct Interval {
  std::int64_t start = 0;
  std::int64_t end = 0;
};

/// The one relation in which `x` is to `y`, when times that differ by at most `tolerance` (>= 0)
/// count as equal. classify(y, x) is its inverse().
[[nodiscard]] Allen classify(Interval x, Interval y, std::int64_t tolerance);

/// Whether `x relation y delta` is true. For `before` and `after` a delta is the largest gap
/// allowed between the two; for all others it is the tolerance of classify().
[[nodiscard]] bool holds(Allen relation, Interval x, Interval y, std::optional<std::int64_t> delta);

/// The relation of y to x when x is in `relation` to y.
[[nodiscard]] Allen inverse(Allen relation);

/// The long name: `before`, `met-by` …
[[nodiscard]] std::string_view to_name(Allen relation);
/// By long name (`met-by` or `met_by`), short name (`bf af m mi o oi s si d di f fi eq`) or sign
/// (`<`, `>`, `=`); case ignored.
[[nodiscard]] std::optional<Allen> parse_allen(std::string_view word);

}  // namespace nfql
