#include "common/expr/expression_source.h"

#include <fmt/format.h>

#include <utility>

#include "common/expr/excerpt.h"
#include "common/expr/habits.h"
#include "common/expr/parse.h"

namespace nfql {
namespace {

constexpr std::size_t kQuoteWidth = 40;  // of a piece within a message, in characters

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_operator(char c) {
  return std::string_view("=<>!~&|").find(c) != std::string_view::npos;
}

// "WHAT: line 2: MESSAGE" with the line; the number only where there are several.
std::string told(const TextFault& fault, std::string_view text) {
  const std::string where = text.find('\n') == std::string_view::npos
                                ? ""
                                : fmt::format("line {}: ", place_at(text, fault.span.begin).line);
  return fmt::format("{}{}{}{}\n{}", fault.what, fault.what.empty() ? "" : ": ", where,
                     fault.message, excerpt(text, fault.span));
}

}  // namespace

TextError::TextError(TextFault fault, std::string_view text, std::string hint)
    : Error(Exit::usage, told(fault, text), std::move(hint)), fault_(std::move(fault)) {}

void fail_at(std::string_view what, std::string_view text, Span span, std::string_view message,
             std::string hint) {
  throw TextError({std::string(what), span, std::string(message)}, text, std::move(hint));
}

std::string ExpressionSource::quoted(Span span) const {
  return fmt::format("'{}'", shown(at(span), kQuoteWidth));
}

Span ExpressionSource::token_at(std::size_t position) const {
  if (position >= text_.size()) {
    return {text_.size(), text_.size()};
  }
  const char first = text_[position];
  if (!is_word(first) && !is_operator(first)) {
    return {position, position + utf8_length(text_.substr(position))};
  }
  std::size_t end = position;
  while (end < text_.size() && (is_word(first) ? is_word(text_[end]) : is_operator(text_[end]))) {
    ++end;
  }
  return {position, end};
}

void ExpressionSource::fail(Span span, std::string_view message, std::string hint) const {
  std::string habit = habit_hint(text_, span.begin);
  fail_at(what_, text_, span, message, habit.empty() ? std::move(hint) : std::move(habit));
}

void ExpressionSource::fail_expected(std::string_view thing, Span last) const {
  if (last.end == 0) {
    fail({0, 0}, fmt::format("expected {}", thing));
  }
  fail({last.end, last.end}, fmt::format("expected {} after {}", thing, quoted(last)));
}

}  // namespace nfql
