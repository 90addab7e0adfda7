#include "common/expr/tree_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/base/names.h"
#include "common/expr/literals.h"
#include "common/expr/operators.h"

namespace nfql {
namespace {

// A set, range or file: what the right side of `in` is and what nothing can be computed with.
bool is_set(const Operand& operand) {
  return std::holds_alternative<SetLiteral>(operand.node) ||
         std::holds_alternative<Range>(operand.node) ||
         std::holds_alternative<FileSet>(operand.node);
}

Name split_name(std::string_view written) {
  const std::size_t dot = written.find('.');
  if (dot == std::string_view::npos) {
    return {"", std::string(written)};
  }
  return {std::string(written.substr(0, dot)), std::string(written.substr(dot + 1))};
}

}  // namespace

// The stack.

void TreeBuilder::push(Node node, Span span, std::size_t depth) {
  check_depth(depth, span);
  items_.push_back({Operand{span, std::move(node)}, depth, Joined::no});
}

void TreeBuilder::push(decltype(Expr::node) node, Span span, std::size_t depth) {
  check_depth(depth, span);
  items_.push_back({Expr{span, std::move(node)}, depth, Joined::no});
}

TreeBuilder::Item TreeBuilder::pop() {
  Item item = std::move(items_.back());
  items_.pop_back();
  return item;
}

void TreeBuilder::open(Frame::Kind kind, Span span) {
  saw(span);
  if (frames_.size() >= kMaxDepth) {
    check_depth(frames_.size() + 1, span);
  }
  frames_.push_back({kind, span, items_.size()});
}

TreeBuilder::Frame TreeBuilder::close(Span span) {
  saw(span);
  const Frame frame = frames_.back();
  frames_.pop_back();
  return frame;
}

Span TreeBuilder::span_of(const Item& item) {
  return std::visit([](const auto& part) { return part.span; }, item.part);
}

void TreeBuilder::set_span(Item& item, Span span) {
  std::visit([span](auto& part) { part.span = span; }, item.part);
}

void TreeBuilder::check_depth(std::size_t depth, Span span) const {
  if (depth > kMaxDepth) {
    source_.fail(span, fmt::format("nested too deeply (at most {} levels)", kMaxDepth));
  }
}

// Literals and names.

void TreeBuilder::integer(Span span) {
  saw(span);
  push(read_integer(source_, span), span);
}

void TreeBuilder::real(Span span) {
  saw(span);
  push(read_float(source_, span), span);
}

void TreeBuilder::address(Span span) {
  saw(span);
  push(read_address(source_, span), span);
}

void TreeBuilder::prefix(Span span) {
  saw(span);
  push(read_prefix(source_, span), span);
}

void TreeBuilder::time(Span span) {
  saw(span);
  push(read_time(source_, span), span);
}

void TreeBuilder::string(Span span) {
  saw(span);
  push(WordLiteral{read_string(source_, span), true}, span);
}

void TreeBuilder::flags(Span span) {
  saw(span);
  push(WordLiteral{std::string(source_.at(span)), false}, span);
}

void TreeBuilder::file(Span span) {
  saw(span);
  const Span path = {span.begin + 1, span.end};
  push(FileSet{source_.at(path).front() == '"' ? read_string(source_, path)
                                               : std::string(source_.at(path))},
       span);
}

void TreeBuilder::name(Span span) {
  saw(span);
  push(split_name(source_.at(span)), span);
}

void TreeBuilder::mac(Span span) {
  source_.fail(span,
               fmt::format("MAC literals such as {} are not supported", source_.quoted(span)));
}

void TreeBuilder::malformed(Span span) {
  source_.fail(span, fmt::format("{} is no number, address or prefix", source_.quoted(span)));
}

void TreeBuilder::malformed_time(Span span) {
  source_.fail(
      span, fmt::format("{} is no date or time (write 2012-05-01T10:00:00)", source_.quoted(span)));
}

// Operands.

void TreeBuilder::open_group(Span span) {
  open(Frame::Kind::group, span);
}

void TreeBuilder::close_group(Span span) {
  const Frame frame = close(span);
  set_span(items_.back(), {frame.span.begin, span.end});
  items_.back().joined = Joined::no;
}

// The name of the function, already on the stack, stays there below the arguments.
void TreeBuilder::open_call(Span span) {
  open(Frame::Kind::call, span);
  --frames_.back().items;
}

void TreeBuilder::close_call(Span span) {
  const Frame frame = close(span);
  std::size_t depth = 0;
  std::vector<Operand> arguments = pop_operands(frame.items + 1, depth);
  const Item item = pop();
  const Operand& callee = std::get<Operand>(item.part);
  const Name& function = std::get<Name>(callee.node);
  push(Call{lower(function.name), std::move(arguments), function.qualifier},
       {callee.span.begin, span.end}, depth + 1);
}

void TreeBuilder::open_set(Span span) {
  open(Frame::Kind::set, span);
}

void TreeBuilder::close_set(Span span) {
  const Frame frame = close(span);
  std::size_t depth = 0;
  std::vector<Operand> items = pop_operands(frame.items, depth);
  push(SetLiteral{std::move(items)}, {frame.span.begin, span.end}, depth + 1);
}

void TreeBuilder::range(Span) {
  std::size_t depth = 0;
  Operand high = take_operand(pop(), depth);
  Operand low = take_operand(pop(), depth);
  const Span span = {low.span.begin, high.span.end};
  push(Range{boxed(std::move(low)), boxed(std::move(high))}, span, depth + 1);
}

void TreeBuilder::arithmetic_sign(Span span) {
  const Item& left = items_.back();
  const std::string_view sign = source_.at(span);
  if (std::holds_alternative<Expr>(left.part) && (sign == "&" || sign == "|")) {
    source_.fail(span, fmt::format("'{}' computes with values (did you mean '{}'?)", sign,
                                   sign == "&" ? "and" : "or"));
  }
  need_operand(left);
  saw(span);
  pending_.push_back({arithmetic_of(sign.front()), span});
}

void TreeBuilder::arithmetic(Span) {
  std::size_t depth = 0;
  Operand right = take_operand(pop(), depth);
  Operand left = take_operand(pop(), depth);
  for (const Operand* const side : {&left, &right}) {
    if (is_set(*side)) {
      source_.fail(side->span, fmt::format("{} is a set, not a value to compute with",
                                           source_.quoted(side->span)));
    }
  }
  const Span span = {left.span.begin, right.span.end};
  push(Binary{pop_pending<Arithmetic>(), boxed(std::move(left)), boxed(std::move(right))}, span,
       depth + 1);
}

std::vector<Operand> TreeBuilder::pop_operands(std::size_t from, std::size_t& depth) {
  std::vector<Operand> operands;
  operands.reserve(items_.size() - from);
  for (std::size_t i = from; i < items_.size(); ++i) {
    operands.push_back(take_operand(std::move(items_[i]), depth));
  }
  items_.resize(from);
  return operands;
}

void TreeBuilder::need_operand(const Item& item) const {
  if (std::holds_alternative<Expr>(item.part)) {
    const Span span = span_of(item);
    source_.fail(span, fmt::format("{} is true or false, not a value", source_.quoted(span)));
  }
}

Operand TreeBuilder::take_operand(Item item, std::size_t& depth) const {
  need_operand(item);
  depth = std::max(depth, item.depth);
  return std::get<Operand>(std::move(item.part));
}

}  // namespace nfql
