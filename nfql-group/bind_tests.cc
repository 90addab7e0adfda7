#include "nfql-group/bind_tests.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/base/error.h"
#include "common/expr/arithmetic.h"
#include "common/expr/bind.h"
#include "common/expr/constants.h"
#include "nfql-group/sum_ranges.h"

namespace nfql::relate {
namespace {

bool is_constant(const BoundOperand& operand) {
  const auto* address = operand.as<AddressSide>();
  return operand.is_constant_number() || operand.as<Prefix>() != nullptr ||
         operand.as<FlagTest>() != nullptr || operand.as<ListSide>() != nullptr ||
         (address != nullptr && !address->slot);
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

}  // namespace

Test TestBinder::comparison(const Comparison& term, Span span, Sense sense) {
  const auto left_meaning = meaning_of(scope_, term.left);
  const auto right_meaning = meaning_of(scope_, term.right);
  BoundOperand left = bind_operand(scope_, term.left, right_meaning);
  BoundOperand right = bind_operand(scope_, term.right, left_meaning);
  if (left.as<Number>() != nullptr && right.as<Number>() != nullptr) {
    return numbers(term, left, right, sense);
  }
  Op op = term.op;
  if (is_constant(left)) {
    std::swap(left, right);
    op = mirrored(op);
  }
  const Where where = where_of(op, sense);
  const auto* a = left.as<AddressSide>();
  if (a != nullptr && right.as<AddressSide>() != nullptr) {
    no_tolerance(term, left);
    return addresses(*a, sense == Sense::negated ? negated(op) : op, *right.as<AddressSide>());
  }
  if (a != nullptr && a->slot && right.as<Prefix>() != nullptr) {
    equality_only(term, right);
    return address_in(*a->slot, {numbers_of(bounds_of(*right.as<Prefix>()))}, where);
  }
  if (left.as<Number>() != nullptr && right.as<FlagTest>() != nullptr) {
    equality_only(term, right);
    const auto* flags = right.as<FlagTest>();
    const auto masked =
        Number::combine(Arithmetic::bit_and, *left.as<Number>(), Number::of_integer(flags->mask));
    if (masked) {
      return sum_in(*masked, {{flags->bits, flags->bits}}, where);
    }
  }
  fail_mixed(span, left, right);
}

Test TestBinder::numbers(const Comparison& term, const BoundOperand& left,
                         const BoundOperand& right, Sense sense) {
  check_comparable(scope_, left, right);
  check_fits(left, right);
  check_fits(right, left);
  const Where where = where_of(term.op, sense);
  if (term.tolerance == nullptr) {
    const Number number = difference(left, right);
    return number.is_real() ? number_in<long double>(number, {range_beside(term.op, 0.0L)}, where)
                            : sum_in(number, {range_beside(term.op, Wide{0})}, where);
  }
  const bool right_is_time = !right.is_constant_number() && is_temporal(right.meaning);
  const BoundOperand& compared = right_is_time ? right : left;
  const Number amount =
      bind_tolerance(scope_, *term.tolerance, compared.meaning, scope_.quoted(compared.span));
  const bool up = term.op == Op::lt || term.op == Op::le;
  const Number number = up ? difference(right, left) : difference(left, right);
  if (number.is_real() || amount.is_real()) {
    const auto tolerance = constant_of<long double>(amount);
    return number_in<long double>(number, {range_within(term.op, tolerance)}, where);
  }
  return sum_in(number, {range_within(term.op, constant_of<Wide>(amount))}, where);
}

Test TestBinder::membership(const Membership& term, Span span, Sense sense) {
  const BoundOperand left = bind_operand(scope_, term.left, std::nullopt);
  const auto* address = left.as<AddressSide>();
  const Where where = term.negated ? opposite(where_of(sense)) : where_of(sense);
  if (address != nullptr && address->slot) {
    const auto ranges = read_ranges(
        scope_, term.right, {Meaning::address, Type::address, true, scope_.quoted(left.span)});
    std::vector<Bounds<Wide>> numbers;
    for (const auto& range : std::get<std::vector<Bounds<Address>>>(ranges)) {
      numbers.push_back(numbers_of(range));
    }
    return address_in(*address->slot, std::move(numbers), where);
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
    return sum_in(*number, std::get<std::vector<Bounds<Wide>>>(ranges), where);
  }
  std::vector<Bounds<long double>> wide;
  for (const auto& range : std::get<std::vector<Bounds<double>>>(ranges)) {
    wide.push_back({range.low, range.high});
  }
  return number_in(*number, std::move(wide), where);
}

Test TestBinder::addresses(const AddressSide& left, Op op, const AddressSide& right) {
  if (right.slot) {
    return OrderTest{ref(*left.slot), op, ref(*right.slot)};
  }
  return address_in(*left.slot, {range_beside(op, number_of(right.constant))},
                    where_of(op, Sense::as_written));
}

Number TestBinder::difference(const BoundOperand& left, const BoundOperand& right) const {
  const auto number =
      Number::combine(Arithmetic::subtract, *left.as<Number>(), *right.as<Number>());
  if (!number) {
    scope_.fail({left.span.begin, right.span.end}, "the numbers are too large");
  }
  return *number;
}

Test TestBinder::sum_in(const Number& number, std::vector<Bounds<Wide>> ranges, Where where) {
  const std::optional<Sum> sum = sum_of(number);
  if (!sum) {
    return number_in(number, std::move(ranges), where);
  }
  SumTest test{{}, {}, where == Where::outside};
  for (const Part& part : sum->parts) {
    test.addends.push_back({ref(part.slot), part.negative});
  }
  for (const Bounds<Wide>& range : ranges) {
    test.ranges.push_back(moved(range, sum->constant));
  }
  return test;
}

template <class Lane>
Test TestBinder::number_in(const Number& number, std::vector<Bounds<Lane>> ranges, Where where) {
  std::vector<std::size_t> slots;
  number.collect_slots(slots);
  NumberTest<Lane> test{number, {}, std::move(ranges), where == Where::outside};
  for (const std::size_t slot : slots) {
    test.refs.resize(std::max(test.refs.size(), slot + 1), ref(slot));
    test.refs[slot] = ref(slot);
  }
  return test;
}

Test TestBinder::address_in(std::size_t slot, std::vector<Bounds<Wide>> ranges, Where where) {
  return SumTest{{{ref(slot), false}}, std::move(ranges), where == Where::outside};
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
