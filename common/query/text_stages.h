// The stages of the text form as expressions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/query/mapped_text.h"
#include "common/query/query.h"
#include "common/query/text_names.h"
#include "common/query/text_syntax.h"

namespace nfql {

/// Whether the modules of a grouper or merger have different names, and all its rules are in them
/// if it has some; adds problems else.
[[nodiscard]] bool check_modules(const TextStage& stage, Problems& problems);

/// Puts the rules of stages together. What is wrong with them goes to the problems.
class TextStages {
 public:
  /// All must outlive this.
  TextStages(const QuerySource& source, TextNames& names, Problems& problems)
      : source_(source), names_(names), problems_(problems) {}

  /// Filters behind one another, or groupfilters; nothing for none, or where one is at fault.
  [[nodiscard]] std::optional<ExpressionText> filter(const std::vector<const TextStage*>& stages);

  /// A grouper for the branch, which is incomplete when the grouper is at fault.
  void group(const TextStage& stage, BranchQuery& branch);

  /// Rules joined by `and`.
  [[nodiscard]] MappedText rules(const std::vector<Rule>& rules);

  [[nodiscard]] const QuerySource& source() const { return source_; }

 private:
  const MappedText& filter(const TextStage& stage);
  [[nodiscard]] MappedText write_out(const TextStage& stage);
  void add_rule(MappedText& to, const Rule& rule, StageKind kind);
  void add_reference(MappedText& to, StageKind kind, const TextWord& name);
  [[nodiscard]] MappedText terms(const TextStage& stage, GroupQuery& group);
  [[nodiscard]] MappedText aggregates(const TextStage& stage) const;

  const QuerySource& source_;
  TextNames& names_;
  Problems& problems_;
  std::map<const TextStage*, MappedText> written_;  // filters
  std::vector<const TextStage*> open_;              // those that are being written out
};

}  // namespace nfql
