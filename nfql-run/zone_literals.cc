#include "nfql-run/zone_literals.h"

#include <variant>

#include "common/flow/time.h"

namespace nfql {
namespace {

/// Visits all operands of one expression.
class ZoneCheck {
 public:
  ZoneCheck(const ExpressionText& text, Problems& problems) : text_(text), problems_(problems) {}

  void operator()(const Expr& expr) {
    std::visit([this](const auto& node) { term(node); }, expr.node);
  }

 private:
  void term(const Comparison& comparison) { both(comparison); }
  void term(const Membership& membership) { both(membership); }
  void term(const Intersection& intersection) { both(intersection); }
  void term(const AllenTerm&) {}
  void term(const Always&) {}
  void term(const Bare& bare) { operand(bare.operand); }
  void term(const Not& negation) { (*this)(*negation.part); }
  void term(const And& all) { parts(all.parts); }
  void term(const Or& any) { parts(any.parts); }

  void parts(const std::vector<Expr>& parts) {
    for (const Expr& part : parts) {
      (*this)(part);
    }
  }
  template <class Term>
  void both(const Term& term) {
    operand(term.left);
    operand(term.right);
  }
  void operand(const Operand& operand) {
    std::visit([&](const auto& node) { side(node, operand.span); }, operand.node);
  }
  void operands(const std::vector<Operand>& list) {
    for (const Operand& item : list) {
      operand(item);
    }
  }

  void side(const WordLiteral& word, Span span) {
    constexpr ZoneMinutes kOther = 60;
    if (parse_time(word.text) != parse_time(word.text, kOther)) {
      problems_.add(span_in_source(text_.pieces, span),
                    "--to-json: the JSON form has no --tz that gives this time a zone",
                    "write the zone behind it, as in 2012-05-01T10:00+02:00, and leave --tz out");
    }
  }
  void side(const Call& call, Span) { operands(call.arguments); }
  void side(const SetLiteral& set, Span) { operands(set.items); }
  void side(const Binary& binary, Span) {
    operand(*binary.left);
    operand(*binary.right);
  }
  void side(const Range& range, Span) {
    operand(*range.low);
    operand(*range.high);
  }
  template <class Other>
  void side(const Other&, Span) {}

  const ExpressionText& text_;
  Problems& problems_;
};

void check(const ExpressionText& text, Problems& problems) {
  ZoneCheck(text, problems)(text.expr);
}

}  // namespace

void refuse_zoneless_times(const Query& query, Problems& problems) {
  for (const BranchQuery& branch : query.branches) {
    for (const auto& filter : {&branch.filter, &branch.gfilter}) {
      if (*filter) {
        check(**filter, problems);
      }
    }
    if (branch.group) {
      check(branch.group->terms, problems);
    }
  }
  if (query.merge) {
    check(query.merge->expr, problems);
    for (const ExpressionText& except : query.merge->except) {
      check(except, problems);
    }
  }
}

}  // namespace nfql
