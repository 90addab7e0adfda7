#include "common/query/term_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "common/base/names.h"
#include "common/expr/excerpt.h"

namespace nfql {
namespace {

constexpr std::size_t kShownName = 40;  // of what is no name, in characters

// Words that stand between terms, or for one.
constexpr std::array<std::string_view, 6> kKeywords = {"and", "or", "not", "in", "notin", "any"};

bool is_field_name(std::string_view text) {
  const bool digit = !text.empty() && text.front() >= '0' && text.front() <= '9';
  return is_branch_name(text) && !digit &&  // letters, digits and '_'
         std::none_of(kKeywords.begin(), kKeywords.end(),
                      [text](std::string_view word) { return same_name(word, text); });
}

[[noreturn]] void refuse_word(const JsonValue& value, std::span<const TermWord> words) {
  std::vector<std::string_view> rules;
  for (const TermWord& word : words) {
    rules.push_back(word.rule);
  }
  const std::string_view nearest = nearest_name(value.string(), rules);
  value.refuse(fmt::format("'{}' is not known here", shown(value.string(), kShownName)),
               nearest.empty() ? fmt::format("one of {}", fmt::join(rules, ", "))
                               : fmt::format("did you mean '{}'?", nearest));
}

}  // namespace

const TermWord* find_word(std::span<const TermWord> words, std::string_view rule) {
  const auto found = std::find_if(words.begin(), words.end(),
                                  [rule](const TermWord& word) { return word.rule == rule; });
  return found == words.end() ? nullptr : &*found;
}

std::string_view text_of(const JsonValue& value, std::span<const TermWord> words) {
  const TermWord* word = find_word(words, value.string());
  if (word == nullptr) {
    refuse_word(value, words);
  }
  return word->text;
}

const MappedText& field_name(const JsonValue& value) {
  if (!is_field_name(value.string())) {
    value.refuse(fmt::format("'{}' is no name of a field", shown(value.string(), kShownName)),
                 "one name stands here, for example \"srcip\"; a condition is a term of its own");
  }
  return value.text();
}

}  // namespace nfql
