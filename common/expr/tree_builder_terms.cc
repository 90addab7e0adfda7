#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/base/names.h"
#include "common/expr/allen.h"
#include "common/expr/operators.h"
#include "common/expr/tree_builder.h"

namespace nfql {
namespace {

const Name* plain_name(const Operand& operand) {
  const Name* const name = std::get_if<Name>(&operand.node);
  return name != nullptr && name->qualifier.empty() ? name : nullptr;
}

}  // namespace

// Terms.

void TreeBuilder::comparator(Span span) {
  need_operand(items_.back());
  saw(span);
  const std::optional<Op> op = op_of(source_.at(span));
  if (!op) {
    source_.fail(span, unknown_operator(source_.quoted(span), source_.at(span)));
  }
  pending_.push_back({*op, span});
}

void TreeBuilder::in_word(Span span) {
  need_operand(items_.back());
  saw(span);
  pending_.push_back({Negatable{false}, span});
}

void TreeBuilder::not_in_word(Span span) {
  in_word(span);
  pending_.back().what = Negatable{true};
}

// Behind a name that is a term of its own, `not` begins the next rule.
bool TreeBuilder::not_before_in(Span span) {
  const Operand* const operand = std::get_if<Operand>(&items_.back().part);
  const bool means = operand == nullptr || !is_known(*operand);
  if (means) {
    saw(span);
  }
  return means;
}

void TreeBuilder::delta_word(Span span) {
  saw(span);
  relative_ = false;
}

void TreeBuilder::rdelta_word(Span span) {
  if (grammar_ != Grammar::group_terms) {
    source_.fail(span, "rdelta is only for group terms (did you mean 'delta'?)");
  }
  saw(span);
  relative_ = true;
}

bool TreeBuilder::detached_unit(Span span) {
  const std::string_view unit = source_.at(span);
  Node& amount = std::get<Operand>(items_.back().part).node;
  const auto attach = [unit](auto& literal) {
    const bool attaches = literal.unit.empty() && is_unit(unit);
    if (attaches) {
      literal.unit = unit;
    }
    return attaches;
  };
  IntegerLiteral* const integer = std::get_if<IntegerLiteral>(&amount);
  const bool attached =
      integer != nullptr ? attach(*integer) : attach(std::get<FloatLiteral>(amount));
  if (attached) {
    saw(span);
  }
  return attached;
}

void TreeBuilder::tolerance(Span span) {
  std::size_t depth = 0;
  Operand amount = take_operand(pop(), depth);
  if (source_.at(amount.span).front() == '-') {
    source_.fail(amount.span, "a delta is a distance and has no sign");
  }
  tolerance_ = boxed(Tolerance{span, relative_, boxed(std::move(amount))});
}

void TreeBuilder::comparison(Span) {
  std::size_t depth = 0;
  Operand right = take_operand(pop(), depth);
  Operand left = take_operand(pop(), depth);
  const Op op = pop_pending<Op>();
  const Span span = {left.span.begin, last_.end};
  const std::optional<Allen> relation = relation_of(op);
  const Name* const x = plain_name(left);
  const Name* const y = plain_name(right);
  if (grammar_ == Grammar::merge && relation && x != nullptr && y != nullptr) {
    push(AllenTerm{x->name, *relation, y->name, std::move(tolerance_), left.span, right.span}, span,
         1);
  } else {
    push(Comparison{std::move(left), op, std::move(right), std::move(tolerance_)}, span, depth + 1);
  }
}

void TreeBuilder::membership(Span) {
  std::size_t depth = 0;
  Operand right = take_operand(pop(), depth);
  Operand left = take_operand(pop(), depth);
  const Span span = {left.span.begin, right.span.end};
  push(Membership{std::move(left), pop_pending<Negatable>().negated, std::move(right)}, span,
       depth + 1);
}

void TreeBuilder::intersects_word(Span span) {
  need_operand(items_.back());
  saw(span);
}

void TreeBuilder::intersection(Span) {
  std::size_t depth = 0;
  Operand right = take_operand(pop(), depth);
  Operand left = take_operand(pop(), depth);
  const Span span = {left.span.begin, right.span.end};
  push(Intersection{std::move(left), std::move(right)}, span, depth + 1);
}

bool TreeBuilder::allen_word(Span span) {
  const std::optional<Allen> relation = parse_allen(source_.at(span));
  if (grammar_ != Grammar::merge || !relation) {
    return false;
  }
  need_operand(items_.back());
  saw(span);
  pending_.push_back({*relation, span});
  static_cast<void>(branch_name(std::get<Operand>(items_.back().part)));
  return true;
}

void TreeBuilder::branch(Span span) {
  const std::size_t end = span.end;
  if (end < source_.text().size() && source_.text()[end] == '.') {
    const Span field = {span.begin, source_.token_at(end + 1).end};
    source_.fail(field, fmt::format("{} relates two branches, and {} is a field",
                                    source_.quoted(last_), source_.quoted(field)));
  }
  saw(span);
  name_ = source_.at(span);
  name_span_ = span;
}

std::string TreeBuilder::branch_name(const Operand& operand) const {
  const std::string_view written = source_.at(operand.span);
  if (const Name* const name = plain_name(operand)) {
    return name->name;
  }
  // Branches of the JSON term form are numbers.
  if (written.find_first_not_of("0123456789") == std::string_view::npos) {
    return std::string(written);
  }
  source_.fail(operand.span, fmt::format("{} relates two branches, and {} is none",
                                         source_.quoted(last_), source_.quoted(operand.span)));
}

void TreeBuilder::allen_term(Span) {
  std::size_t depth = 0;
  const Operand left = take_operand(pop(), depth);
  push(AllenTerm{branch_name(left), pop_pending<Allen>(), name_, std::move(tolerance_), left.span,
                 name_span_},
       {left.span.begin, last_.end}, 1);
}

bool TreeBuilder::as_word(Span span) {
  const bool means =
      grammar_ == Grammar::group_terms && std::holds_alternative<Operand>(items_.back().part);
  if (means) {
    saw(span);
  }
  return means;
}

void TreeBuilder::alias_name(Span span) {
  saw(span);
  name_ = source_.at(span);
}

void TreeBuilder::alias(Span) {
  std::size_t depth = 0;
  Operand operand = take_operand(pop(), depth);
  const Span span = {operand.span.begin, last_.end};
  push(Bare{std::move(operand), name_}, span, depth + 1);
}

// Expressions.

bool TreeBuilder::is_known(const Operand& operand) const {
  const Name* const name = plain_name(operand);
  return name != nullptr && std::any_of(names_.begin(), names_.end(), [&](std::string_view known) {
           return same_name(known, name->name);
         });
}

bool TreeBuilder::may_stand_alone(const Operand& operand) const {
  return grammar_ == Grammar::group_terms || is_known(operand);
}

void TreeBuilder::make_expression(Item& item, std::size_t at) const {
  Operand* const operand = std::get_if<Operand>(&item.part);
  if (operand == nullptr) {
    return;
  }
  const Span span = operand->span;
  const Name* const name = plain_name(*operand);
  if (name != nullptr && same_name(name->name, "any")) {
    item.part = Expr{span, Always{}};
    return;
  }
  if (!may_stand_alone(*operand)) {
    missing_comparison(item, at);
  }
  ++item.depth;
  check_depth(item.depth, span);
  item.part = Expr{span, Bare{std::move(*operand), ""}};
}

void TreeBuilder::not_word(Span span) {
  open(Frame::Kind::negation, span);
}

void TreeBuilder::negation(Span) {
  make_expression(items_.back(), last_.end);
  while (!frames_.empty() && frames_.back().kind == Frame::Kind::negation) {
    const Span word = frames_.back().span;
    frames_.pop_back();
    Item item = pop();
    const Span span = {word.begin, span_of(item).end};
    push(Not{boxed(std::get<Expr>(std::move(item.part)))}, span, item.depth + 1);
  }
}

void TreeBuilder::join_word(Span span) {
  make_expression(items_.back(), span.begin);
  saw(span);
}

template <class List>
void TreeBuilder::join(Joined by) {
  make_expression(items_.back(), last_.end);
  Item right = pop();
  Item left = pop();
  const Span span = {span_of(left).begin, span_of(right).end};
  const std::size_t depth = std::max(left.depth, right.depth) + 1;
  if (left.joined != by) {
    List list;
    list.parts.push_back(std::get<Expr>(std::move(left.part)));
    list.parts.push_back(std::get<Expr>(std::move(right.part)));
    push(decltype(Expr::node)(std::move(list)), span, depth);
  } else {
    std::get<List>(std::get<Expr>(left.part).node)
        .parts.push_back(std::get<Expr>(std::move(right.part)));
    set_span(left, span);
    left.depth = std::max(left.depth, right.depth + 1);
    check_depth(left.depth, span);
    items_.push_back(std::move(left));
  }
  items_.back().joined = by;
}

void TreeBuilder::conjunction(Span) {
  join<And>(Joined::by_and);
}

void TreeBuilder::disjunction(Span) {
  join<Or>(Joined::by_or);
}

Expr TreeBuilder::finish(std::size_t at) {
  if (items_.empty()) {
    return Expr{{0, source_.text().size()}, Always{}};
  }
  make_expression(items_.back(), at);
  return std::get<Expr>(std::move(items_.back().part));
}

}  // namespace nfql
