#include "common/query/branch_names.h"

#include <variant>

namespace nfql {
namespace {

class Collector {
 public:
  explicit Collector(std::string_view text) : text_(text) {}

  void operator()(const Expr& expr) {
    std::visit([&](const auto& node) { add(node, expr.span); }, expr.node);
  }
  [[nodiscard]] std::vector<BranchName> take() && { return std::move(names_); }

 private:
  void add(const Comparison& term, Span) { both(term); }
  void add(const Membership& term, Span) { both(term); }
  void add(const Intersection& term, Span) { both(term); }
  void add(const Always&, Span) {}
  void add(const Bare& term, Span) { operand(term.operand); }
  void add(const Not& negation, Span) { (*this)(*negation.part); }
  void add(const And& all, Span) { parts(all.parts); }
  void add(const Or& any, Span) { parts(any.parts); }
  void add(const AllenTerm& term, Span) {
    // In parentheses a span begins with them.
    add(term.left, text_.find(term.left, term.left_span.begin));
    add(term.right, text_.find(term.right, term.right_span.begin));
  }

  void add(const std::string& name, std::size_t begin) {
    names_.push_back({name, {begin, begin + name.size()}});
  }
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
  void side(const Name& name, Span span) {
    if (!name.qualifier.empty()) {
      add(name.qualifier, text_.find(name.qualifier, span.begin));
    }
  }
  void side(const Call& call, Span span) {
    if (!call.qualifier.empty()) {
      add(call.qualifier, text_.find(call.qualifier, span.begin));
    } else {
      operands(call.arguments);
    }
  }
  void side(const Binary& binary, Span) {
    operand(*binary.left);
    operand(*binary.right);
  }
  void side(const Range& range, Span) {
    operand(*range.low);
    operand(*range.high);
  }
  void side(const SetLiteral& set, Span) { operands(set.items); }
  template <class Literal>
  void side(const Literal&, Span) {}

  std::string_view text_;
  std::vector<BranchName> names_;
};

}  // namespace

std::vector<BranchName> branch_names(const Expr& expr, std::string_view text) {
  Collector collector(text);
  collector(expr);
  return std::move(collector).take();
}

}  // namespace nfql
