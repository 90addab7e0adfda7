#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/base/names.h"
#include "common/expr/operators.h"
#include "common/expr/tree_builder.h"
#include "common/flow/elements.h"

namespace nfql {

std::string TreeBuilder::meant(Span token) const {
  static constexpr std::array<std::string_view, 6> kWords = {"and",   "or",    "in",
                                                             "notin", "delta", "intersects"};
  const std::string_view nearest =
      token.end - token.begin < 2 ? "" : nearest_name(source_.at(token), kWords);
  return nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest);
}

void TreeBuilder::missing_comparison(const Item& item, std::size_t at) const {
  const Span token = source_.token_at(
      std::min(source_.text().find_first_not_of(" \t\r\n", at), source_.text().size()));
  const std::string_view relation =
      token.end - token.begin > 2 ? nearest_relation(source_.at(token), grammar_) : "";
  if (!relation.empty()) {
    source_.fail(token, fmt::format("expected a comparison, not {}", source_.quoted(token)),
                 fmt::format("did you mean '{}'?", relation));
  }
  const std::string_view nearest = nearest_name(source_.at(span_of(item)), names_);
  const std::size_t end = span_of(item).end;
  source_.fail({end, end},
               fmt::format("expected a comparison after {}{}", source_.quoted(span_of(item)),
                           nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest)));
}

void TreeBuilder::missing_item(std::size_t at) const {
  const Frame& set = frames_.back();
  if (items_.size() == set.items && source_.text().substr(at, 1) == "}") {
    source_.fail({set.span.begin, at + 1}, "a set needs at least one value");
  }
  missing("a value");
}

void TreeBuilder::missing_close(std::size_t at, std::string_view close) const {
  const Frame& frame = frames_.back();
  if (at >= source_.text().size()) {
    source_.fail(frame.span,
                 fmt::format("missing '{}' for this {}", close, source_.quoted(frame.span)));
  }
  const Item& last = items_.back();
  const bool group = frame.kind == Frame::Kind::group;
  const Operand* const operand = std::get_if<Operand>(&last.part);
  if (group && operand != nullptr && !may_stand_alone(*operand)) {
    missing_comparison(last, at);
  }
  if (last_.end == frame.span.end) {
    missing("a value");
  }
  const Span token = source_.token_at(at);
  if (group) {
    refuse_delta(token);
  }
  source_.fail(token, fmt::format("expected {} or '{}' before {}{}", group ? "'and', 'or'" : "','",
                                  close, source_.quoted(token), group ? meant(token) : ""));
}

void TreeBuilder::missing_end(std::size_t at) const {
  const Span token = source_.token_at(at);
  const std::string_view text = source_.at(token);
  const std::string quoted = source_.quoted(token);
  if (text == ")" || text == "}") {
    source_.fail(token, fmt::format("{} without '{}'", quoted, text == ")" ? '(' : '{'));
  }
  if (items_.empty()) {
    source_.fail(token, fmt::format("expected a field or value before {}", quoted));
  }
  const std::string_view before = source_.at(last_);
  if (is_unit(text) && before.find_first_not_of("0123456789.") == std::string_view::npos) {
    source_.fail(token,
                 fmt::format("a unit follows its number without a blank: '{}{}'", before, text));
  }
  const Item& last = items_.back();
  if (std::holds_alternative<Operand>(last.part) && grammar_ != Grammar::group_terms) {
    missing_comparison(last, at);
  }
  if (op_of(text)) {
    source_.fail(token,
                 fmt::format("comparisons do not chain: join two by 'and' before {}", quoted));
  }
  refuse_delta(token);
  const bool forgot_comma = grammar_ == Grammar::group_terms && find_element(text).has_value();
  source_.fail(token, fmt::format("expected 'and' or 'or' before {}{}", quoted, meant(token)),
               forgot_comma
                   ? fmt::format("commas separate terms: '{}, {}'", source_.at(span_of(last)), text)
                   : "");
}

void TreeBuilder::refuse_delta(Span token) const {
  const std::string word = lower(source_.at(token));
  if (word != "delta" && word != "rdelta") {
    return;
  }
  const Item& last = items_.back();
  const std::string_view before = source_.at(span_of(last));
  source_.fail(token, fmt::format("{} follows a comparison", source_.quoted(token)),
               std::holds_alternative<Operand>(last.part)
                   ? fmt::format("for example '{0} = {0} {1} 3'", before, word)
                   : "a comparison has one delta, and 'in' has none");
}

void TreeBuilder::missing_quote() const {
  source_.fail(last_, "string without a closing quote");
}

}  // namespace nfql
