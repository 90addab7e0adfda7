// From the tree of an expression to the conditions that a predicate runs.
#pragma once

#include <string>

#include "common/expr/kernels_compare.h"
#include "common/expr/number.h"
#include "common/expr/scope.h"
#include "common/expr/sense.h"

namespace nfql {

/// Binds an expression to the fields of `scope`. Throws as the constructor of Predicate.
[[nodiscard]] ConditionPtr bind_expression(Scope& scope, const Expr& expr, Sense sense);

// The terms, each in a file of its name.
[[nodiscard]] ConditionPtr bind_comparison(Scope& scope, const Comparison& comparison, Sense sense);
[[nodiscard]] ConditionPtr bind_membership(Scope& scope, const Membership& membership, Sense sense);
[[nodiscard]] ConditionPtr bind_intersection(Scope& scope, const Intersection& intersection,
                                             Sense sense);
[[nodiscard]] ConditionPtr bind_allen(Scope& scope, Span span, const AllenTerm& term, Sense sense);

/// Where a leaf is to be true: inside what it tests for, or outside.
[[nodiscard]] constexpr Where where_of(Sense sense) {
  return sense == Sense::negated ? Where::outside : Where::inside;
}
[[nodiscard]] constexpr Where opposite(Where where) {
  return where == Where::inside ? Where::outside : Where::inside;
}
/// The same of a comparison: `!=` asks for values outside the range of `=`.
[[nodiscard]] constexpr Where where_of(Op op, Sense sense) {
  return op == Op::ne ? opposite(where_of(sense)) : where_of(sense);
}

/// The value of `delta`: whole, or a real. Numbers that are compared have `meaning`; a unit is only
/// allowed when that is a time or a duration. Throws Error(Exit::usage) with a caret.
[[nodiscard]] Number bind_tolerance(Scope& scope, const Tolerance& tolerance, Meaning meaning,
                                    const std::string& compared);

}  // namespace nfql
