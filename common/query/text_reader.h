// Takes the stages and chains of the text form from what its grammar meets.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/expr/expression_source.h"
#include "common/query/text_syntax.h"
#include "common/query/text_tokens.h"

namespace nfql {

/// Every member function that takes a span is told of a token or rule that matched, in order.
class TextReader {
 public:
  explicit TextReader(const QuerySource& source);

  [[nodiscard]] std::string_view text() const { return source_.text(); }
  [[nodiscard]] std::size_t offset(const char* at) const {
    return static_cast<std::size_t>(at - text().data());
  }
  [[nodiscard]] TextQuery take() { return std::move(query_); }

  /// To be called before each statement, and when one could not be read to its end.
  void begin_statement() { stages_before_ = query_.stages.size(); }
  void give_up_statement();
  /// What follows can be no part of a query that was not read to its end.
  void give_up_rest() { query_.whole = false; }

  void saw(Span span) { last_ = span; }
  void kind(Span span);
  void stage_name(Span span);
  void open(Span span);
  void close(Span span);
  void module_name(Span span);
  void end_module(Span span);
  void branch_item(Span span);
  void export_item(Span span);
  void emit_what(Span span);
  void order_what(Span span);
  void no_members(Span span);
  void flat(Span span);
  void file_link(Span span);
  void stage_link(Span span);
  void branch_name(Span span);
  void chain(Span span);
  [[noreturn]] void misplaced_aggregate(Span span) const;

  /// Whether an expression begins where `in` stands, which then is behind it.
  template <class Input>
  bool read_rule(Input& in) {
    const std::size_t begin = offset(in.current());
    const std::size_t end = take_rule(begin);
    in.bump(end - begin);
    return end != begin;
  }
  template <class Input>
  bool read_aggregates(Input& in) {
    const std::size_t begin = offset(in.current());
    const std::size_t end = end_of_aggregates(text(), begin);
    stage().aggregates.push_back({begin, end});
    in.bump(end - begin);
    return end != begin;
  }

  // What is wrong when something that must come does not; `at` is where the next token begins.
  [[noreturn]] void missing(std::string_view thing) const { source_.fail_expected(thing, last_); }
  [[noreturn]] void missing_close(std::size_t at) const;
  [[noreturn]] void missing_arrow(std::size_t at);
  [[noreturn]] void missing_quote() const { source_.fail(last_, "file without a closing quote"); }
  [[noreturn]] void missing_statement(std::size_t at) const;

 private:
  TextStage& stage() { return query_.stages.back(); }
  TextModule& module();
  [[nodiscard]] TextWord word(Span span) const { return {std::string(source_.at(span)), span}; }
  std::size_t take_rule(std::size_t begin);
  [[nodiscard]] const std::vector<std::string_view>& composites(StageKind kind) const;
  void refuse_reference(const TextFault& fault) const;
  void refuse_call(std::size_t begin, const TextFault& fault) const;

  ExpressionSource source_;
  std::vector<std::string_view> filters_;  // the names of all, which composites may use
  std::vector<std::string_view> groupfilters_;
  std::vector<StageHead> heads_;
  TextQuery query_;
  TextChain chain_;
  std::size_t stages_before_ = 0;
  bool in_module_ = false;
  StageKind kind_ = StageKind::filter;
  std::vector<Span> open_;  // braces
  Span last_;
};

}  // namespace nfql
