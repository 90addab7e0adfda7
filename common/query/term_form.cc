#include "common/query/term_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
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

void add_number(MappedText& text, const JsonValue& number) {
  text.add(fmt::format("{}", number.number()), number.span().begin);
}

// The operator stands where its word does.
void add_operator(MappedText& text, const JsonValue& word, std::string_view op) {
  text.add(" ");
  text.add(op, word.span().begin);
  text.add(" ");
}

void add_delta(MappedText& text, const JsonObject& term) {
  if (delta_of(term) != 0) {
    text.add(" delta ");
    add_number(text, term.at("delta"));
  }
}

void add_value(MappedText& text, const JsonValue& value) {
  if (value.is_number()) {
    add_number(text, value);
    return;
  }
  const std::string& word = value.string();
  if (parse_address(word) || parse_prefix(word)) {
    text.add(value.text());
    return;
  }
  text.add("\"", value.span().begin - 1);
  if (word.find_first_of("\"\\") == std::string::npos) {
    text.add(value.text());
  } else {
    for (const char c : word) {
      text.add(c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c});
    }
  }
  text.add("\"");
}

MappedText filter_term(const JsonValue& value) {
  const JsonObject term(value, {"offset", "delta", "op"});
  const JsonObject offset(term.at("offset"), {"name", "value", "datatype"});
  const JsonValue& op = term.at("op");
  MappedText text;
  text.add(offset.at("name").text());
  add_operator(text, op, word_of(op, kComparisons));
  add_value(text, offset.at("value"));
  add_delta(text, term);
  return text;
}

struct TwoFields {
  MappedText first;
  MappedText second;
};

TwoFields two_fields(const JsonObject& term) {
  const JsonObject offset(term.at("offset"), {"f1_name", "f1_datatype", "f2_name", "f2_datatype"});
  return {offset.at("f1_name").text(), offset.at("f2_name").text()};
}

// Orderings with delta are tolerances in this form, which group terms write as a sum: there
// `delta` bounds the gap. Where all flows agree with the last one, they agree with the first:
// `alone` says that no other clause lets in one that does not.
MappedText group_term(const JsonValue& value, bool alone) {
  const JsonObject term(value, {"offset", "delta", "op"});
  const TwoFields fields = two_fields(term);
  const JsonObject op(term.at("op"), {"name", "type"});
  const std::string_view comparison = word_of(op.at("name"), kComparisons);
  const JsonValue* type = op.find("type");
  const std::string_view which = type == nullptr ? "first." : word_of(*type, kDeltas);
  const bool ignored = type != nullptr && type->string() == "RULE_NO";
  const bool has_delta = !ignored && delta_of(term) != 0;
  if (comparison == "=" && !has_delta && same_name(fields.first.text(), fields.second.text()) &&
      (alone || which == "first.")) {
    return fields.first;
  }
  MappedText text;
  text.add(which);
  text.add(fields.first);
  add_operator(text, op.at("name"), comparison);
  text.add(fields.second);
  if (has_delta && (comparison == "=" || comparison == "!=")) {
    add_delta(text, term);
  } else if (has_delta) {
    text.add(comparison.front() == '<' ? " + " : " - ");
    add_number(text, term.at("delta"));
  }
  return text;
}

std::size_t branch_of(const JsonObject& term, std::string_view key, std::size_t branches) {
  const JsonValue& id = term.at(key);
  if (id.number() >= branches) {
    id.refuse(fmt::format("there is no branch {} (the query has {}, counted from 0)", id.number(),
                          branches));
  }
  return id.number();
}

void add_field(MappedText& text, std::size_t branch, const MappedText& field) {
  text.add(fmt::format("{}.", branch));
  text.add(field);
}

MappedText merge_term(const JsonValue& value, std::size_t branches) {
  const JsonObject term(value, {"offset", "delta", "op", "branch1_id", "branch2_id"});
  const std::size_t first = branch_of(term, "branch1_id", branches);
  const std::size_t second = branch_of(term, "branch2_id", branches);
  const JsonObject op(term.at("op"), {"name", "type"});
  const JsonValue& rule = op.at("name");
  if (const JsonValue* type = op.find("type")) {
    static_cast<void>(word_of(*type, kDeltas));
  }
  MappedText text;
  if (const Word* relation = find_word(kAllen, rule.string())) {
    text.add(fmt::format("{}", first), term.at("branch1_id").span().begin);
    add_operator(text, rule, relation->text);
    text.add(fmt::format("{}", second), term.at("branch2_id").span().begin);
    add_delta(text, term);
    return text;
  }
  const TwoFields fields = two_fields(term);
  const bool membership = rule.string() == "RULE_IN";
  add_field(text, first, fields.first);
  add_operator(text, rule, membership ? "in" : word_of(rule, kComparisons));
  add_field(text, second, fields.second);
  if (!membership) {
    add_delta(text, term);
  }
  return text;
}

MappedText aggregate_term(const JsonValue& value) {
  const JsonObject term(value, {"offset", "op"});
  const JsonObject offset(term.at("offset"), {"name", "datatype"});
  const JsonValue& op = term.at("op");
  const MappedText& name = offset.at("name").text();
  MappedText text;
  text.add(word_of(op, kAggregates), op.span().begin);
  text.add("(");
  text.add(name);
  text.add(") as ");
  text.add(name);
  return text;
}

/// Reads terms, and goes on behind one that is wrong.
class Reader {
 public:
  using ReadTerm = std::function<MappedText(const JsonValue&)>;

  explicit Reader(ReadTerm read) : read_(std::move(read)) {}

  void add_clause(const JsonValue& clause, std::string_view between) {
    const JsonObject object(clause, {"clause"});
    bool first = true;
    for (const JsonValue& item : object.at("clause").array()) {
      text_.add(first ? "" : between);
      first = false;
      whole_ &= clause.problems().attempt(
          [&] { text_.add(read_(JsonObject(item, {"term"}).at("term"))); });
    }
    if (first) {
      text_.add("any");
    }
  }

  void add_dnf(const JsonValue& dnf) {
    bool first = true;
    for (const JsonValue& clause : dnf.array()) {
      text_.add(first ? "" : " or ");  // `and` binds more strongly
      first = false;
      whole_ &= dnf.problems().attempt([&] { add_clause(clause, " and "); });
    }
  }

  [[nodiscard]] std::optional<MappedText> take() && {
    return whole_ ? std::optional(std::move(text_)) : std::nullopt;
  }

 private:
  ReadTerm read_;
  MappedText text_;
  bool whole_ = true;
};

std::optional<MappedText> dnf_text(const JsonValue& dnf, Reader::ReadTerm read) {
  Reader reader(std::move(read));
  reader.add_dnf(dnf);
  return std::move(reader).take();
}

}  // namespace

std::optional<MappedText> filter_text(const JsonValue& stage) {
  const JsonObject object(stage, {"dnf-expr"});
  const JsonValue& dnf = object.at("dnf-expr");
  if (dnf.array().empty()) {
    dnf.problems().warn(
        dnf.span(),
        dnf.path() + ": is empty and keeps everything (the tool of 2013 dropped everything)");
  }
  return dnf_text(dnf, filter_term);
}

std::optional<MappedText> group_text(const JsonValue& dnf) {
  const bool alone = dnf.array().size() == 1;
  return dnf_text(dnf, [alone](const JsonValue& term) { return group_term(term, alone); });
}

std::optional<MappedText> aggregate_text(const JsonValue& aggregation) {
  Reader reader(aggregate_term);
  const JsonObject object(aggregation, {"clause"});
  if (!object.at("clause").array().empty()) {
    reader.add_clause(aggregation, ", ");
  }
  return std::move(reader).take();
}

std::optional<MappedText> merge_text(const JsonValue& stage, std::size_t branches) {
  const JsonObject object(stage, {"dnf-expr"});
  return dnf_text(object.at("dnf-expr"),
                  [branches](const JsonValue& term) { return merge_term(term, branches); });
}

}  // namespace nfql
