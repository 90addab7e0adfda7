// Names in the text form: of stages, with what was used of them, and near misses.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/query/text_syntax.h"

namespace nfql {

/// The stages of a query by their names.
class TextNames {
 public:
  /// Adds a problem for each name that several stages have. The stages must outlive this.
  TextNames(const std::vector<TextStage>& stages, Problems& problems);

  /// The stage that a word names, from now on one that is used; nullptr, and a problem, when there
  /// is none.
  const TextStage* find(const TextWord& word);
  /// The stage of that kind and name, likewise.
  const TextStage* find(StageKind kind, const TextWord& word);

  /// Warns of the stages that nothing used.
  void warn_of_unused() const;

 private:
  const std::vector<TextStage>& stages_;
  Problems& problems_;
  std::map<std::string_view, const TextStage*> by_name_;
  std::set<const TextStage*> used_;
};

/// "did you mean 'NAME'?", or what `known` holds when none is near.
[[nodiscard]] std::string hint_of(std::string_view name, const std::vector<std::string_view>& known,
                                  std::string_view what);

}  // namespace nfql
