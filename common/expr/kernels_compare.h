// Comparisons of whole columns, in the columns' own types: one loop per type and test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "common/expr/bound.h"
#include "common/expr/ranges.h"

namespace nfql {

/// Which side of a range is true.
enum class Where : std::uint8_t { inside, outside };

/// A column of whole numbers against a range, of which only the part that `type` holds counts. All
/// comparisons with a constant are this: `x < 5` is x inside [least, 4].
[[nodiscard]] ConditionPtr within(std::size_t slot, Type type, const Bounds<Wide>& range,
                                  Where where);
/// A column of f64. A value that is no number is like an unknown one: neither inside nor outside.
[[nodiscard]] ConditionPtr within(std::size_t slot, const Bounds<double>& range, Where where);
/// A column of addresses of either width.
[[nodiscard]] ConditionPtr within(std::size_t slot, const Bounds<Address>& range, Where where);

/// A column of addresses that may be of either width from batch to batch: one condition for each.
[[nodiscard]] ConditionPtr either_width(std::size_t slot, ConditionPtr narrow, ConditionPtr wide);

/// `(x & mask) = value`, or `!=`, of a column of whole numbers; `value` must be one that `type`
/// holds. Bits of the mask that `type` has not are ignored.
[[nodiscard]] ConditionPtr masked(std::size_t slot, Type type, Wide mask, Wide value, Where where);

/// `left op right` of two columns of the type `type` (addresses: of either width each).
[[nodiscard]] ConditionPtr compare_columns(std::size_t left, Op op, std::size_t right, Type type);

/// Whether `test` may be true of a known value of a column of T: test.may_hold() of all that lies
/// between its extremes, where it has some.
template <class T, class Test>
[[nodiscard]] bool may_hold_in(const ColumnExtremes& values, const Test& test) {
  if constexpr (std::is_same_v<T, Address>) {
    return values.any_known;
  } else {
    return values.any_known &&
           (!values.bounded || test.may_hold(Bounds<T>{value_of_bits<T>(values.least),
                                                       value_of_bits<T>(values.greatest)}));
  }
}

/// The operator that is true where `op` is false.
[[nodiscard]] constexpr Op negated(Op op) {
  switch (op) {
    case Op::eq:
      return Op::ne;
    case Op::ne:
      return Op::eq;
    case Op::lt:
      return Op::ge;
    case Op::le:
      return Op::gt;
    case Op::gt:
      return Op::le;
    case Op::ge:
      return Op::lt;
  }
  return op;
}
/// `a op b` is `b mirrored(op) a`.
[[nodiscard]] constexpr Op mirrored(Op op) {
  switch (op) {
    case Op::lt:
      return Op::gt;
    case Op::le:
      return Op::ge;
    case Op::gt:
      return Op::lt;
    case Op::ge:
      return Op::le;
    case Op::eq:
    case Op::ne:
      break;
  }
  return op;
}

}  // namespace nfql
