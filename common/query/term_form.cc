#include "common/query/term_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <string_view>
#include <vector>

#include "common/base/names.h"
#include "common/flow/address.h"

namespace nfql {
namespace {

/// A word of the term form and what the language calls it.
struct Word {
  std::string_view rule;
  std::string_view text;
};

constexpr std::array<Word, 6> kComparisons = {{{"RULE_EQ", "="},
                                               {"RULE_NE", "!="},
                                               {"RULE_GT", ">"},
                                               {"RULE_LT", "<"},
                                               {"RULE_LE", "<="},
                                               {"RULE_GE", ">="}}};
constexpr std::array<Word, 13> kAllen = {{{"RULE_ALLEN_BF", "before"},
                                          {"RULE_ALLEN_AF", "after"},
                                          {"RULE_ALLEN_M", "meets"},
                                          {"RULE_ALLEN_MI", "met-by"},
                                          {"RULE_ALLEN_O", "overlaps"},
                                          {"RULE_ALLEN_OI", "overlapped-by"},
                                          {"RULE_ALLEN_S", "starts"},
                                          {"RULE_ALLEN_SI", "started-by"},
                                          {"RULE_ALLEN_D", "during"},
                                          {"RULE_ALLEN_DI", "contains"},
                                          {"RULE_ALLEN_F", "finishes"},
                                          {"RULE_ALLEN_FI", "finished-by"},
                                          {"RULE_ALLEN_EQ", "equals"}}};
constexpr std::array<Word, 13> kAggregates = {{{"RULE_STATIC", "static"},
                                               {"RULE_COUNT", "count"},
                                               {"RULE_UNION", "union"},
                                               {"RULE_MIN", "min"},
                                               {"RULE_MAX", "max"},
                                               {"RULE_MEDIAN", "median"},
                                               {"RULE_MEAN", "mean"},
                                               {"RULE_STDDEV", "stddev"},
                                               {"RULE_XOR", "xor"},
                                               {"RULE_SUM", "sum"},
                                               {"RULE_PROD", "prod"},
                                               {"RULE_AND", "and"},
                                               {"RULE_OR", "or"}}};
/// Which flow of the group a term looks at: the first, or the one added last.
constexpr std::array<Word, 3> kDeltas = {
    {{"RULE_ABS", "first."}, {"RULE_REL", "last."}, {"RULE_NO", "first."}}};

template <std::size_t N>
const Word* find_word(const std::array<Word, N>& words, std::string_view rule) {
  const auto found = std::find_if(words.begin(), words.end(),
                                  [rule](const Word& word) { return word.rule == rule; });
  return found == words.end() ? nullptr : &*found;
}

template <std::size_t N>
[[noreturn]] void refuse_word(const JsonValue& value, const std::array<Word, N>& words) {
  std::vector<std::string_view> rules;
  for (const Word& word : words) {
    rules.push_back(word.rule);
  }
  const std::string_view nearest = nearest_name(value.string(), rules);
  value.refuse(fmt::format("'{}' is not known here", value.string()),
               nearest.empty() ? fmt::format("one of {}", fmt::join(rules, ", "))
                               : fmt::format("did you mean '{}'?", nearest));
}

template <std::size_t N>
std::string_view word_of(const JsonValue& value, const std::array<Word, N>& words) {
  const Word* word = find_word(words, value.string());
  if (word == nullptr) {
    refuse_word(value, words);
  }
  return word->text;
}

std::uint64_t delta_of(const JsonObject& term) {
  const JsonValue* delta = term.find("delta");
  return delta == nullptr ? 0 : delta->number();
}

std::string with_delta(std::string text, std::uint64_t delta) {
  return delta == 0 ? text : fmt::format("{} delta {}", text, delta);
}

std::string value_text(const JsonValue& value) {
  if (value.is_integer()) {
    return fmt::format("{}", value.number());
  }
  std::string text = value.string();
  if (parse_address(text) || parse_prefix(text)) {
    return text;
  }
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
    }
    quoted += c;
  }
  return quoted + '"';
}

std::string filter_term(const JsonValue& value) {
  const JsonObject term(value, {"offset", "delta", "op"});
  const JsonObject offset(term.at("offset"), {"name", "value", "datatype"});
  const std::string_view op = word_of(term.at("op"), kComparisons);
  return with_delta(
      fmt::format("{} {} {}", offset.at("name").string(), op, value_text(offset.at("value"))),
      delta_of(term));
}

struct TwoFields {
  std::string first;
  std::string second;
};

TwoFields two_fields(const JsonObject& term) {
  const JsonObject offset(term.at("offset"), {"f1_name", "f1_datatype", "f2_name", "f2_datatype"});
  return {offset.at("f1_name").string(), offset.at("f2_name").string()};
}

// Orderings with delta are tolerances in this form, which group terms write as a sum: there
// `delta` bounds the gap. Where all flows agree with the last one, they agree with the first:
// `alone` says that no other clause lets in one that does not.
std::string group_term(const JsonValue& value, bool alone) {
  const JsonObject term(value, {"offset", "delta", "op"});
  const TwoFields fields = two_fields(term);
  const JsonObject op(term.at("op"), {"name", "type"});
  const std::string_view comparison = word_of(op.at("name"), kComparisons);
  const JsonValue* type = op.find("type");
  const std::string_view which = type == nullptr ? "first." : word_of(*type, kDeltas);
  const bool ignored = type != nullptr && type->string() == "RULE_NO";
  const std::uint64_t delta = ignored ? 0 : delta_of(term);
  if (comparison == "=" && delta == 0 && same_name(fields.first, fields.second) &&
      (alone || which == "first.")) {
    return fields.first;
  }
  const std::string left = fmt::format("{}{}", which, fields.first);
  if (delta == 0 || comparison == "=" || comparison == "!=") {
    return with_delta(fmt::format("{} {} {}", left, comparison, fields.second), delta);
  }
  const char sign = comparison.front() == '<' ? '+' : '-';
  return fmt::format("{} {} {} {} {}", left, comparison, fields.second, sign, delta);
}

std::size_t branch_of(const JsonObject& term, std::string_view key, std::size_t branches) {
  const JsonValue& id = term.at(key);
  if (id.number() >= branches) {
    id.refuse(fmt::format("there is no branch {} (the query has {}, counted from 0)", id.number(),
                          branches));
  }
  return id.number();
}

std::string merge_term(const JsonValue& value, std::size_t branches) {
  const JsonObject term(value, {"offset", "delta", "op", "branch1_id", "branch2_id"});
  const std::size_t first = branch_of(term, "branch1_id", branches);
  const std::size_t second = branch_of(term, "branch2_id", branches);
  const JsonObject op(term.at("op"), {"name", "type"});
  const JsonValue& rule = op.at("name");
  if (const JsonValue* type = op.find("type")) {
    static_cast<void>(word_of(*type, kDeltas));
  }
  if (const Word* relation = find_word(kAllen, rule.string())) {
    return with_delta(fmt::format("{} {} {}", first, relation->text, second), delta_of(term));
  }
  const TwoFields fields = two_fields(term);
  if (rule.string() == "RULE_IN") {
    return fmt::format("{}.{} in {}.{}", first, fields.first, second, fields.second);
  }
  return with_delta(fmt::format("{}.{} {} {}.{}", first, fields.first, word_of(rule, kComparisons),
                                second, fields.second),
                    delta_of(term));
}

using TermReader = std::function<std::string(const JsonValue&)>;

std::vector<std::string> clause_terms(const JsonValue& clause, const TermReader& read) {
  std::vector<std::string> terms;
  const JsonObject object(clause, {"clause"});
  for (const JsonValue& item : object.at("clause").array()) {
    terms.push_back(read(JsonObject(item, {"term"}).at("term")));
  }
  return terms;
}

std::string dnf_text(const JsonValue& dnf, const TermReader& read) {
  std::vector<std::string> clauses;
  for (const JsonValue& clause : dnf.array()) {
    const std::vector<std::string> terms = clause_terms(clause, read);
    clauses.push_back(terms.empty() ? "any" : fmt::format("{}", fmt::join(terms, " and ")));
  }
  return fmt::format("{}", fmt::join(clauses, " or "));  // `and` binds more strongly than `or`
}

}  // namespace

TermText filter_text(const JsonValue& stage) {
  const JsonObject object(stage, {"dnf-expr"});
  const JsonValue& dnf = object.at("dnf-expr");
  TermText result{dnf_text(dnf, filter_term), {}};
  if (dnf.array().empty()) {
    result.warnings.push_back(fmt::format(
        "{}: is empty and keeps everything (the tool of 2013 dropped everything)", dnf.path()));
  }
  return result;
}

TermText group_text(const JsonValue& dnf) {
  const bool alone = dnf.array().size() == 1;
  return {dnf_text(dnf, [alone](const JsonValue& term) { return group_term(term, alone); }), {}};
}

std::string aggregate_text(const JsonValue& aggregation) {
  const std::vector<std::string> items = clause_terms(aggregation, [](const JsonValue& value) {
    const JsonObject term(value, {"offset", "op"});
    const JsonObject offset(term.at("offset"), {"name", "datatype"});
    const std::string name = offset.at("name").string();
    return fmt::format("{}({}) as {}", word_of(term.at("op"), kAggregates), name, name);
  });
  return fmt::format("{}", fmt::join(items, ", "));
}

TermText merge_text(const JsonValue& stage, std::size_t branches) {
  const JsonObject object(stage, {"dnf-expr"});
  return {dnf_text(object.at("dnf-expr"),
                   [branches](const JsonValue& term) { return merge_term(term, branches); }),
          {}};
}

}  // namespace nfql
