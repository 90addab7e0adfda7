#include <algorithm>
#include <string>
#include <utility>

#include "common/base/error.h"
#include "common/expr/arithmetic.h"
#include "common/expr/bind.h"
#include "common/expr/constants.h"
#include "common/expr/kernels_sets.h"
#include "common/expr/kernels_wide.h"

namespace nfql {
namespace {

bool is_equality(Op op) {
  return op == Op::eq || op == Op::ne;
}

// A comparison as the one range in which it is true; `!=` is outside of it.
template <class T>
Bounds<T> range_of(Op op, const T& least, const T& greatest) {
  // eq, ne: [least, greatest]; the orderings use the end that their tolerance moves away from.
  const Bounds<T> all = limits_of<T>();
  switch (op) {
    case Op::eq:
    case Op::ne:
      return {least, greatest};
    case Op::lt:
      return {all.low, before(greatest)};
    case Op::le:
      return {all.low, greatest};
    case Op::gt:
      return {after(least), all.high};
    case Op::ge:
      return {least, all.high};
  }
  return all;
}

template <class T>
bool compare(const T& a, Op op, const T& b) {
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

template <class T>
bool is_in(const T& value, const Bounds<T>& range, Where where) {
  return (range.low <= value && value <= range.high) == (where == Where::inside);
}

ConditionPtr fixed(bool value, Sense sense) {
  return constant_condition(value == (sense == Sense::as_written));
}

// One comparison of two bound sides.
class ComparisonBinder {
 public:
  ComparisonBinder(Scope& scope, const Comparison& comparison, Sense sense)
      : scope_(scope), comparison_(comparison), op_(comparison.op), sense_(sense) {
    const auto left_meaning = meaning_of(scope, comparison.left);
    const auto right_meaning = meaning_of(scope, comparison.right);
    left_ = bind_operand(scope, comparison.left, right_meaning);
    right_ = bind_operand(scope, comparison.right, left_meaning);
    if (rank(left_) > rank(right_)) {
      std::swap(left_, right_);
      op_ = mirrored(op_);
    }
  }

  ConditionPtr bind() {
    if (left_.as<SetSide>() != nullptr) {
      return sets();
    }
    if (left_.as<AddressSide>() != nullptr && right_.as<AddressSide>() != nullptr) {
      return addresses(*left_.as<AddressSide>(), *right_.as<AddressSide>());
    }
    if (left_.as<AddressSide>() != nullptr && right_.as<Prefix>() != nullptr) {
      return prefix(*left_.as<AddressSide>(), *right_.as<Prefix>());
    }
    if (left_.as<Number>() != nullptr && right_.as<FlagTest>() != nullptr) {
      return flags(*left_.as<Number>(), *right_.as<FlagTest>());
    }
    if (left_.as<Number>() != nullptr && right_.as<Number>() != nullptr) {
      check_comparable(scope_, left_, right_);
      return numbers(*left_.as<Number>(), *right_.as<Number>());
    }
    fail_mixed();
  }

 private:
  // The side of the lower rank is made the left one: fields, then constants, then what stands for
  // many values.
  static int rank(const BoundOperand& operand) {
    const AddressSide* address = operand.as<AddressSide>();
    if (operand.is_constant_number() || (address != nullptr && !address->slot)) {
      return 1;
    }
    const bool many = operand.as<Prefix>() != nullptr || operand.as<FlagTest>() != nullptr ||
                      operand.as<ListSide>() != nullptr;
    return many ? 2 : 0;
  }
  [[nodiscard]] Span span() const {
    return {comparison_.left.span.begin, comparison_.right.span.end};
  }
  [[noreturn]] void fail_mixed() const;
  void no_tolerance(const BoundOperand& of) const;
  void equality_only(const BoundOperand& of) const;

  ConditionPtr sets();
  ConditionPtr addresses(const AddressSide& left, const AddressSide& right);
  ConditionPtr prefix(const AddressSide& left, const Prefix& right);
  ConditionPtr flags(const Number& left, const FlagTest& right);
  ConditionPtr numbers(const Number& left, const Number& right);
  ConditionPtr within_tolerance(const Number& left, const Number& right, const Number& delta);
  ConditionPtr column_and_constant(const Number& column, const Number& constant, Wide delta);
  ConditionPtr real_column_and_constant(const Number& column, const Number& constant);
  ConditionPtr masked_column(const Number& left, const Number& right);
  void check_fits(const Number& column, const Number& constant) const;
  [[nodiscard]] Op effective_op() const { return sense_ == Sense::negated ? negated(op_) : op_; }

  Scope& scope_;
  const Comparison& comparison_;
  Op op_;
  Sense sense_;
  BoundOperand left_;
  BoundOperand right_;
};

void ComparisonBinder::fail_mixed() const {
  const auto is_set = [](const BoundOperand& operand) {
    return operand.as<ListSide>() != nullptr || operand.as<SetSide>() != nullptr;
  };
  scope_.fail(span(),
              fmt::format("{} is {}, {} is {}", scope_.quoted(left_.span), describe(left_),
                          scope_.quoted(right_.span), describe(right_)),
              is_set(left_) != is_set(right_) ? "a value is looked up in a set with 'in'" : "");
}

void ComparisonBinder::no_tolerance(const BoundOperand& of) const {
  if (comparison_.tolerance != nullptr) {
    scope_.fail(comparison_.tolerance->span,
                fmt::format("a delta is for numbers and times, {} is {}", scope_.quoted(of.span),
                            describe(of)));
  }
}

void ComparisonBinder::equality_only(const BoundOperand& of) const {
  no_tolerance(of);
  if (!is_equality(op_)) {
    scope_.fail(span(), fmt::format("{} is {}, which has no order: use = or !=",
                                    scope_.quoted(of.span), describe(of)));
  }
}

ConditionPtr ComparisonBinder::sets() {
  const SetSide& left = *left_.as<SetSide>();
  const SetSide* right = right_.as<SetSide>();
  const ListSide* list = right_.as<ListSide>();
  if (right == nullptr && (list == nullptr || std::holds_alternative<Range>(list->list->node))) {
    fail_mixed();
  }
  equality_only(left_);
  if (right == nullptr) {
    const Looked looked{left_.meaning, left.element, true, scope_.quoted(left_.span)};
    return test_set(left.slot, left.element, SetTest::equals,
                    read_ranges(scope_, *list->list, looked), where_of(op_, sense_));
  }
  if (left.element != right->element) {
    scope_.fail(span(), "the two sets have values of different types");
  }
  return test_sets(left.slot, SetTest::equals, right->slot, left.element, where_of(op_, sense_));
}

ConditionPtr ComparisonBinder::addresses(const AddressSide& left, const AddressSide& right) {
  no_tolerance(left_);
  if (!left.slot) {
    return fixed(compare(left.constant, op_, right.constant), sense_);
  }
  if (right.slot) {
    return compare_columns(*left.slot, effective_op(), *right.slot, Type::address);
  }
  const Bounds<Address> all = limits_of<Address>();
  const bool none =
      (op_ == Op::lt && right.constant == all.low) || (op_ == Op::gt && right.constant == all.high);
  if (none) {
    return sense_ == Sense::negated ? known_condition(*left.slot) : constant_condition(false);
  }
  return within(*left.slot, range_of(op_, right.constant, right.constant), where_of(op_, sense_));
}

ConditionPtr ComparisonBinder::prefix(const AddressSide& left, const Prefix& right) {
  equality_only(right_);
  if (!left.slot) {
    return fixed(right.contains(left.constant) == (op_ == Op::eq), sense_);
  }
  return within(*left.slot, bounds_of(right), where_of(op_, sense_));
}

ConditionPtr ComparisonBinder::flags(const Number& left, const FlagTest& right) {
  equality_only(right_);
  const auto masked_left =
      Number::combine(Arithmetic::bit_and, left, Number::of_integer(right.mask));
  if (!masked_left) {
    fail_mixed();
  }
  return numbers(*masked_left, Number::of_integer(right.bits));
}

ConditionPtr ComparisonBinder::numbers(const Number& left, const Number& right) {
  if (left.kind() == Number::Kind::field && right.is_constant()) {
    check_fits(left, right);
  }
  if (comparison_.tolerance != nullptr) {
    const bool right_is_time = !right_.is_constant_number() && is_temporal(right_.meaning);
    const BoundOperand& compared = right_is_time ? right_ : left_;
    return within_tolerance(left, right,
                            bind_tolerance(scope_, *comparison_.tolerance, compared.meaning,
                                           scope_.quoted(compared.span)));
  }
  if (left.is_constant() && right.is_constant()) {
    const bool real = left.is_real() || right.is_real();
    return fixed(real ? compare(left.real(), op_, right.real())
                      : compare(left.integer(), op_, right.integer()),
                 sense_);
  }
  const bool field = left.kind() == Number::Kind::field;
  if (field && right.is_constant()) {
    if (left.is_real()) {
      return real_column_and_constant(left, right);
    }
    if (!right.is_real()) {
      return column_and_constant(left, right, 0);
    }
  }
  if (field && right.kind() == Number::Kind::field && left.type() == right.type()) {
    return compare_columns(left.slot(), effective_op(), right.slot(), left.type());
  }
  if (ConditionPtr quick = masked_column(left, right)) {
    return quick;
  }
  return compare_numbers(left, effective_op(), right);
}

// |a - b| <= d, a < b + d and so on: a range of a - b.
ConditionPtr ComparisonBinder::within_tolerance(const Number& left, const Number& right,
                                                const Number& delta) {
  const bool real = left.is_real() || right.is_real() || delta.is_real();
  if (left.kind() == Number::Kind::field && right.is_constant() && !real) {
    return column_and_constant(left, right, delta.integer());
  }
  auto difference = Number::combine(Arithmetic::subtract, left, right);
  if (!difference) {
    scope_.fail(span(), "the numbers are too large");
  }
  const Where where = where_of(op_, sense_);
  if (real) {
    const Bounds<long double> range = range_of(op_, -delta.real(), delta.real());
    return difference->is_constant() ? constant_condition(is_in(difference->real(), range, where))
                                     : number_in(*std::move(difference), std::vector{range}, where);
  }
  const Bounds<Wide> range = range_of(op_, -delta.integer(), delta.integer());
  return difference->is_constant() ? constant_condition(is_in(difference->integer(), range, where))
                                   : number_in(*std::move(difference), std::vector{range}, where);
}

ConditionPtr ComparisonBinder::column_and_constant(const Number& column, const Number& constant,
                                                   Wide delta) {
  const Wide value = constant.integer();
  return within(column.slot(), column.type(), range_of(op_, value - delta, value + delta),
                where_of(op_, sense_));
}

ConditionPtr ComparisonBinder::real_column_and_constant(const Number& column,
                                                        const Number& constant) {
  const auto value = static_cast<double>(constant.real());
  if (static_cast<long double>(value) != constant.real()) {
    return compare_numbers(column, effective_op(), constant);
  }
  return within(column.slot(), range_of(op_, value, value), where_of(op_, sense_));
}

// `(flags & S) != 0`: no need to go wide.
ConditionPtr ComparisonBinder::masked_column(const Number& left, const Number& right) {
  if (left.kind() != Number::Kind::bit_and || !is_equality(op_) || !right.is_constant() ||
      right.is_real()) {
    return nullptr;
  }
  const bool field_first = left.left().kind() == Number::Kind::field;
  const Number& field = field_first ? left.left() : left.right();
  const Number& mask = field_first ? left.right() : left.left();
  const Bounds<Wide>& all = field.bounds();
  const bool fits = right.integer() >= all.low && right.integer() <= all.high;
  if (field.kind() != Number::Kind::field || !mask.is_constant() || mask.integer() < 0 ||
      mask.integer() > limits_of<std::int64_t>().high || !fits) {
    return nullptr;
  }
  return masked(field.slot(), field.type(), mask.integer(), right.integer(), where_of(op_, sense_));
}

void ComparisonBinder::check_fits(const Number& column, const Number& constant) const {
  if (column.is_real()) {
    return;
  }
  if (constant.is_real()) {
    // Whole numbers that large are kept as reals, see bind_operand().
    if (constant.real() < -0x1p64L || constant.real() > 0x1p64L) {
      scope_.fail(right_.span, fmt::format("{} does not fit {}", scope_.quoted(right_.span),
                                           scope_.quoted(left_.span)));
    }
    return;
  }
  const Looked looked{left_.meaning, column.type(), true, scope_.quoted(left_.span)};
  const std::string why = misfit(constant.integer(), looked);
  if (!why.empty()) {
    scope_.fail(right_.span, why);
  }
}

}  // namespace

ConditionPtr bind_comparison(Scope& scope, const Comparison& comparison, Sense sense) {
  return ComparisonBinder(scope, comparison, sense).bind();
}

}  // namespace nfql
