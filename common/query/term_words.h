// The words of the term form of 2013, and what the language calls them.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "common/query/json.h"

namespace nfql {

struct TermWord {
  std::string_view rule;
  std::string_view text;
};

inline constexpr std::array<TermWord, 6> kComparisonWords = {{{"RULE_EQ", "="},
                                                              {"RULE_NE", "!="},
                                                              {"RULE_GT", ">"},
                                                              {"RULE_LT", "<"},
                                                              {"RULE_LE", "<="},
                                                              {"RULE_GE", ">="}}};
inline constexpr std::array<TermWord, 13> kAllenWords = {{{"RULE_ALLEN_BF", "before"},
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
inline constexpr std::array<TermWord, 13> kAggregateWords = {{{"RULE_STATIC", "static"},
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
inline constexpr std::array<TermWord, 3> kDeltaWords = {
    {{"RULE_ABS", "first."}, {"RULE_REL", "last."}, {"RULE_NO", "first."}}};

/// The word, or nullptr.
[[nodiscard]] const TermWord* find_word(std::span<const TermWord> words, std::string_view rule);

/// What the language calls the word that `value` is. Throws TextError, with the nearest word or all
/// of them as the hint, when it is none of these.
[[nodiscard]] std::string_view text_of(const JsonValue& value, std::span<const TermWord> words);

/// The name of a field that `value` is. Throws TextError when it is no name: it would change what
/// stands around it.
[[nodiscard]] const MappedText& field_name(const JsonValue& value);

}  // namespace nfql
