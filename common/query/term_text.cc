#include "common/query/term_text.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "common/base/names.h"
#include "common/flow/address.h"
#include "common/query/term_words.h"

namespace nfql {
namespace {

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

struct TwoFields {
  MappedText first;
  MappedText second;
};

TwoFields two_fields(const JsonObject& term) {
  const JsonObject offset(term.at("offset"), {"f1_name", "f1_datatype", "f2_name", "f2_datatype"});
  return {field_name(offset.at("f1_name")), field_name(offset.at("f2_name"))};
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

}  // namespace

MappedText filter_term(const JsonValue& value) {
  const JsonObject term(value, {"offset", "delta", "op"});
  const JsonObject offset(term.at("offset"), {"name", "value", "datatype"});
  const JsonValue& op = term.at("op");
  MappedText text;
  text.add(field_name(offset.at("name")));
  add_operator(text, op, text_of(op, kComparisonWords));
  add_value(text, offset.at("value"));
  add_delta(text, term);
  return text;
}

// Orderings with delta are tolerances in this form, which group terms write as a sum: there
// `delta` bounds the gap. Where all flows agree with the last one, they agree with the first: that
// is a key, unless another clause lets in flows that do not.
MappedText group_term(const JsonValue& value, Clauses clauses) {
  const JsonObject term(value, {"offset", "delta", "op"});
  const TwoFields fields = two_fields(term);
  const JsonObject op(term.at("op"), {"name", "type"});
  const std::string_view comparison = text_of(op.at("name"), kComparisonWords);
  const JsonValue* type = op.find("type");
  const std::string_view which = type == nullptr ? "first." : text_of(*type, kDeltaWords);
  const bool ignored = type != nullptr && type->string() == "RULE_NO";
  const bool has_delta = !ignored && delta_of(term) != 0;
  if (comparison == "=" && !has_delta && same_name(fields.first.text(), fields.second.text()) &&
      (clauses == Clauses::one || which == "first.")) {
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

MappedText merge_term(const JsonValue& value, std::size_t branches) {
  const JsonObject term(value, {"offset", "delta", "op", "branch1_id", "branch2_id"});
  const std::size_t first = branch_of(term, "branch1_id", branches);
  const std::size_t second = branch_of(term, "branch2_id", branches);
  const JsonObject op(term.at("op"), {"name", "type"});
  const JsonValue& rule = op.at("name");
  if (const JsonValue* type = op.find("type")) {
    static_cast<void>(text_of(*type, kDeltaWords));
  }
  MappedText text;
  if (const TermWord* relation = find_word(kAllenWords, rule.string())) {
    text.add(fmt::format("{}", first), term.at("branch1_id").span().begin);
    add_operator(text, rule, relation->text);
    text.add(fmt::format("{}", second), term.at("branch2_id").span().begin);
    add_delta(text, term);
    return text;
  }
  const TwoFields fields = two_fields(term);
  const bool membership = rule.string() == "RULE_IN";
  add_field(text, first, fields.first);
  add_operator(text, rule, membership ? "in" : text_of(rule, kComparisonWords));
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
  const MappedText& name = field_name(offset.at("name"));
  MappedText text;
  text.add(text_of(op, kAggregateWords), op.span().begin);
  text.add("(");
  text.add(name);
  text.add(") as ");
  text.add(name);
  return text;
}

}  // namespace nfql
