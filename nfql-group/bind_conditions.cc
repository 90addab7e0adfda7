#include "nfql-group/bind_conditions.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "common/base/error.h"
#include "nfql-group/bind_tests.h"

namespace nfql::relate {
namespace {

bool is_ordering_with_tolerance(const Comparison& term) {
  return term.tolerance != nullptr && term.op != Op::eq && term.op != Op::ne;
}

}  // namespace

Ref Readings::add(Of of, FlowValue&& value) {
  const auto same = std::find_if(values.begin(), values.end(), [&value](const FlowValue& other) {
    return same_value(value, other);
  });
  const auto index = static_cast<std::uint32_t>(same - values.begin());
  const bool real = value.is_real();
  if (same == values.end()) {
    values.push_back(std::move(value));
  }
  if (of == Of::joining) {
    return {false, index};
  }
  const auto kept = std::find_if(held.begin(), held.end(), [of, index](const Held& other) {
    return other.of == of && other.value == index;
  });
  const auto at = static_cast<std::uint32_t>(kept - held.begin());
  if (kept == held.end()) {
    held.push_back({of, index, real});
  }
  return {true, at};
}

Condition ConditionBinder::bind(Expr&& expr, Sense sense) {
  if (auto* part = std::get_if<Not>(&expr.node)) {
    return bind(std::move(*part->part), opposite(sense));
  }
  if (auto* all = std::get_if<And>(&expr.node)) {
    return bind_parts(std::move(all->parts), Condition::Kind::all, sense);
  }
  if (auto* any = std::get_if<Or>(&expr.node)) {
    return bind_parts(std::move(any->parts), Condition::Kind::any, sense);
  }
  if (std::holds_alternative<Always>(expr.node)) {
    return bind_parts({}, Condition::Kind::all, sense);
  }
  if (auto* comparison = std::get_if<Comparison>(&expr.node)) {
    const Sources sources = names_.resolve(*comparison, expr.span);
    return bind(std::move(*comparison), expr.span, sources, sense);
  }
  if (auto* membership = std::get_if<Membership>(&expr.node)) {
    return bind(std::move(*membership), expr.span, sense);
  }
  if (const auto* bare = std::get_if<Bare>(&expr.node)) {
    const std::string_view text = names_.source().text;
    const Span at = bare->operand.span;
    const std::string_view written = text.substr(at.begin, at.end - at.begin);
    names_.fail_here(expr.span,
                     "a key stands in the list of terms, not within 'not' or an inner 'or'",
                     fmt::format("as a condition it is '{} = {}'", written, written));
  }
  names_.fail_no_term(expr.span);
}

Condition ConditionBinder::bind_parts(std::vector<Expr>&& parts, Condition::Kind kind,
                                      Sense sense) {
  Condition condition;
  const bool all = (kind == Condition::Kind::all) == (sense == Sense::as_written);
  condition.kind = all ? Condition::Kind::all : Condition::Kind::any;
  condition.later = Condition::Later::never;
  for (Expr& part : parts) {
    condition.parts.push_back(bind(std::move(part), sense));
    if (condition.parts.back().later != Condition::Later::never) {
      condition.later = Condition::Later::perhaps;
    }
  }
  return condition;
}

Condition ConditionBinder::bind(Comparison&& term, Span span, Sources sources, Sense sense) {
  const bool one_flow =
      sources.none_but(Of::first) || sources.none_but(Of::last) || sources.none_but(Of::joining);
  if (one_flow && !is_ordering_with_tolerance(term)) {
    strip(term.left);
    strip(term.right);
    if (term.tolerance != nullptr) {
      term.tolerance->relative = false;
    }
    return make_predicate({span, std::move(term)}, sources.only().value_or(Of::first), sense);
  }
  if (term.tolerance != nullptr) {
    term.tolerance->relative = false;
  }
  return make_condition(TestBinder(names_, zone_, readings_).comparison(term, span, sense),
                        sources);
}

Condition ConditionBinder::bind(Membership&& term, Span span, Sense sense) {
  const Sources sources = names_.resolve(term.left, term.right, span);
  const bool one_flow =
      sources.none_but(Of::first) || sources.none_but(Of::last) || sources.none_but(Of::joining);
  if (one_flow) {
    strip(term.left);
    strip(term.right);
    return make_predicate({span, std::move(term)}, sources.only().value_or(Of::first), sense);
  }
  return make_condition(TestBinder(names_, zone_, readings_).membership(term, span, sense),
                        sources);
}

// A term about one flow needs no pair: whether it is true travels with the flow.
Condition ConditionBinder::make_predicate(Expr&& term, Of of, Sense sense) {
  ExpressionText text{names_.source().what, names_.source().text, {}};
  text.expr.span = term.span;
  if (sense == Sense::negated) {
    text.expr.node = Not{std::make_unique<Expr>(std::move(term))};
  } else {
    text.expr = std::move(term);
  }
  const Ref ref = readings_.add(of, FlowValue(Predicate(text, names_.flows(), zone_)));
  Sources sources;
  sources.add(of);
  return make_condition(Test(SumTest{{{ref, false}}, {{1, 1}}, false}), sources);
}

template <class AnyTest>
Condition ConditionBinder::make_condition(AnyTest&& test, const Sources& sources) const {
  Condition condition;
  condition.kind = Condition::Kind::test;
  condition.test = std::forward<AnyTest>(test);
  if (!sources.has(Of::joining)) {
    condition.later = Condition::Later::never;
  } else if (const auto* sum = std::get_if<SumTest>(&condition.test)) {
    condition.later = later_of(*sum);
  }
  return condition;
}

// For flows with later starts a sum that grows with them and nothing else of the flow stays above.
Condition::Later ConditionBinder::later_of(const SumTest& test) const {
  const Addend* start = nullptr;
  for (const Addend& addend : test.addends) {
    if (addend.ref.held) {
      continue;
    }
    if (start != nullptr || !readings_.values[addend.ref.index].is(element::kStart)) {
      return Condition::Later::perhaps;
    }
    start = &addend;
  }
  if (start == nullptr || test.outside || test.ranges.empty()) {
    return Condition::Later::perhaps;
  }
  return start->negative ? Condition::Later::not_when_below : Condition::Later::not_when_above;
}

}  // namespace nfql::relate
