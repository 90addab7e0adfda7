// Everything that is wrong with a query, each with its place in the file.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/expr/parse.h"

namespace nfql {

/// What a query was read from.
struct QuerySource {
  std::string name;  ///< of the file, for messages
  std::string text;
};

/// Where the bytes [begin, end) of a text made of `pieces` stand in the source.
[[nodiscard]] Span span_in_source(const std::vector<TextPiece>& pieces, Span span);

/// Collects, so that all can be told at once. What is said of a place that something was said of
/// before is left out: it follows from that.
class Problems {
 public:
  /// The source must outlive this.
  explicit Problems(const QuerySource& source) : source_(&source) {}

  void add(Span span, std::string message, std::string hint = {});
  /// Of a text that is the source itself.
  void add(const TextError& error);
  /// Of an expression that was taken from the source; messages call it what `text` says.
  void add(const TextError& error, const ExpressionText& text);
  /// Of an expression as a whole.
  void add(const Error& error, const ExpressionText& text);
  /// Without a place.
  void add(const Error& error);
  void warn(Span span, const std::string& message);

  [[nodiscard]] bool empty() const { return problems_.empty(); }
  /// Whether there are more than anybody reads; no further ones are kept.
  [[nodiscard]] bool full() const { return problems_.size() >= kMost; }
  /// The line of the source in which the span begins, from 1.
  [[nodiscard]] std::size_t line_of(Span span) const;
  /// "FILE:LINE:COLUMN: MESSAGE", in the order in which they came.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }
  /// Throws all of them, by their places in the source (those without one last), if there are any:
  /// Errors, or the Error when it is one. Each is "FILE:LINE:COLUMN: MESSAGE", the line of the
  /// source, and carets under it.
  void throw_if_any() const;

  /// Calls `work`; whether it ended without a TextError, which else is added. The text in which
  /// that has its place is the source itself.
  template <class Work>
  bool attempt(const Work& work) {
    try {
      work();
      return true;
    } catch (const TextError& error) {
      add(error);
      return false;
    }
  }

 private:
  static constexpr std::size_t kMost = 100;

  struct Problem {
    std::optional<Span> span;
    Error error;
  };

  [[nodiscard]] std::string place(Span span) const;
  void keep(Problem&& problem);

  const QuerySource* source_;
  std::vector<Problem> problems_;
  std::vector<std::string> warnings_;
};

}  // namespace nfql
