// Names in the text form: of stages, with what was used of them, and near misses.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/query/text_syntax.h"

namespace nfql {

/// The stages of a query by their names, whose case does not matter.
class TextNames {
 public:
  /// Adds a problem for each name that several stages have. The stages must outlive this.
  TextNames(const std::vector<TextStage>& stages, Problems& problems);

  /// The stage that a word names, from now on one that is used; nullptr, and a problem, when there
  /// is none.
  const TextStage* find(const TextWord& word);
  /// The stage of that kind and name, likewise.
  const TextStage* find(StageKind kind, const TextWord& word);

  /// The stage that an unknown word is most likely a misspelling of, or nullptr.
  [[nodiscard]] const TextStage* nearest(const TextWord& word) const;

  /// Warns of the stages that nothing used.
  void warn_of_unused() const;

 private:
  [[nodiscard]] std::vector<std::string_view> names() const;

  const std::vector<TextStage>& stages_;
  Problems& problems_;
  std::map<std::string, const TextStage*> by_name_;  // in lower case
  std::set<const TextStage*> used_;
};

}  // namespace nfql
