// Builds the tree of an expression from the tokens and ends of rules that the grammar meets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/expr/ast.h"
#include "common/expr/expression_source.h"
#include "common/expr/parse.h"

namespace nfql {

/// A stack machine: tokens push, the ends of rules take their parts from the stack and put the
/// whole. Every member function takes the bytes that the token or rule has in the text.
///
/// Nesting, in the text as in the tree, is bounded by kMaxDepth, so neither the parser nor whoever
/// walks the tree can run out of stack.
class TreeBuilder {
 public:
  static constexpr std::size_t kMaxDepth = 200;

  /// Bare `names`, which must outlive this, are terms in a filter too.
  TreeBuilder(std::string_view text, Grammar grammar, std::string_view what,
              std::span<const std::string_view> names = {})
      : source_(what, text), grammar_(grammar), names_(names) {}

  [[nodiscard]] const ExpressionSource& source() const { return source_; }
  /// The whole tree; `Always` when the text was blank. `at` is where what follows it begins.
  [[nodiscard]] Expr finish(std::size_t at);

  /// A token that means nothing but its place.
  void saw(Span span) { last_ = span; }

  // Literals and names.
  void integer(Span span);
  void real(Span span);
  void address(Span span);
  void prefix(Span span);
  void time(Span span);
  void string(Span span);
  void flags(Span span);
  void file(Span span);
  void name(Span span);
  void mac(Span span);
  void malformed(Span span);
  void malformed_time(Span span);

  // Operands.
  void open_group(Span span);
  void close_group(Span span);
  void open_call(Span span);
  void close_call(Span span);
  void open_set(Span span);
  void close_set(Span span);
  void range(Span span);
  void arithmetic_sign(Span span);
  void arithmetic(Span span);

  // Terms. Those that return bool return whether the word means this, here.
  void comparator(Span span);
  void in_word(Span span);
  void not_in_word(Span span);
  [[nodiscard]] bool not_before_in(Span span);
  void delta_word(Span span);
  void rdelta_word(Span span);
  [[nodiscard]] bool detached_unit(Span span);
  void tolerance(Span span);
  void comparison(Span span);
  void membership(Span span);
  void intersects_word(Span span);
  void intersection(Span span);
  [[nodiscard]] bool allen_word(Span span);
  void branch(Span span);
  void allen_term(Span span);
  [[nodiscard]] bool as_word(Span span);
  void alias_name(Span span);
  void alias(Span span);

  // Expressions.
  void not_word(Span span);
  void negation(Span span);
  void join_word(Span span);
  void conjunction(Span span);
  void disjunction(Span span);

  // What is wrong when something that must come does not; `at` is where the next token begins.
  [[noreturn]] void missing(std::string_view thing) const { source_.fail_expected(thing, last_); }
  [[noreturn]] void missing_item(std::size_t at) const;
  [[noreturn]] void missing_close(std::size_t at, std::string_view close) const;
  [[noreturn]] void missing_end(std::size_t at) const;
  [[noreturn]] void missing_quote() const;

 private:
  using Node = decltype(Operand::node);
  enum class Joined : std::uint8_t { no, by_and, by_or };
  /// A finished part: an operand until a place needs an expression.
  struct Item {
    std::variant<Operand, Expr> part;
    std::size_t depth = 1;
    Joined joined = Joined::no;  // a list of and or or that further terms may join
  };
  /// Something open: a bracket, or a `not` whose term is to come.
  struct Frame {
    enum class Kind : std::uint8_t { group, call, set, negation };
    Kind kind;
    Span span;
    std::size_t items;  // that were on the stack
  };
  struct Negatable {
    bool negated;
  };
  struct Pending {
    std::variant<Arithmetic, Op, Negatable, Allen> what;
    Span span;
  };

  template <class T>
  static std::unique_ptr<T> boxed(T value) {
    return std::make_unique<T>(std::move(value));
  }
  void push(Node node, Span span, std::size_t depth = 1);
  void push(decltype(Expr::node) node, Span span, std::size_t depth);
  void open(Frame::Kind kind, Span span);
  Frame close(Span span);
  Item pop();
  template <class What>
  What pop_pending() {
    const What what = std::get<What>(pending_.back().what);
    pending_.pop_back();
    return what;
  }
  std::vector<Operand> pop_operands(std::size_t from, std::size_t& depth);
  [[nodiscard]] static Span span_of(const Item& item);
  static void set_span(Item& item, Span span);
  void check_depth(std::size_t depth, Span span) const;
  void need_operand(const Item& item) const;
  Operand take_operand(Item item, std::size_t& depth) const;
  void make_expression(Item& item, std::size_t at) const;
  template <class List>
  void join(Joined by);
  [[nodiscard]] std::string branch_name(const Operand& operand) const;
  [[nodiscard]] bool is_known(const Operand& operand) const;
  [[nodiscard]] bool may_stand_alone(const Operand& operand) const;
  [[nodiscard]] std::string meant(Span token) const;
  void refuse_delta(Span token) const;
  [[noreturn]] void missing_comparison(const Item& item, std::size_t at) const;

  ExpressionSource source_;
  Grammar grammar_;
  std::span<const std::string_view> names_;
  Span last_;
  std::vector<Item> items_;
  std::vector<Frame> frames_;
  std::vector<Pending> pending_;
  std::unique_ptr<Tolerance> tolerance_;  // of the term that is about to end
  bool relative_ = false;                 // rdelta
  std::string name_;                      // branch or alias of the term that is about to end
  Span name_span_;                        // of the branch
};

}  // namespace nfql
