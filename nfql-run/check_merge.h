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

  /// Adds what is wrong with the expression and with what is excluded, term by term.
  void check(Problems& problems) const;

  /// What nfql-merge would warn of, when check() has found nothing; adds what only shows when
  /// everything is taken together.
  [[nodiscard]] std::vector<std::string> warnings(Problems& problems) const;
  /// What the merger gives, whatever its expression is. Throws Error for branches that cannot be
  /// merged at all.
  [[nodiscard]] StreamHeader header() const;

 private:
  [[nodiscard]] MergeStage whole() const;
  [[nodiscard]] MergeStage stage(ExpressionText&& expr, std::vector<ExpressionText>&& except) const;
  void check(const ExpressionText& text, Problems& problems) const;
  [[nodiscard]] bool depends_on_mistakes(const ExpressionText& term) const;
  [[nodiscard]] std::optional<std::size_t> index_of(std::string_view branch) const;

  const MergeQuery& query_;
  const std::vector<CheckedBranch>& checked_;
  ZoneMinutes zone_;
  std::vector<std::string> names_;
  std::vector<StreamHeader> headers_;
};

}  // namespace nfql
