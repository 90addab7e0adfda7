#include "common/query/text_reader.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "common/base/names.h"
#include "common/expr/literals.h"
#include "common/flow/registry.h"

namespace nfql {
namespace {

constexpr std::array<std::string_view, 6> kKinds = {"splitter",    "filter", "grouper",
                                                    "groupfilter", "merger", "ungrouper"};

StageKind kind_of(std::string_view word) {
  const std::string wanted = lower(word);
  return static_cast<StageKind>(std::find(kKinds.begin(), kKinds.end(), wanted) - kKinds.begin());
}

Grammar grammar_of(StageKind kind) {
  return kind == StageKind::grouper  ? Grammar::group_terms
         : kind == StageKind::merger ? Grammar::merge
                                     : Grammar::filter;
}

}  // namespace

std::string_view name_of(StageKind kind) {
  return kKinds[static_cast<std::size_t>(kind)];
}

TextReader::TextReader(const QuerySource& source)
    : source_("", source.text), heads_(stage_heads(source.text)) {
  for (const StageHead& head : heads_) {
    const StageKind kind = kind_of(head.kind);
    if (kind == StageKind::filter) {
      filters_.push_back(head.name);
    } else if (kind == StageKind::groupfilter) {
      groupfilters_.push_back(head.name);
    }
  }
}

void TextReader::give_up_statement() {
  if (query_.stages.size() > stages_before_) {
    stage().faulty = true;
  } else {
    query_.whole = false;
  }
  chain_.clear();
  open_.clear();
  in_module_ = false;
}

void TextReader::kind(Span span) {
  saw(span);
  kind_ = kind_of(source_.at(span));
}

void TextReader::stage_name(Span span) {
  saw(span);
  TextStage& stage = query_.stages.emplace_back();
  stage.kind = kind_;
  stage.name = word(span);
}

void TextReader::open(Span span) {
  saw(span);
  open_.push_back(span);
}

void TextReader::close(Span span) {
  saw(span);
  open_.pop_back();
}

void TextReader::module_name(Span span) {
  saw(span);
  stage().modules.push_back({word(span), {}, {}});
  in_module_ = true;
}

void TextReader::end_module(Span) {
  in_module_ = false;
}

// The module that stands open, or the one of what stands in none.
TextModule& TextReader::module() {
  std::vector<TextModule>& modules = stage().modules;
  if (in_module_) {
    return modules.back();
  }
  const auto loose = std::find_if(modules.begin(), modules.end(),
                                  [](const TextModule& m) { return m.name.text.empty(); });
  return loose != modules.end() ? *loose : modules.emplace_back();
}

void TextReader::branch_item(Span span) {
  saw(span);
  module().branches.push_back(word(span));
}

void TextReader::export_item(Span span) {
  saw(span);
  stage().exports.push_back(word(span));
}

void TextReader::emit_what(Span span) {
  saw(span);
  stage().collection = same_name(source_.at(span), "collection");
  if (!stage().collection && !same_name(source_.at(span), "tuples")) {
    source_.fail(span, source_.quoted(span) + " cannot be emitted (tuples or collection can)");
  }
}

void TextReader::order_what(Span span) {
  saw(span);
  stage().input_order = same_name(source_.at(span), "input");
}

void TextReader::no_members(Span span) {
  saw(span);
  stage().no_members = span;
}

void TextReader::flat(Span span) {
  saw(span);
  stage().flat = true;
}

void TextReader::file_link(Span span) {
  saw(span);
  chain_.push_back({true, {read_string(source_, span), span}, std::nullopt});
}

void TextReader::stage_link(Span span) {
  saw(span);
  chain_.push_back({false, word(span), std::nullopt});
}

void TextReader::branch_name(Span span) {
  saw(span);
  saw(span);
  chain_.back().branch = word(span);
}

void TextReader::chain(Span) {
  query_.chains.push_back(std::exchange(chain_, {}));
}

void TextReader::misplaced_aggregate(Span span) const {
  fail_at("", text(), span, "an aggregate clause does not stand in a module",
          "it is of all modules: write it behind them");
}

const std::vector<std::string_view>& TextReader::composites(StageKind kind) const {
  static const std::vector<std::string_view> kNone;
  return kind == StageKind::filter        ? filters_
         : kind == StageKind::groupfilter ? groupfilters_
                                          : kNone;
}

std::size_t TextReader::take_rule(std::size_t begin) {
  const StageKind kind = stage().kind;
  std::optional<Rule> rule;
  try {
    rule = parse_rule(text(), begin, grammar_of(kind), composites(kind));
  } catch (const TextError& error) {
    refuse_reference(error.fault());
    refuse_call(begin, error.fault());
    throw;
  }
  if (!rule) {
    return begin;
  }
  const Span span = rule->span;
  saw(span);
  const bool in_modules = kind == StageKind::grouper || kind == StageKind::merger;
  (in_modules ? module().rules : stage().rules).push_back(std::move(*rule));
  return span.end;
}

// A word that stands alone in a filter, and is no field, was meant as the name of another.
void TextReader::refuse_reference(const TextFault& fault) const {
  const Span span = word_before(text(), fault.span.begin);
  const std::string name(source_.at(span));
  const std::vector<std::string_view>& known = composites(query_.stages.back().kind);
  if (known.empty() || find_field(name) != nullptr ||
      !fault.message.starts_with(fmt::format("expected a comparison after '{}'", name))) {
    return;
  }
  const std::string_view kind = name_of(query_.stages.back().kind);
  const auto other = std::find_if(heads_.begin(), heads_.end(), [&](const StageHead& head) {
    return same_name(head.name, name);
  });
  const std::string_view field = nearest_field(name);
  std::string hint;
  if (other != heads_.end()) {
    hint = fmt::format("'{}' is a {}", name, lower(other->kind));
  } else if (likely_name(name, known).empty() && !field.empty()) {
    hint = fmt::format("did you mean the field '{}'? It needs a comparison", field);
  } else {
    hint = hint_of(name, known, fmt::format("the {}s are", kind));
  }
  fail_at("", text(), span,
          fmt::format("no {} is named '{}', and no comparison follows", kind, name), hint);
}

// `srcip (last.end < start)` on one line is read as a call, and goes wrong in the parentheses.
void TextReader::refuse_call(std::size_t begin, const TextFault& fault) const {
  const std::optional<std::size_t> open = open_parenthesis(text(), {begin, fault.span.begin});
  if (!open) {
    return;
  }
  const Span word = word_before(text(), text().find_last_not_of(" \t", *open - 1) + 1);
  if (find_field(source_.at(word)) != nullptr) {
    fail_at("", text(), word, source_.quoted(word) + " is no function, but '(' follows it",
            "write a comma or a new line between two rules");
  }
}

void TextReader::missing_close(std::size_t at) const {
  const Span brace = open_.back();
  if (at >= text().size() || is_stage_ahead(text(), at)) {
    source_.fail(brace, "missing '}' for this '{'");
  }
  const Span token = source_.token_at(at);
  const bool empty = query_.stages.back().kind == StageKind::splitter;
  const bool flat = query_.stages.back().kind == StageKind::ungrouper;
  source_.fail(token, std::string("expected ") +
                          (empty  ? "'}'"
                           : flat ? "'flat' or '}'"
                                  : "a rule or '}'") +
                          " before " + source_.quoted(token));
}

void TextReader::missing_arrow(std::size_t at) {
  if (is_named_brace(text(), at) && !chain_.back().file) {
    const Span word = chain_.back().word.span;
    const std::string_view nearest = nearest_name(source_.at(word), kKinds);
    kind_ = nearest.empty() ? StageKind::filter : kind_of(nearest);
    stage_name(source_.token_at(at));
    fail_at("", text(), word, source_.quoted(word) + " is no kind of stage",
            nearest.empty() ? fmt::format("there are {}", fmt::join(kKinds, ", "))
                            : fmt::format("did you mean '{}'?", nearest));
  }
  source_.fail_expected("'->' or 'branch'", last_);
}

void TextReader::missing_statement(std::size_t at) const {
  const Span token = source_.token_at(at);
  fail_at("", text(), token,
          fmt::format("expected a stage or a chain before {}", source_.quoted(token)),
          "a stage is 'filter NAME { RULE... }', a chain 'NAME -> NAME'");
}

}  // namespace nfql
