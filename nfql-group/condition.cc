#include "nfql-group/condition.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace nfql::relate {
namespace {

// The sum, or nothing when a part is unknown.
bool sum_of(const SumTest& test, Pair pair, Wide& sum) {
  sum = 0;
  for (const Addend& addend : test.addends) {
    const Value& value = pair[addend.ref];
    if (!value.known) {
      return false;
    }
    sum += addend.negative ? -value.number : value.number;
  }
  return true;
}

template <class Lane>
bool is_in(const std::vector<Bounds<Lane>>& ranges, Lane number) {
  return std::any_of(ranges.begin(), ranges.end(), [number](const Bounds<Lane>& range) {
    return range.low <= number && number <= range.high;
  });
}

template <class Lane>
Lane lane_of(const Number& field, const Value& value) {
  if constexpr (std::is_floating_point_v<Lane>) {
    if (field.is_real()) {
      return std::bit_cast<double>(static_cast<std::int64_t>(value.number));
    }
  }
  return static_cast<Lane>(value.number);
}

template <class Lane>
Lane evaluate(const Number& number, const std::vector<Ref>& refs, Pair pair) {
  const auto part = [&](const Number& which) { return evaluate<Lane>(which, refs, pair); };
  switch (number.kind()) {
    case Number::Kind::constant:
      break;
    case Number::Kind::field:
      return lane_of<Lane>(number, pair[refs[number.slot()]]);
    case Number::Kind::add:
      return part(number.left()) + part(number.right());
    case Number::Kind::subtract:
      return part(number.left()) - part(number.right());
    case Number::Kind::bit_and:
    case Number::Kind::bit_or:
      if constexpr (std::is_floating_point_v<Lane>) {
        // Reals have no bits: below here all is whole.
        return static_cast<Lane>(evaluate<Wide>(number, refs, pair));
      } else if (number.kind() == Number::Kind::bit_and) {
        return part(number.left()) & part(number.right());
      } else {
        return part(number.left()) | part(number.right());
      }
  }
  if constexpr (std::is_floating_point_v<Lane>) {
    return number.real();
  } else {
    return number.integer();
  }
}

struct Holds {
  Pair pair;

  bool operator()(const SumTest& test) const {
    Wide sum = 0;
    return sum_of(test, pair, sum) && is_in(test.ranges, sum) != test.outside;
  }
  template <class Lane>
  bool operator()(const NumberTest<Lane>& test) const {
    for (const Ref ref : test.refs) {
      if (!pair[ref].known) {
        return false;
      }
    }
    const Lane number = evaluate<Lane>(test.number, test.refs, pair);
    if constexpr (std::is_floating_point_v<Lane>) {
      if (std::isnan(number)) {
        return false;
      }
    }
    return is_in(test.ranges, number) != test.outside;
  }
  bool operator()(const OrderTest& test) const {
    const Value& left = pair[test.left];
    const Value& right = pair[test.right];
    return left.known && right.known && compare(left.number, test.op, right.number);
  }

  static bool compare(Wide a, Op op, Wide b) {
    switch (op) {
      case Op::eq:
        return a == b;
      case Op::ne:
        return a != b;
      case Op::lt:
        return a < b;
      case Op::le:
        return a <= b;
      case Op::gt:
        return a > b;
      case Op::ge:
        return a >= b;
    }
    return false;
  }
};

}  // namespace

bool holds(const Condition& condition, Pair pair) {
  const auto part_holds = [pair](const Condition& part) { return holds(part, pair); };
  const auto& parts = condition.parts;
  switch (condition.kind) {
    case Condition::Kind::test:
      break;
    case Condition::Kind::all:
      return std::all_of(parts.begin(), parts.end(), part_holds);
    case Condition::Kind::any:
      return std::any_of(parts.begin(), parts.end(), part_holds);
  }
  if (const auto* sum = std::get_if<SumTest>(&condition.test)) {  // by far the most
    return Holds{pair}(*sum);
  }
  return std::visit(Holds{pair}, condition.test);
}

bool is_past(const Condition& condition, Pair pair) {
  if (condition.later == Condition::Later::perhaps) {
    return false;
  }
  if (condition.later == Condition::Later::never) {
    return !holds(condition, pair);
  }
  const auto& test = std::get<SumTest>(condition.test);
  Wide sum = 0;
  if (!sum_of(test, pair, sum)) {
    // A later flow may well have a start; what the group has not, it will not get.
    return std::any_of(test.addends.begin(), test.addends.end(), [pair](const Addend& addend) {
      return addend.ref.held && !pair[addend.ref].known;
    });
  }
  return condition.later == Condition::Later::not_when_above ? sum > test.ranges.back().high
                                                             : sum < test.ranges.front().low;
}

}  // namespace nfql::relate
