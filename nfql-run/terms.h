// Expressions checked term by term, so that all their mistakes are found and not only the first.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/query/problems.h"

namespace nfql {

/// What a check does with an expression, and for which terms it would be pointless.
struct TermCheck {
  std::function<void(ExpressionText)> bind;         ///< throws Error for what is wrong
  std::function<bool(const ExpressionText&)> skip;  ///< null: none
  /// Where a name, which is not there, is likely to be misspelt from one that is lost, that one;
  /// null: no name is.
  std::function<std::string(std::string_view)> lost_name;
};

/// How the check went, and the terms that failed by themselves.
struct CheckedTerms {
  bool whole = false;
  std::vector<ExpressionText> failed;
};

/// Binds the whole expression, and when that fails each of its terms, then, of a merger, those
/// together that neither failed nor were skipped; what they throw goes to the problems.
CheckedTerms check_terms(const ExpressionText& expression, Grammar grammar, const TermCheck& check,
                         Problems& problems);

/// What `and`, `or` and `not` join, in its order. Each text is as long as the whole, with blanks in
/// place of the rest, so that places in it are places in the whole.
[[nodiscard]] std::vector<ExpressionText> terms_of(const ExpressionText& expression,
                                                   Grammar grammar);

/// Another tree of the same text: trees have one owner, and stages keep theirs.
[[nodiscard]] ExpressionText copy_of(const ExpressionText& expression, Grammar grammar);

/// All words of a text that could be names.
[[nodiscard]] std::vector<std::string_view> words_of(std::string_view text);

}  // namespace nfql
