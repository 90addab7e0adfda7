// The merger of a query checked against what its branches give.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nfql-merge/merge_stage.h"
#include "nfql-run/check_branch.h"

namespace nfql {

struct BranchName;

class MergeCheck {
 public:
  /// All must outlive this; `checked` are the branches of the query, in their order.
  MergeCheck(const Query& query, const std::vector<CheckedBranch>& checked, ZoneMinutes zone);

  /// Adds what is wrong with the expression and with what is excluded, term by term, then, if that
  /// was nothing, with all of it together, and what nfql-merge would warn of. Returns what the
  /// merger gives, or nothing when it would not run.
  std::optional<StreamHeader> check(Problems& problems) const;

 private:
  [[nodiscard]] std::optional<StreamHeader> check_whole(Problems& problems) const;
  [[nodiscard]] MergeStage stage(ExpressionText&& expr, std::vector<ExpressionText>&& except) const;
  // Whether nothing is wrong with it.
  bool check(const ExpressionText& text, Problems& problems) const;
  [[nodiscard]] const ExpressionText& text_of(std::string_view what) const;
  void warn(std::string_view warning, Problems& problems) const;
  [[nodiscard]] std::string lost_name(std::string_view name) const;
  [[nodiscard]] bool depends_on_mistakes(const ExpressionText& term) const;
  [[nodiscard]] std::optional<std::size_t> index_of(std::string_view branch) const;

  const Query& all_;
  const MergeQuery& query_;
  const std::vector<CheckedBranch>& checked_;
  ZoneMinutes zone_;
  std::vector<std::string> names_;
  std::vector<StreamHeader> headers_;
};

}  // namespace nfql
