#include "common/expr/bind.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/expr/allen.h"
#include "common/expr/operand.h"

namespace nfql {
namespace {

class Walker {
 public:
  Walker(Scope& scope, Span span, Sense sense) : scope_(scope), span_(span), sense_(sense) {}

  ConditionPtr operator()(const Comparison& term) const {
    return bind_comparison(scope_, term, sense_);
  }
  ConditionPtr operator()(const Membership& term) const {
    return bind_membership(scope_, term, sense_);
  }
  ConditionPtr operator()(const Intersection& term) const {
    return bind_intersection(scope_, term, sense_);
  }
  ConditionPtr operator()(const AllenTerm& term) const {
    return bind_allen(scope_, span_, term, sense_);
  }
  ConditionPtr operator()(const Always&) const {
    return constant_condition(sense_ == Sense::as_written);
  }
  ConditionPtr operator()(const Bare& bare) const {
    scope_.fail(bare.operand.span, scope_.quoted(bare.operand.span) + " is compared with nothing");
  }
  ConditionPtr operator()(const And& all) const {
    return sense_ == Sense::negated ? any_of(parts(all.parts)) : all_of(parts(all.parts));
  }
  ConditionPtr operator()(const Or& any) const {
    return sense_ == Sense::negated ? all_of(parts(any.parts)) : any_of(parts(any.parts));
  }
  ConditionPtr operator()(const Not& negation) const {
    return bind_expression(scope_, *negation.part, opposite(sense_));
  }

 private:
  [[nodiscard]] std::vector<ConditionPtr> parts(const std::vector<Expr>& exprs) const {
    std::vector<ConditionPtr> bound;
    bound.reserve(exprs.size());
    for (const Expr& expr : exprs) {
      bound.push_back(bind_expression(scope_, expr, sense_));
    }
    return bound;
  }

  Scope& scope_;
  Span span_;
  Sense sense_;
};

// The slots of an interval's ends in a joined schema.
struct IntervalSlots {
  std::size_t start;
  std::size_t end;
};

class AllenCondition final : public Condition {
 public:
  AllenCondition(Allen relation, IntervalSlots left, IntervalSlots right,
                 std::optional<std::int64_t> delta, Where where)
      : relation_(relation), left_(left), right_(right), delta_(delta), where_(where) {}
  void narrow(Frame& frame, std::uint8_t* mask) override {
    std::array<const std::int64_t*, 4> ends{};
    const std::array<std::size_t, 4> slots = {left_.start, left_.end, right_.start, right_.end};
    for (std::size_t i = 0; i < slots.size(); ++i) {
      const Column& column = frame.column(slots[i]);
      narrow_to_known(column, mask);
      ends[i] = column.values<std::int64_t>().data();
    }
    for (std::size_t i = 0; i < frame.rows(); ++i) {
      if (mask[i] != 0) {
        const bool is_so =
            holds(relation_, {ends[0][i], ends[1][i]}, {ends[2][i], ends[3][i]}, delta_);
        mask[i] = is_so == (where_ == Where::inside) ? 1 : 0;
      }
    }
  }
  [[nodiscard]] unsigned cost() const override { return 64; }

 private:
  Allen relation_;
  IntervalSlots left_;
  IntervalSlots right_;
  std::optional<std::int64_t> delta_;
  Where where_;
};

std::size_t time_slot(Scope& scope, Span span, const std::string& branch, const char* which) {
  const auto reader = scope.find(Name{branch, which});
  if (!reader) {
    scope.fail(span, fmt::format("there is no branch '{}' with times here", branch));
  }
  if (reader->field().type != Type::i64) {
    scope.fail(span, fmt::format("'{}.{}' is not a time", branch, which));
  }
  return scope.add_slot(*reader);
}

IntervalSlots interval_of(Scope& scope, Span span, const std::string& branch) {
  const std::size_t start = time_slot(scope, span, branch, "start");
  return {start, time_slot(scope, span, branch, "end")};
}

}  // namespace

ConditionPtr bind_expression(Scope& scope, const Expr& expr, Sense sense) {
  return std::visit(Walker(scope, expr.span, sense), expr.node);
}

ConditionPtr bind_allen(Scope& scope, Span span, const AllenTerm& term, Sense sense) {
  const IntervalSlots left = interval_of(scope, term.left_span, term.left);
  const IntervalSlots right = interval_of(scope, term.right_span, term.right);
  std::optional<std::int64_t> delta;
  if (term.tolerance != nullptr) {
    const Number amount =
        bind_tolerance(scope, *term.tolerance, Meaning::duration, scope.quoted(span));
    if (amount.is_real()) {
      scope.fail(term.tolerance->span, "a delta of times is a whole number of ms");
    }
    // Beyond the range of times every delta is the same.
    delta = static_cast<std::int64_t>(
        std::min<Wide>(amount.integer(), std::numeric_limits<std::int64_t>::max()));
  }
  return std::make_unique<AllenCondition>(term.relation, left, right, delta, where_of(sense));
}

Number bind_tolerance(Scope& scope, const Tolerance& tolerance, Meaning meaning,
                      const std::string& compared) {
  if (tolerance.relative) {
    scope.fail(tolerance.span, "'rdelta' is only for group terms", "did you mean 'delta'?");
  }
  const BoundOperand amount = bind_operand(scope, *tolerance.amount, std::nullopt);
  if (!amount.is_constant_number() || amount.meaning == Meaning::time) {
    scope.fail(tolerance.amount->span, "a delta is a number");
  }
  const bool of_time = meaning == Meaning::time || meaning == Meaning::duration;
  if (amount.meaning == Meaning::duration && !of_time) {
    scope.fail(tolerance.amount->span,
               fmt::format("a unit of time at {}, but {} is {}",
                           scope.quoted(tolerance.amount->span), compared, describe(meaning)));
  }
  const Number& number = *amount.as<Number>();
  if (number.real() < 0) {
    scope.fail(tolerance.amount->span, "a delta cannot be negative");
  }
  return number;
}

}  // namespace nfql
