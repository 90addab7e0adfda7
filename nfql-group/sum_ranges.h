// Comparisons of numbers as ranges, and numbers as sums of fields, which move them.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "common/expr/ast.h"
#include "common/expr/number.h"
#include "common/expr/ranges.h"

namespace nfql::relate {

[[nodiscard]] constexpr bool is_equality(Op op) {
  return op == Op::eq || op == Op::ne;
}

/// Where `number op value`, for `!=` where it is not.
template <class Lane>
[[nodiscard]] Bounds<Lane> range_beside(Op op, Lane value) {
  const Bounds<Lane> all = limits_of<Lane>();
  const Bounds<Lane> none{1, 0};
  switch (op) {
    case Op::eq:
    case Op::ne:
      return {value, value};
    case Op::lt:
      return value == all.low ? none : Bounds<Lane>{all.low, before(value)};
    case Op::le:
      return {all.low, value};
    case Op::gt:
      return value == all.high ? none : Bounds<Lane>{after(value), all.high};
    case Op::ge:
      return {value, all.high};
  }
  return all;
}

/// Where `difference op 0` with a tolerance; of an ordering, where the gap is.
template <class Lane>
[[nodiscard]] Bounds<Lane> range_within(Op op, Lane tolerance) {
  if (is_equality(op)) {
    return {-tolerance, tolerance};
  }
  const bool open = op == Op::lt || op == Op::gt;
  return {0, open ? before(tolerance) : tolerance};
}

/// A field of a sum.
struct Part {
  std::size_t slot = 0;
  bool negative = false;
};

/// A number as fields added and subtracted, and a constant.
struct Sum {
  std::vector<Part> parts;
  Wide constant = 0;
};
/// Nothing when the number is more than that.
[[nodiscard]] std::optional<Sum> sum_of(const Number& number);

/// The range moved by -offset; ends that are those of Wide stand for none and stay.
[[nodiscard]] Bounds<Wide> moved(const Bounds<Wide>& range, Wide offset);

}  // namespace nfql::relate
