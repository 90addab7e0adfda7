#include "common/expr/parse.h"

#include <type_traits>
#include <utility>

#include "common/expr/grammar.h"
#include "common/expr/tree_builder.h"

namespace nfql {
namespace {

namespace g = grammar;

// What a rule does to the tree once it has matched: a member of TreeBuilder.
template <class Rule>
struct Action : g::peg::nothing<Rule> {};

template <auto kMember>
struct Calls {
  template <class Input>
  static auto apply(const Input& in, TreeBuilder& tree) {
    const auto begin = static_cast<std::size_t>(in.begin() - tree.source().text().data());
    return (tree.*kMember)(Span{begin, begin + in.size()});
  }
};

using T = TreeBuilder;
// clang-format off
template <> struct Action<g::IntegerToken> : Calls<&T::integer> {};
template <> struct Action<g::FloatToken> : Calls<&T::real> {};
template <> struct Action<g::AddressToken> : Calls<&T::address> {};
template <> struct Action<g::PrefixToken> : Calls<&T::prefix> {};
template <> struct Action<g::TimeToken> : Calls<&T::time> {};
template <> struct Action<g::StringToken> : Calls<&T::string> {};
template <> struct Action<g::FlagsToken> : Calls<&T::flags> {};
template <> struct Action<g::FileToken> : Calls<&T::file> {};
template <> struct Action<g::QualifiedName> : Calls<&T::name> {};
template <> struct Action<g::ElementName> : Calls<&T::name> {};
template <> struct Action<g::PlainName> : Calls<&T::name> {};
template <> struct Action<g::MacToken> : Calls<&T::mac> {};
template <> struct Action<g::MalformedToken> : Calls<&T::malformed> {};
template <> struct Action<g::MalformedTime> : Calls<&T::malformed_time> {};
template <> struct Action<g::QuoteMark> : Calls<&T::saw> {};
template <> struct Action<g::FileMark> : Calls<&T::saw> {};
template <> struct Action<g::Comma> : Calls<&T::saw> {};
template <> struct Action<g::RangeDots> : Calls<&T::saw> {};
template <> struct Action<g::NotBeforeIn> : Calls<&T::not_before_in> {};
template <> struct Action<g::IntersectsWord> : Calls<&T::intersects_word> {};
template <> struct Action<g::GroupOpen> : Calls<&T::open_group> {};
template <> struct Action<g::GroupClose> : Calls<&T::close_group> {};
template <> struct Action<g::CallOpen> : Calls<&T::open_call> {};
template <> struct Action<g::CallClose> : Calls<&T::close_call> {};
template <> struct Action<g::SetOpen> : Calls<&T::open_set> {};
template <> struct Action<g::SetClose> : Calls<&T::close_set> {};
template <> struct Action<g::RangeTail> : Calls<&T::range> {};
template <> struct Action<g::ArithmeticSign> : Calls<&T::arithmetic_sign> {};
template <> struct Action<g::SumStep> : Calls<&T::arithmetic> {};
template <> struct Action<g::Comparator> : Calls<&T::comparator> {};
template <> struct Action<g::InWord> : Calls<&T::in_word> {};
template <> struct Action<g::NotInWord> : Calls<&T::not_in_word> {};
template <> struct Action<g::NegatedIn> : Calls<&T::not_in_word> {};
template <> struct Action<g::DeltaWord> : Calls<&T::delta_word> {};
template <> struct Action<g::RdeltaWord> : Calls<&T::rdelta_word> {};
template <> struct Action<g::DetachedUnit> : Calls<&T::detached_unit> {};
template <> struct Action<g::Tolerance> : Calls<&T::tolerance> {};
template <> struct Action<g::Compared> : Calls<&T::comparison> {};
template <> struct Action<g::Membership> : Calls<&T::membership> {};
template <> struct Action<g::Intersection> : Calls<&T::intersection> {};
template <> struct Action<g::AllenWord> : Calls<&T::allen_word> {};
template <> struct Action<g::Branch> : Calls<&T::branch> {};
template <> struct Action<g::AllenRelation> : Calls<&T::allen_term> {};
template <> struct Action<g::AsWord> : Calls<&T::as_word> {};
template <> struct Action<g::AliasName> : Calls<&T::alias_name> {};
template <> struct Action<g::Alias> : Calls<&T::alias> {};
template <> struct Action<g::NotWord> : Calls<&T::not_word> {};
template <> struct Action<g::Negated> : Calls<&T::negation> {};
template <> struct Action<g::AndWord> : Calls<&T::join_word> {};
template <> struct Action<g::OrWord> : Calls<&T::join_word> {};
template <> struct Action<g::AndStep> : Calls<&T::conjunction> {};
template <> struct Action<g::OrStep> : Calls<&T::disjunction> {};
// clang-format on

// What the message says when a rule that must match does not.
template <class Rule>
constexpr const char* kThing = nullptr;
template <>
constexpr const char* kThing<g::FilePath> = "a path";
template <>
constexpr const char* kThing<g::Argument> = "a value";
template <>
constexpr const char* kThing<g::RangeEnd> = "a value";
template <>
constexpr const char* kThing<g::GroupBody> = "a term or value";
template <>
constexpr const char* kThing<g::SumOperand> = "a value";
template <>
constexpr const char* kThing<g::RightSide> = "a value";
template <>
constexpr const char* kThing<g::Amount> = "a number";
template <>
constexpr const char* kThing<g::InAfterNot> = "'in'";
template <>
constexpr const char* kThing<g::Branch> = "a branch";
template <>
constexpr const char* kThing<g::AliasName> = "a name";
template <>
constexpr const char* kThing<g::NegatedTerm> = "a term";
template <>
constexpr const char* kThing<g::AndTerm> = "a term";
template <>
constexpr const char* kThing<g::OrTerm> = "a term";

template <class Rule>
[[noreturn]] void raise(const TreeBuilder& tree, std::size_t at) {
  if constexpr (std::is_same_v<Rule, g::QuoteRest>) {
    tree.missing_quote();
  } else if constexpr (std::is_same_v<Rule, g::SetItem>) {
    tree.missing_item(at);
  } else if constexpr (std::is_same_v<Rule, g::SetClose>) {
    tree.missing_close(at, "}");
  } else if constexpr (std::is_same_v<Rule, g::GroupClose> || std::is_same_v<Rule, g::CallClose>) {
    tree.missing_close(at, ")");
  } else if constexpr (std::is_same_v<Rule, g::peg::eof>) {
    tree.missing_end(at);
  } else {
    static_assert(kThing<Rule> != nullptr, "a rule in must<> needs a message");
    tree.missing(kThing<Rule>);
  }
}

template <class Rule>
struct Control : g::peg::normal<Rule> {
  template <class Input>
  [[noreturn]] static void raise(const Input& in, const TreeBuilder& tree) {
    nfql::raise<Rule>(tree, static_cast<std::size_t>(in.current() - tree.source().text().data()));
  }
};

}  // namespace

Expr parse_expression(std::string_view text, Grammar grammar, std::string_view what) {
  TreeBuilder tree(text, grammar, what);
  g::peg::memory_input<g::peg::tracking_mode::lazy> in(text.data(), text.size(), "");
  g::peg::parse<g::WholeText, Action, Control>(in, tree);
  return tree.finish(text.size());
}

std::optional<Rule> parse_rule(std::string_view text, std::size_t begin, Grammar grammar,
                               std::span<const std::string_view> names) {
  TreeBuilder tree(text, grammar, "", names);
  const char* from = text.data() + begin;
  g::peg::memory_input<g::peg::tracking_mode::lazy> in(from, text.data() + text.size(), "");
  if (!g::peg::parse<g::Rule, Action, Control>(in, tree)) {
    return std::nullopt;
  }
  const Span span = {begin, static_cast<std::size_t>(in.current() - text.data())};
  static_cast<void>(g::peg::parse<g::Blank>(in));
  return Rule{span, tree.finish(static_cast<std::size_t>(in.current() - text.data()))};
}

ExpressionText parse(std::string text, Grammar grammar, std::string what) {
  Expr expr = parse_expression(text, grammar, what);
  return {std::move(what), std::move(text), std::move(expr)};
}

}  // namespace nfql
