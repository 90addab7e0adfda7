#include "nfql-group/bind_tests.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/base/error.h"
#include "common/expr/arithmetic.h"
#include "common/expr/bind.h"
#include "common/expr/constants.h"

namespace nfql::relate {
namespace {

bool is_equality(Op op) {
  return op == Op::eq || op == Op::ne;
}

bool is_constant(const BoundOperand& operand) {
  const auto* address = operand.as<AddressSide>();
  return operand.is_constant_number() || operand.as<Prefix>() != nullptr ||
         operand.as<FlagTest>() != nullptr || operand.as<ListSide>() != nullptr ||
         (address != nullptr && !address->slot);
}

// Where `number op value`, for `!=` where it is not.
template <class Lane>
Bounds<Lane> range_beside(Op op, Lane value) {
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

// Where `difference op 0` with a tolerance; of an ordering, where the gap is.
template <class Lane>
Bounds<Lane> range_within(Op op, Lane tolerance) {
  if (is_equality(op)) {
    return {-tolerance, tolerance};
  }
  const bool open = op == Op::lt || op == Op::gt;
  return {0, open ? before(tolerance) : tolerance};
}

template <class Lane>
Lane constant_of(const Number& number) {
  if constexpr (std::is_floating_point_v<Lane>) {
    return number.real();
  } else {
    return number.integer();
  }
}

Bounds<Wide> numbers_of(const Bounds<Address>& range) {
  return {number_of(range.low), number_of(range.high)};
}

// A number as fields added and subtracted, and a constant.
struct Sum {
  // Constants beyond leave the sum to the evaluation of the number, whose bounds are checked.
  static constexpr Wide kLargest = Wide{1} << 100;

  std::vector<std::pair<std::size_t, bool>> slots;  // and whether negative
  Wide constant = 0;

  // False when the number is more than that.
  bool add(const Number& number, bool negative) {
    switch (number.kind()) {
      case Number::Kind::constant:
        if (number.integer() > kLargest || number.integer() < -kLargest) {
          return false;
        }
        constant += negative ? -number.integer() : number.integer();
        return true;
      case Number::Kind::field:
        slots.emplace_back(number.slot(), negative);
        return true;
      case Number::Kind::add:
        return add(number.left(), negative) && add(number.right(), negative);
      case Number::Kind::subtract:
        return add(number.left(), negative) && add(number.right(), !negative);
      case Number::Kind::bit_and:
      case Number::Kind::bit_or:
        break;
    }
    return false;
  }
};

// The range moved by -offset; ends that are those of Wide stand for none and stay.
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

}  // namespace

Test TestBinder::comparison(const Comparison& term, Span span, bool negated) {
  const auto left_meaning = meaning_of(scope_, term.left);
  const auto right_meaning = meaning_of(scope_, term.right);
  BoundOperand left = bind_operand(scope_, term.left, right_meaning);
  BoundOperand right = bind_operand(scope_, term.right, left_meaning);
  if (left.as<Number>() != nullptr && right.as<Number>() != nullptr) {
    return numbers(term, left, right, negated);
  }
  Op op = term.op;
  if (is_constant(left)) {
    std::swap(left, right);
    op = mirrored(op);
  }
  const bool outside = (op == Op::ne) != negated;
  const auto* a = left.as<AddressSide>();
  if (a != nullptr && right.as<AddressSide>() != nullptr) {
    no_tolerance(term, left);
    return addresses(*a, negated ? nfql::negated(op) : op, *right.as<AddressSide>());
  }
  if (a != nullptr && a->slot && right.as<Prefix>() != nullptr) {
    equality_only(term, right);
    return address_in(*a->slot, {numbers_of(bounds_of(*right.as<Prefix>()))}, outside);
  }
  if (left.as<Number>() != nullptr && right.as<FlagTest>() != nullptr) {
    equality_only(term, right);
    const auto* flags = right.as<FlagTest>();
    const auto masked =
        Number::combine(Arithmetic::bit_and, *left.as<Number>(), Number::of_integer(flags->mask));
    if (masked) {
      return sum_in(*masked, {{flags->bits, flags->bits}}, outside);
    }
  }
  fail_mixed(span, left, right);
}

Test TestBinder::numbers(const Comparison& term, const BoundOperand& left,
                         const BoundOperand& right, bool negated) {
  check_comparable(scope_, left, right);
  check_fits(left, right);
  check_fits(right, left);
  const bool outside = (term.op == Op::ne) != negated;
  if (term.tolerance == nullptr) {
    const Number number = difference(left, right);
    return number.is_real() ? number_in<long double>(number, {range_beside(term.op, 0.0L)}, outside)
                            : sum_in(number, {range_beside(term.op, Wide{0})}, outside);
  }
  const bool right_is_time = !right.is_constant_number() && is_temporal(right.meaning);
  const BoundOperand& compared = right_is_time ? right : left;
  const Number amount =
      bind_tolerance(scope_, *term.tolerance, compared.meaning, scope_.quoted(compared.span));
  const bool up = term.op == Op::lt || term.op == Op::le;
  const Number number = up ? difference(right, left) : difference(left, right);
  if (number.is_real() || amount.is_real()) {
    const auto tolerance = constant_of<long double>(amount);
    return number_in<long double>(number, {range_within(term.op, tolerance)}, outside);
  }
  return sum_in(number, {range_within(term.op, constant_of<Wide>(amount))}, outside);
}

Test TestBinder::membership(const Membership& term, Span span, bool negated) {
  const BoundOperand left = bind_operand(scope_, term.left, std::nullopt);
  const auto* address = left.as<AddressSide>();
  const bool outside = term.negated != negated;
  if (address != nullptr && address->slot) {
    const auto ranges = read_ranges(
        scope_, term.right, {Meaning::address, Type::address, true, scope_.quoted(left.span)});
    std::vector<Bounds<Wide>> numbers;
    for (const auto& range : std::get<std::vector<Bounds<Address>>>(ranges)) {
      numbers.push_back(numbers_of(range));
    }
    return address_in(*address->slot, std::move(numbers), outside);
  }
  const auto* number = left.as<Number>();
  if (number == nullptr) {
    names_.fail_here(span, "a set is not compared between flows");
  }
  const bool real = number->is_real();
  const auto ranges =
      read_ranges(scope_, term.right,
                  {left.meaning, real ? Type::f64 : Type::i64, false, scope_.quoted(left.span)});
  if (!real) {
    return sum_in(*number, std::get<std::vector<Bounds<Wide>>>(ranges), outside);
  }
  std::vector<Bounds<long double>> wide;
  for (const auto& range : std::get<std::vector<Bounds<double>>>(ranges)) {
    wide.push_back({range.low, range.high});
  }
  return number_in(*number, std::move(wide), outside);
}

Test TestBinder::addresses(const AddressSide& left, Op op, const AddressSide& right) {
  if (right.slot) {
    return OrderTest{ref(*left.slot), op, ref(*right.slot)};
  }
  return address_in(*left.slot, {range_beside(op, number_of(right.constant))}, op == Op::ne);
}

Number TestBinder::difference(const BoundOperand& left, const BoundOperand& right) const {
  const auto number =
      Number::combine(Arithmetic::subtract, *left.as<Number>(), *right.as<Number>());
  if (!number) {
    scope_.fail({left.span.begin, right.span.end}, "the numbers are too large");
  }
  return *number;
}

Test TestBinder::sum_in(const Number& number, std::vector<Bounds<Wide>> ranges, bool outside) {
  Sum sum;
  if (!sum.add(number, false)) {
    return number_in(number, std::move(ranges), outside);
  }
  SumTest test{{}, {}, outside};
  for (const auto& [slot, negative] : sum.slots) {
    test.addends.push_back({ref(slot), negative});
  }
  for (const Bounds<Wide>& range : ranges) {
    test.ranges.push_back(moved(range, sum.constant));
  }
  return test;
}

template <class Lane>
Test TestBinder::number_in(const Number& number, std::vector<Bounds<Lane>> ranges, bool outside) {
  std::vector<std::size_t> slots;
  number.collect_slots(slots);
  NumberTest<Lane> test{number, {}, std::move(ranges), outside};
  for (const std::size_t slot : slots) {
    test.refs.resize(std::max(test.refs.size(), slot + 1), ref(slot));
    test.refs[slot] = ref(slot);
  }
  return test;
}

Test TestBinder::address_in(std::size_t slot, std::vector<Bounds<Wide>> ranges, bool outside) {
  return SumTest{{{ref(slot), false}}, std::move(ranges), outside};
}

// The slot's field has the name that RelatedNames gave it: that of its source, a dot, its own.
Ref TestBinder::ref(std::size_t slot) const {
  const Slot& bound = scope_.slot(slot);
  const std::string& name = bound.reader.field().name;
  const std::size_t dot = name.find('.');
  const auto of = source_named(std::string_view(name).substr(0, dot));
  const auto reader = FieldReader::find(names_.flows(), std::string_view(name).substr(dot + 1));
  return readings_.add(*of, FlowValue(*reader, bound.network));
}

// As a predicate has it: a constant outside the type of the field that it is compared with is no
// question but a mistake.
void TestBinder::check_fits(const BoundOperand& left, const BoundOperand& right) const {
  const Number& field = *left.as<Number>();
  const Number& constant = *right.as<Number>();
  if (field.kind() != Number::Kind::field || field.is_real() || !constant.is_constant() ||
      constant.is_real()) {
    return;
  }
  const std::string why =
      misfit(constant.integer(), {left.meaning, field.type(), true, scope_.quoted(left.span)});
  if (!why.empty()) {
    scope_.fail(right.span, why);
  }
}

void TestBinder::no_tolerance(const Comparison& term, const BoundOperand& of) const {
  if (term.tolerance != nullptr) {
    scope_.fail(term.tolerance->span, fmt::format("a delta is for numbers and times, {} is {}",
                                                  scope_.quoted(of.span), describe(of)));
  }
}

void TestBinder::equality_only(const Comparison& term, const BoundOperand& of) const {
  no_tolerance(term, of);
  if (!is_equality(term.op)) {
    scope_.fail(of.span, fmt::format("{} is {}, which has no order: use = or !=",
                                     scope_.quoted(of.span), describe(of)));
  }
}

void TestBinder::fail_mixed(Span span, const BoundOperand& left, const BoundOperand& right) const {
  scope_.fail(span, fmt::format("{} is {}, {} is {}", scope_.quoted(left.span), describe(left),
                                scope_.quoted(right.span), describe(right)));
}

}  // namespace nfql::relate
