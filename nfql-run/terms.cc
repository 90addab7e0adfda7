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

// Binds the expression; returns what that throws, with its place if it has one.
std::optional<Error> failure(const ExpressionText& text, ExpressionText&& copy,
                             const TermCheck& check, Problems* problems) {
  try {
    check.bind(std::move(copy));
    return std::nullopt;
  } catch (const TextError& error) {
    if (problems != nullptr) {
      problems->add(error, text);
    }
    return error;
  } catch (const Error& error) {
    if (problems != nullptr) {
      problems->add(error, text);
    }
    return error;
  }
}

}  // namespace

CheckedTerms check_terms(const ExpressionText& expression, Grammar grammar, const TermCheck& check,
                         Problems& problems) {
  if (!failure(expression, copy_of(expression, grammar), check, nullptr)) {
    return {true, {}};
  }
  CheckedTerms result;
  bool skipped = false;
  for (ExpressionText& term : terms_of(expression, grammar)) {
    if (check.skip && check.skip(term)) {
      skipped = true;
    } else if (failure(term, copy_of(term, grammar), check, &problems)) {
      result.failed.push_back(std::move(term));
    }
  }
  if (result.failed.empty() && !skipped) {
    static_cast<void>(failure(expression, copy_of(expression, grammar), check, &problems));
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
