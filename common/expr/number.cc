#include "common/expr/number.h"

#include <algorithm>
#include <utility>

namespace nfql {
namespace {

std::optional<Wide> sum(Wide a, Wide b) {
  Wide result = 0;
  return __builtin_add_overflow(a, b, &result) ? std::nullopt : std::optional<Wide>(result);
}

std::optional<Wide> difference(Wide a, Wide b) {
  Wide result = 0;
  return __builtin_sub_overflow(a, b, &result) ? std::nullopt : std::optional<Wide>(result);
}

// The least 2^k - 1 that is at least `value`, which is not negative.
Wide all_ones_from(Wide value) {
  Wide ones = 0;
  while (ones < value) {
    ones = ones + ones + 1;
  }
  return ones;
}

// What `a & b` and `a | b` can be: no more bits than the operands have, below 0 if one of them is.
Bounds<Wide> bit_bounds(Arithmetic op, const Bounds<Wide>& a, const Bounds<Wide>& b) {
  const bool signed_a = a.low < 0;
  const bool signed_b = b.low < 0;
  if (op == Arithmetic::bit_and && !signed_a && !signed_b) {
    return {0, std::min(a.high, b.high)};
  }
  if (op == Arithmetic::bit_and && signed_a != signed_b) {
    return {0, signed_a ? b.high : a.high};
  }
  const Wide ones = all_ones_from(std::max({a.high, b.high, -1 - a.low, -1 - b.low, Wide{0}}));
  return {signed_a || signed_b ? -1 - ones : 0, ones};
}

std::optional<Bounds<Wide>> bounds_of(Arithmetic op, const Bounds<Wide>& a, const Bounds<Wide>& b) {
  if (op == Arithmetic::bit_and || op == Arithmetic::bit_or) {
    return bit_bounds(op, a, b);
  }
  const bool add = op == Arithmetic::add;
  const auto low = add ? sum(a.low, b.low) : difference(a.low, b.high);
  const auto high = add ? sum(a.high, b.high) : difference(a.high, b.low);
  if (!low || !high) {
    return std::nullopt;
  }
  return Bounds<Wide>{*low, *high};
}

Wide fold(Arithmetic op, Wide a, Wide b) {
  switch (op) {
    case Arithmetic::add:
      return a + b;
    case Arithmetic::subtract:
      return a - b;
    case Arithmetic::bit_and:
      return a & b;
    case Arithmetic::bit_or:
      return a | b;
  }
  return 0;
}

Number::Kind kind_of(Arithmetic op) {
  switch (op) {
    case Arithmetic::add:
      return Number::Kind::add;
    case Arithmetic::subtract:
      return Number::Kind::subtract;
    case Arithmetic::bit_and:
      return Number::Kind::bit_and;
    case Arithmetic::bit_or:
      return Number::Kind::bit_or;
  }
  return Number::Kind::add;
}

}  // namespace

Number Number::of_integer(Wide value) {
  Number number;
  number.bounds_ = {value, value};
  number.inner_ = number.bounds_;
  return number;
}

Number Number::of_real(double value) {
  Number number;
  number.type_ = Type::f64;
  number.is_real_ = true;
  number.real_ = value;
  return number;
}

Number Number::of_field(std::size_t slot, Type type) {
  Number number;
  number.kind_ = Kind::field;
  number.type_ = type;
  number.is_real_ = type == Type::f64;
  number.slot_ = slot;
  visit_values(type, width_of(type), [&number]<class T>(std::type_identity<T>) {
    if constexpr (std::is_integral_v<T>) {
      number.bounds_ = {limits_of<T>().low, limits_of<T>().high};
    }
  });
  number.inner_ = number.bounds_;
  return number;
}

std::optional<Number> Number::combine(Arithmetic op, Number left, Number right) {
  const bool bits = op == Arithmetic::bit_and || op == Arithmetic::bit_or;
  const bool real = left.is_real_ || right.is_real_;
  if (real && bits) {
    return std::nullopt;
  }
  const auto bounds = bounds_of(op, left.bounds_, right.bounds_);
  if (!bounds) {
    return std::nullopt;
  }
  Number number;
  number.is_real_ = real;
  number.type_ = real ? Type::f64 : Type::i64;
  if (left.is_constant() && right.is_constant()) {
    if (real) {
      number.real_ =
          op == Arithmetic::add ? left.real() + right.real() : left.real() - right.real();
      return number;
    }
    return of_integer(fold(op, left.integer(), right.integer()));
  }
  number.kind_ = kind_of(op);
  number.bounds_ = *bounds;
  number.inner_ = {std::min({bounds->low, left.inner_.low, right.inner_.low}),
                   std::max({bounds->high, left.inner_.high, right.inner_.high})};
  number.depth_ = std::max(left.depth_, right.depth_) + 1;
  number.parts_.push_back(std::move(left));
  number.parts_.push_back(std::move(right));
  return number;
}

void Number::collect_slots(std::vector<std::size_t>& slots) const {
  if (kind_ == Kind::field && std::find(slots.begin(), slots.end(), slot_) == slots.end()) {
    slots.push_back(slot_);
  }
  for (const Number& part : parts_) {
    part.collect_slots(slots);
  }
}

}  // namespace nfql
