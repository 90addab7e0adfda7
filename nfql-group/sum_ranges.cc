#include "nfql-group/sum_ranges.h"

#include <utility>

namespace nfql::relate {
namespace {

// Constants beyond leave the sum to the evaluation of the number, whose bounds are checked.
constexpr Wide kLargest = Wide{1} << 100;

// False when the number is more than a sum.
bool add(const Number& number, bool negative, Sum& sum) {
  switch (number.kind()) {
    case Number::Kind::constant:
      if (number.integer() > kLargest || number.integer() < -kLargest) {
        return false;
      }
      sum.constant += negative ? -number.integer() : number.integer();
      return true;
    case Number::Kind::field:
      sum.parts.push_back({number.slot(), negative});
      return true;
    case Number::Kind::add:
      return add(number.left(), negative, sum) && add(number.right(), negative, sum);
    case Number::Kind::subtract:
      return add(number.left(), negative, sum) && add(number.right(), !negative, sum);
    case Number::Kind::bit_and:
    case Number::Kind::bit_or:
      break;
  }
  return false;
}

}  // namespace

std::optional<Sum> sum_of(const Number& number) {
  Sum sum;
  return add(number, false, sum) ? std::optional(std::move(sum)) : std::nullopt;
}

Bounds<Wide> moved(const Bounds<Wide>& range, Wide offset) {
  const Bounds<Wide> all = limits_of<Wide>();
  Bounds<Wide> result = range;
  if (range.low != all.low && __builtin_sub_overflow(range.low, offset, &result.low)) {
    result.low = offset > 0 ? all.low : all.high;
  }
  if (range.high != all.high && __builtin_sub_overflow(range.high, offset, &result.high)) {
    result.high = offset > 0 ? all.low : all.high;
  }
  return result;
}

}  // namespace nfql::relate
