#include "common/expr/arithmetic.h"

#include <string>
#include <utility>

#include "common/base/error.h"

namespace nfql {
namespace {

bool is_bits(Arithmetic op) {
  return op == Arithmetic::bit_and || op == Arithmetic::bit_or;
}

// A literal with a unit, or computed from such.
bool has_unit(const BoundOperand& operand) {
  return operand.is_constant_number() && operand.meaning == Meaning::duration;
}

// Throws when `literal` has a unit and `other` is a field that measures no time.
void check_unit(const Scope& scope, const BoundOperand& literal, const BoundOperand& other) {
  if (has_unit(literal) && !is_temporal(other.meaning) && !other.is_constant_number()) {
    scope.fail(literal.span,
               fmt::format("a unit of time at {}, but {} is {}", scope.quoted(literal.span),
                           scope.quoted(other.span), describe(other)));
  }
}

void check_number(const Scope& scope, const BoundOperand& operand) {
  if (operand.as<Number>() == nullptr) {
    scope.fail(
        operand.span,
        fmt::format("arithmetic takes numbers, {} is {}", scope.quoted(operand.span),
                    describe(operand)),
        operand.as<AddressSide>() != nullptr ? "prefix(ADDRESS, LENGTH) gives a network" : "");
  }
}

void check_operator(const Scope& scope, Span span, Arithmetic op, const BoundOperand& left,
                    const BoundOperand& right) {
  const bool left_time = left.meaning == Meaning::time;
  const bool right_time = right.meaning == Meaning::time;
  if (is_bits(op) && (is_temporal(left.meaning) || is_temporal(right.meaning))) {
    scope.fail(span, "'&' and '|' take numbers, not times or durations");
  }
  if (op == Arithmetic::add && left_time && right_time) {
    scope.fail(span, "two times cannot be added", "the difference of two times is a duration");
  }
  if (op == Arithmetic::subtract && right_time && !left_time) {
    scope.fail(span, fmt::format("a time cannot be subtracted from {}", describe(left)));
  }
}

}  // namespace

std::optional<Meaning> combined_meaning(Arithmetic op, std::optional<Meaning> left,
                                        std::optional<Meaning> right) {
  const bool left_time = left == Meaning::time;
  const bool right_time = right == Meaning::time;
  if (op == Arithmetic::subtract && left_time && right_time) {
    return Meaning::duration;
  }
  if (left_time || right_time) {
    return Meaning::time;
  }
  if (left == Meaning::duration || right == Meaning::duration) {
    return Meaning::duration;
  }
  return left && left != Meaning::number ? left : right ? right : left;
}

BoundOperand combine(const Scope& scope, Span span, Arithmetic op, const BoundOperand& left,
                     const BoundOperand& right) {
  check_number(scope, left);
  check_number(scope, right);
  check_unit(scope, left, right);
  check_unit(scope, right, left);
  check_operator(scope, span, op, left, right);
  auto number = Number::combine(op, *left.as<Number>(), *right.as<Number>());
  if (!number) {
    scope.fail(span, is_bits(op) ? "'&' and '|' take whole numbers" : "the numbers are too large");
  }
  const auto meaning = combined_meaning(op, left.meaning, right.meaning);
  return {span, meaning.value_or(Meaning::number), *std::move(number)};
}

void check_comparable(const Scope& scope, const BoundOperand& left, const BoundOperand& right) {
  check_unit(scope, left, right);
  check_unit(scope, right, left);
  const bool plain_literal = (left.is_constant_number() && !is_temporal(left.meaning)) ||
                             (right.is_constant_number() && !is_temporal(right.meaning));
  const bool unit_literal = has_unit(left) || has_unit(right);
  const bool one_time = (left.meaning == Meaning::time) != (right.meaning == Meaning::time);
  if (one_time && !plain_literal && !unit_literal) {
    scope.fail({left.span.begin, right.span.end},
               fmt::format("{} is {}, {} is {}", scope.quoted(left.span), describe(left),
                           scope.quoted(right.span), describe(right)));
  }
}

}  // namespace nfql
