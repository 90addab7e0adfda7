// The chains of the text form put together: through which stages each branch runs.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/query/text_names.h"
#include "common/query/text_syntax.h"

namespace nfql {

/// What stands between arrows: a stage, or a file.
struct PathStep {
  const TextStage* stage = nullptr;  ///< null: a file
  TextWord word;
};

/// A branch from the splitter to the merger, or to its end.
struct BranchPath {
  TextWord name;
  std::vector<PathStep> steps;
  bool whole = true;      ///< no name in it was unknown
  bool known_end = true;  ///< nor was the last

  [[nodiscard]] const TextStage* merger() const;
};

/// The whole of a query.
struct TextPaths {
  std::vector<TextWord> inputs;
  std::vector<BranchPath> branches;
  std::vector<PathStep> tail;  ///< from the merger on; empty when no branch has one
};

/// Joins the chains. What does not fit goes to the problems.
[[nodiscard]] TextPaths join_chains(const std::vector<TextChain>& chains, TextNames& names,
                                    Problems& problems);

}  // namespace nfql
