#include "nfql-run/terms.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace nfql {
namespace {

void collect(const Expr& expr, std::vector<Span>& spans) {
  if (const auto* negation = std::get_if<Not>(&expr.node)) {
    collect(*negation->part, spans);
  } else if (const auto* all = std::get_if<And>(&expr.node)) {
    for (const Expr& part : all->parts) {
      collect(part, spans);
    }
  } else if (const auto* any = std::get_if<Or>(&expr.node)) {
    for (const Expr& part : any->parts) {
      collect(part, spans);
    }
  } else if (!std::holds_alternative<Always>(expr.node)) {
    spans.push_back(expr.span);
  }
}

bool in_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Suggests what the name at the fault may have been, had there been no other mistake.
TextError with_lost_name(const TextError& error, const ExpressionText& text,
                         const TermCheck& check) {
  const Span span = error.fault().span;
  if (!check.lost_name || error.hint().starts_with("did you mean")) {
    return error;
  }
  const std::string lost =
      check.lost_name(std::string_view(text.text).substr(span.begin, span.end - span.begin));
  return lost.empty()
             ? error
             : TextError(error.fault(), text.text, fmt::format("did you mean '{}'?", lost));
}

// Binds the expression; whether that failed. What it throws goes to the problems.
bool fails(const ExpressionText& text, Grammar grammar, const TermCheck& check,
           Problems& problems) {
  try {
    check.bind(copy_of(text, grammar));
    return false;
  } catch (const TextError& error) {
    problems.add(with_lost_name(error, text, check), text);
  } catch (const Error& error) {
    problems.add(error, text);
  }
  return true;
}

bool is_right(const ExpressionText& text, Grammar grammar, const TermCheck& check) {
  try {
    check.bind(copy_of(text, grammar));
    return true;
  } catch (const Error&) {
    return false;
  }
}

// The expression with what is always true in place of the terms, as long as it was.
ExpressionText without(const std::vector<ExpressionText>& terms, const ExpressionText& expression,
                       Grammar grammar) {
  constexpr std::string_view kAny = "any";  // no term of a merger is shorter
  std::string text = expression.text;
  for (const ExpressionText& term : terms) {
    const std::size_t begin = term.text.find_first_not_of(' ');
    const std::size_t end = term.text.find_last_not_of(' ') + 1;
    std::fill(text.begin() + static_cast<std::ptrdiff_t>(begin),
              text.begin() + static_cast<std::ptrdiff_t>(end), ' ');
    text.replace(begin, kAny.size(), kAny);
  }
  ExpressionText rest = parse(std::move(text), grammar, expression.what);
  rest.pieces = expression.pieces;
  return rest;
}

}  // namespace

CheckedTerms check_terms(const ExpressionText& expression, Grammar grammar, const TermCheck& check,
                         Problems& problems) {
  if (is_right(expression, grammar, check)) {
    return {true, {}};
  }
  CheckedTerms result;
  std::vector<ExpressionText> left_out;
  for (ExpressionText& term : terms_of(expression, grammar)) {
    if (check.skip && check.skip(term)) {
      left_out.push_back(std::move(term));
    } else if (fails(term, grammar, check, problems)) {
      left_out.push_back(copy_of(term, grammar));
      result.failed.push_back(std::move(term));
    }
  }
  if (left_out.empty() || grammar == Grammar::merge) {
    static_cast<void>(fails(without(left_out, expression, grammar), grammar, check, problems));
  }
  return result;
}

ExpressionText copy_of(const ExpressionText& expression, Grammar grammar) {
  ExpressionText copy = parse(expression.text, grammar, expression.what);
  copy.pieces = expression.pieces;
  return copy;
}

std::vector<ExpressionText> terms_of(const ExpressionText& expression, Grammar grammar) {
  std::vector<Span> spans;
  collect(expression.expr, spans);
  std::vector<ExpressionText> terms;
  for (const Span span : spans) {
    std::string text(expression.text.size(), ' ');
    text.replace(span.begin, span.end - span.begin, expression.text, span.begin,
                 span.end - span.begin);
    ExpressionText& term = terms.emplace_back(parse(std::move(text), grammar, expression.what));
    term.pieces = expression.pieces;
  }
  return terms;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (auto at = text.begin(); at != text.end();) {
    const auto begin = std::find_if(at, text.end(), in_word);
    at = std::find_if_not(begin, text.end(), in_word);
    if (begin != at) {
      words.push_back(text.substr(static_cast<std::size_t>(begin - text.begin()),
                                  static_cast<std::size_t>(at - begin)));
    }
  }
  return words;
}

}  // namespace nfql
