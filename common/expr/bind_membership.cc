#include <string>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/expr/bind.h"
#include "common/expr/constants.h"
#include "common/expr/kernels_set.h"
#include "common/expr/kernels_sets.h"
#include "common/expr/kernels_wide.h"

namespace nfql {
namespace {

// The two sides of `in` or `intersects`.
class SetBinder {
 public:
  SetBinder(Scope& scope, const Operand& left, const Operand& right, Where where)
      : scope_(scope), where_(where) {
    const auto left_meaning = meaning_of(scope, left);
    const auto right_meaning = meaning_of(scope, right);
    left_ = bind_operand(scope, left, right_meaning);
    right_ = bind_operand(scope, right, left_meaning);
  }

  ConditionPtr membership();
  ConditionPtr intersection();

 private:
  static const Operand* constants_of(const BoundOperand& operand, const Operand& written);
  [[nodiscard]] bool right_is_list() const {
    return right_.as<ListSide>() != nullptr || right_.as<Prefix>() != nullptr;
  }
  [[noreturn]] void fail_mixed() const {
    scope_.fail({left_.span.begin, right_.span.end},
                fmt::format("{} is {}, {} is {}", scope_.quoted(left_.span), describe(left_),
                            scope_.quoted(right_.span), describe(right_)));
  }
  [[nodiscard]] ConstantRanges ranges(const BoundOperand& list, const BoundOperand& of, Type type,
                                      bool bounded) const;
  ConditionPtr with_constants(const BoundOperand& set, SetTest test, const BoundOperand& list) {
    const Type element = set.as<SetSide>()->element;
    return test_set(set.as<SetSide>()->slot, element, test, ranges(list, set, element, true),
                    where_);
  }
  ConditionPtr two_sets(SetTest test);
  ConditionPtr number_in_list(const Number& number);
  ConditionPtr address_in_list(const AddressSide& address);
  ConditionPtr number_in_column(const Number& number, const SetSide& set);
  ConditionPtr address_in_column(const AddressSide& address, const SetSide& set);

  Scope& scope_;
  Where where_;
  BoundOperand left_;
  BoundOperand right_;
};

ConstantRanges SetBinder::ranges(const BoundOperand& list, const BoundOperand& of, Type type,
                                 bool bounded) const {
  if (const Prefix* prefix = list.as<Prefix>()) {
    if (type != Type::address) {
      fail_mixed();
    }
    return std::vector{bounds_of(*prefix)};
  }
  const Looked looked{of.meaning, type, bounded, scope_.quoted(of.span)};
  return read_ranges(scope_, *list.as<ListSide>()->list, looked);
}

ConditionPtr SetBinder::two_sets(SetTest test) {
  const SetSide& left = *left_.as<SetSide>();
  const SetSide& right = *right_.as<SetSide>();
  if (left.element != right.element) {
    scope_.fail({left_.span.begin, right_.span.end}, "the two sets have values of different types");
  }
  return test_sets(left.slot, test, right.slot, left.element, where_);
}

template <class T>
ConditionPtr fixed_in(const T& value, const std::vector<Bounds<T>>& ranges, Where where) {
  return constant_condition(RangeTable<T>(ranges).contains(value) == (where == Where::inside));
}

std::vector<Bounds<long double>> widened(const std::vector<Bounds<double>>& ranges) {
  std::vector<Bounds<long double>> result;
  for (const Bounds<double>& range : ranges) {
    result.push_back({static_cast<long double>(range.low), static_cast<long double>(range.high)});
  }
  return result;
}

ConditionPtr SetBinder::number_in_list(const Number& number) {
  const bool field = number.kind() == Number::Kind::field;
  const Type type = number.is_real() ? Type::f64 : field ? number.type() : Type::i64;
  const ConstantRanges list = ranges(right_, left_, type, field);
  if (field) {
    return in_ranges(number.slot(), type, list, where_);
  }
  if (number.is_real()) {
    const auto reals = widened(std::get<std::vector<Bounds<double>>>(list));
    return number.is_constant() ? fixed_in(number.real(), reals, where_)
                                : number_in(number, reals, where_);
  }
  const auto& whole = std::get<std::vector<Bounds<Wide>>>(list);
  return number.is_constant() ? fixed_in(number.integer(), whole, where_)
                              : number_in(number, whole, where_);
}

ConditionPtr SetBinder::address_in_list(const AddressSide& address) {
  const ConstantRanges list = ranges(right_, left_, Type::address, false);
  return address.slot
             ? in_ranges(*address.slot, Type::address, list, where_)
             : fixed_in(address.constant, std::get<std::vector<Bounds<Address>>>(list), where_);
}

ConditionPtr SetBinder::number_in_column(const Number& number, const SetSide& set) {
  if (set.element == Type::address) {
    fail_mixed();
  }
  if (number.is_constant() && !number.is_real() && set.element != Type::f64) {
    const Looked looked{right_.meaning, set.element, true, scope_.quoted(right_.span)};
    const std::string why = misfit(number.integer(), looked);
    if (!why.empty()) {
      scope_.fail(left_.span, why);
    }
  }
  return number_in_set(number, set.slot, set.element, where_);
}

ConditionPtr SetBinder::address_in_column(const AddressSide& address, const SetSide& set) {
  if (set.element != Type::address) {
    fail_mixed();
  }
  if (address.slot) {
    return address_in_set(*address.slot, set.slot, where_);
  }
  const std::vector<Bounds<Address>> one = {{address.constant, address.constant}};
  return test_set(set.slot, Type::address, SetTest::superset, one, where_);
}

ConditionPtr SetBinder::membership() {
  const SetSide* set = right_.as<SetSide>();
  if (set == nullptr && !right_is_list()) {
    scope_.fail(
        right_.span,
        fmt::format("{} is {}, not a set of values", scope_.quoted(right_.span), describe(right_)),
        "'in' takes {…}, low..high, a prefix, @file or a column of sets");
  }
  if (const Number* number = left_.as<Number>()) {
    return set != nullptr ? number_in_column(*number, *set) : number_in_list(*number);
  }
  if (const AddressSide* address = left_.as<AddressSide>()) {
    return set != nullptr ? address_in_column(*address, *set) : address_in_list(*address);
  }
  if (left_.as<SetSide>() != nullptr) {
    return set != nullptr ? two_sets(SetTest::subset)
                          : with_constants(left_, SetTest::subset, right_);
  }
  const bool left_is_list = left_.as<ListSide>() != nullptr || left_.as<Prefix>() != nullptr;
  if (set == nullptr || !left_is_list) {
    fail_mixed();
  }
  return with_constants(right_, SetTest::superset, left_);
}

ConditionPtr SetBinder::intersection() {
  const bool left_set = left_.as<SetSide>() != nullptr;
  const bool right_set = right_.as<SetSide>() != nullptr;
  const auto is_list = [](const BoundOperand& operand) {
    return operand.as<ListSide>() != nullptr || operand.as<Prefix>() != nullptr;
  };
  if (left_set && right_set) {
    return two_sets(SetTest::intersects);
  }
  if (left_set && is_list(right_)) {
    return with_constants(left_, SetTest::intersects, right_);
  }
  if (right_set && is_list(left_)) {
    return with_constants(right_, SetTest::intersects, left_);
  }
  const BoundOperand& culprit = left_set || is_list(left_) ? right_ : left_;
  scope_.fail(culprit.span,
              fmt::format("'intersects' takes sets, {} is {}", scope_.quoted(culprit.span),
                          is_list(culprit) ? "a constant" : describe(culprit)));
}

}  // namespace

ConditionPtr bind_membership(Scope& scope, const Membership& membership, Sense sense) {
  const Where where = where_of(sense);
  return SetBinder(scope, membership.left, membership.right,
                   membership.negated ? opposite(where) : where)
      .membership();
}

ConditionPtr bind_intersection(Scope& scope, const Intersection& intersection, Sense sense) {
  return SetBinder(scope, intersection.left, intersection.right, where_of(sense)).intersection();
}

}  // namespace nfql
