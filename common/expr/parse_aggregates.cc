#include <charconv>
#include <type_traits>
#include <utility>

#include "common/base/names.h"
#include "common/expr/expression_source.h"
#include "common/expr/grammar.h"
#include "common/expr/parse.h"

namespace nfql {
namespace {

namespace g = grammar;

/// The items so far; every member function takes the bytes that its token or rule has in the text.
class ListBuilder {
 public:
  explicit ListBuilder(std::string_view text) : source_("aggregate", text) {}

  [[nodiscard]] const ExpressionSource& source() const { return source_; }
  [[nodiscard]] std::vector<AggregateItem> take() { return std::move(items_); }

  void saw(Span span) { last_ = span; }
  void name(Span span);
  void open(Span span);
  void field(Span span);
  void number(Span span);
  void alias(Span span);
  void end(Span span);

  [[noreturn]] void missing(std::string_view thing) const { source_.fail_expected(thing, last_); }
  [[noreturn]] void missing_close(std::size_t at) const;
  [[noreturn]] void missing_end(std::size_t at) const;

 private:
  ExpressionSource source_;
  Span last_;
  Span open_;
  bool called_ = false;
  std::vector<AggregateItem> items_;
};

// Whether it is a function or a field shows when a parenthesis follows, or not.
void ListBuilder::name(Span span) {
  saw(span);
  AggregateItem& item = items_.emplace_back();
  const std::string_view written = source_.at(span);
  const std::size_t dot = written.find('.');
  item.span = span;
  item.field_span = {dot == std::string_view::npos ? span.begin : span.begin + dot + 1, span.end};
  item.qualifier = dot == std::string_view::npos ? "" : written.substr(0, dot);
  item.field = source_.at(item.field_span);
  called_ = false;
}

void ListBuilder::open(Span span) {
  saw(span);
  open_ = span;
  called_ = true;
  AggregateItem& item = items_.back();
  item.written = std::move(item.field);
  item.function = lower(item.written);
  item.field.clear();
}

void ListBuilder::field(Span span) {
  saw(span);
  AggregateItem& item = items_.back();
  const std::size_t dot = source_.at(span).find('.');
  item.field_span = span;
  if (dot != std::string_view::npos) {
    if (!item.qualifier.empty()) {
      source_.fail(span, "the module stands in front already");
    }
    item.qualifier = source_.at({span.begin, span.begin + dot});
    item.field_span.begin += dot + 1;
  }
  item.field = source_.at(item.field_span);
}

void ListBuilder::number(Span span) {
  saw(span);
  AggregateItem& item = items_.back();
  const std::string_view text = source_.at(span);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), item.argument);
  if (error != std::errc()) {
    source_.fail(span, source_.quoted(span) + " is out of range");
  }
  item.argument_text = text;
}

void ListBuilder::alias(Span span) {
  saw(span);
  items_.back().alias = source_.at(span);
}

void ListBuilder::end(Span span) {
  AggregateItem& item = items_.back();
  item.span = {span.begin, last_.end};
  if (!called_ && same_name(item.field, "count")) {
    item.written = std::exchange(item.field, "");
    item.function = lower(item.written);
  }
}

void ListBuilder::missing_close(std::size_t at) const {
  if (at >= source_.text().size()) {
    source_.fail(open_, "missing ')' for this '('");
  }
  if (last_.end == open_.end) {
    missing("a field");
  }
  const Span token = source_.token_at(at);
  source_.fail(token, "expected ',' or ')' before " + source_.quoted(token));
}

void ListBuilder::missing_end(std::size_t at) const {
  const Span token = source_.token_at(at);
  const std::string quoted = source_.quoted(token);
  source_.fail(token, items_.empty()             ? "expected an aggregate before " + quoted
                      : source_.at(token) == ")" ? "')' without '('"
                                                 : "expected ',' before " + quoted);
}

template <class Rule>
struct Action : g::peg::nothing<Rule> {};

template <auto kMember>
struct Calls {
  template <class Input>
  static void apply(const Input& in, ListBuilder& list) {
    const auto begin = static_cast<std::size_t>(in.begin() - list.source().text().data());
    (list.*kMember)(Span{begin, begin + in.size()});
  }
};

using L = ListBuilder;
// clang-format off
template <> struct Action<g::AggregateName> : Calls<&L::name> {};
template <> struct Action<g::AggregateOpen> : Calls<&L::open> {};
template <> struct Action<g::AggregateField> : Calls<&L::field> {};
template <> struct Action<g::AggregateNumber> : Calls<&L::number> {};
template <> struct Action<g::AggregateClose> : Calls<&L::saw> {};
template <> struct Action<g::Comma> : Calls<&L::saw> {};
template <> struct Action<g::AsWord> : Calls<&L::saw> {};
template <> struct Action<g::AliasName> : Calls<&L::alias> {};
template <> struct Action<g::Aggregate> : Calls<&L::end> {};
template <> struct Action<g::NextAggregate> : Calls<&L::end> {};
// clang-format on

template <class Rule>
struct Control : g::peg::normal<Rule> {
  template <class Input>
  [[noreturn]] static void raise(const Input& in, const ListBuilder& list) {
    const auto at = static_cast<std::size_t>(in.current() - list.source().text().data());
    if constexpr (std::is_same_v<Rule, g::AggregateClose>) {
      list.missing_close(at);
    } else if constexpr (std::is_same_v<Rule, g::AggregateNumber>) {
      list.missing("a number");
    } else if constexpr (std::is_same_v<Rule, g::AliasName>) {
      list.missing("a name");
    } else if constexpr (std::is_same_v<Rule, g::NextAggregate>) {
      list.missing("an aggregate");
    } else {
      static_assert(std::is_same_v<Rule, g::peg::eof>, "a rule in must<> needs a message");
      list.missing_end(at);
    }
  }
};

}  // namespace

std::size_t end_of_aggregates(std::string_view text, std::size_t begin) {
  ListBuilder list(text);
  const char* from = text.data() + begin;
  g::peg::memory_input<g::peg::tracking_mode::lazy> in(from, text.data() + text.size(), "");
  static_cast<void>(g::peg::parse<g::Aggregates, Action, Control>(in, list));
  return static_cast<std::size_t>(in.current() - text.data());
}

std::vector<AggregateItem> parse_aggregates(std::string_view text) {
  ListBuilder list(text);
  g::peg::memory_input<g::peg::tracking_mode::lazy> in(text.data(), text.size(), "");
  g::peg::parse<g::AggregateList, Action, Control>(in, list);
  return list.take();
}

}  // namespace nfql
