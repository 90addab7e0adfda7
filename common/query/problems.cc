#include "common/query/problems.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "common/expr/excerpt.h"

namespace nfql {
namespace {

// The place of a byte; what is in no piece is put where the text begins.
std::size_t in_source(const std::vector<TextPiece>& pieces, std::size_t at) {
  const auto after =
      std::upper_bound(pieces.begin(), pieces.end(), at,
                       [](std::size_t byte, const TextPiece& piece) { return byte < piece.begin; });
  if (after == pieces.begin()) {
    return pieces.empty() ? 0 : pieces.front().source;
  }
  const TextPiece& piece = *(after - 1);
  return piece.source + (at - piece.begin);
}

std::string prefixed(const std::string& what, const std::string& message) {
  return what.empty() ? message : what + ": " + message;
}

}  // namespace

Span span_in_source(const std::vector<TextPiece>& pieces, Span span) {
  const std::size_t begin = in_source(pieces, span.begin);
  if (span.end <= span.begin) {
    return {begin, begin};
  }
  return {begin, std::max(begin, in_source(pieces, span.end - 1) + 1)};
}

std::string Problems::place(Span span) const {
  const TextPlace place = place_at(source_->text, span.begin);
  return fmt::format("{}:{}:{}: ", source_->name, place.line, place.column);
}

std::size_t Problems::line_of(Span span) const {
  return place_at(source_->text, span.begin).line;
}

void Problems::keep(Problem&& problem) {
  const bool known = std::any_of(problems_.begin(), problems_.end(), [&](const Problem& other) {
    return problem.span && other.span
               ? problem.span->begin == other.span->begin
               : std::string_view(problem.error.what()) == other.error.what();
  });
  if (!known) {
    problems_.push_back(std::move(problem));
  }
}

void Problems::add(Span span, std::string message, std::string hint) {
  if (full()) {
    return;
  }
  keep({span, Error(Exit::usage,
                    fmt::format("{}{}\n{}", place(span), message, excerpt(source_->text, span)),
                    std::move(hint))});
}

void Problems::add(const TextError& error) {
  const TextFault& fault = error.fault();
  add(fault.span, prefixed(fault.what, fault.message), error.hint());
}

void Problems::add(const TextError& error, const ExpressionText& text) {
  const TextFault& fault = error.fault();
  add(span_in_source(text.pieces, fault.span), prefixed(text.what, fault.message), error.hint());
}

void Problems::add(const Error& error, const ExpressionText& text) {
  const Span span = span_in_source(text.pieces, {0, text.text.size()});
  if (!full()) {
    keep({span, Error(error.code(),
                      fmt::format("{}{}\n{}", place(span), prefixed(text.what, error.what()),
                                  excerpt(source_->text, span)),
                      error.hint())});
  }
}

void Problems::add(const Error& error) {
  keep({std::nullopt, error});
}

void Problems::warn(Span span, const std::string& message) {
  warnings_.push_back(place(span) + message);
}

void Problems::throw_if_any() const {
  if (problems_.empty()) {
    return;
  }
  std::vector<Problem> sorted = problems_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Problem& a, const Problem& b) {
    constexpr std::size_t kLast = std::numeric_limits<std::size_t>::max();
    return (a.span ? a.span->begin : kLast) < (b.span ? b.span->begin : kLast);
  });
  if (sorted.size() == 1) {
    throw sorted.front().error;
  }
  std::vector<Error> errors;
  errors.reserve(sorted.size());
  for (Problem& problem : sorted) {
    errors.push_back(std::move(problem.error));
  }
  throw Errors(std::move(errors));
}

}  // namespace nfql
