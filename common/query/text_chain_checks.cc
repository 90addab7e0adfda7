#include "common/query/text_chain_checks.h"

#include <algorithm>

namespace nfql {
namespace {

constexpr const char* kOrder =
    "the order is: filters, grouper, groupfilters, merger, ungrouper, file";

bool is_ungrouped(const BranchPath& branch) {
  return std::any_of(branch.steps.begin(), branch.steps.end(),
                     [](const PathStep& step) { return is_stage(step, StageKind::ungrouper); });
}

}  // namespace

bool is_stage(const PathStep& step, StageKind kind) {
  return step.stage != nullptr && step.stage->kind == kind;
}

std::string name_in_message(const PathStep& step) {
  return step.stage == nullptr
             ? fmt::format("the file '{}'", step.word.text)
             : fmt::format("the {} '{}'", name_of(step.stage->kind), step.word.text);
}

void check_order(const std::vector<PathStep>& steps, Problems& problems) {
  for (std::size_t i = 1; i < steps.size(); ++i) {
    const PathStep& before = steps[i - 1];
    const PathStep& step = steps[i];
    if (before.stage == nullptr || is_stage(step, StageKind::splitter)) {
      problems.add(
          step.word.span,
          fmt::format("{} cannot come behind {}", name_in_message(step), name_in_message(before)),
          kOrder);
      return;
    }
    const bool several =
        is_stage(step, StageKind::filter) || is_stage(step, StageKind::groupfilter);
    if (step.stage != nullptr && (step.stage->kind < before.stage->kind ||
                                  (step.stage->kind == before.stage->kind && !several))) {
      problems.add(
          step.word.span,
          fmt::format("{} cannot come behind {}", name_in_message(step), name_in_message(before)),
          kOrder);
      return;
    }
  }
}

void check_end(const BranchPath& branch, const TextPaths& paths, Problems& problems) {
  const bool merged = branch.merger() != nullptr;
  const bool ends = !branch.steps.empty() && (branch.steps.back().stage == nullptr || merged ||
                                              is_stage(branch.steps.back(), StageKind::ungrouper));
  const Span span = branch.steps.empty() ? branch.name.span : branch.steps.back().word.span;
  if (merged && branch.merger() != paths.tail.front().stage) {
    problems.add(span, "a query has one merger",
                 fmt::format("the other is '{}'", paths.tail.front().word.text));
  } else if (!merged && !paths.tail.empty()) {
    problems.add(span,
                 fmt::format("the branch '{}' ends nowhere: it does not go to the merger '{}'",
                             branch.name.text, paths.tail.front().word.text),
                 fmt::format("write -> {} at its end", paths.tail.front().word.text));
  } else if (!ends) {
    problems.add(span, fmt::format("the branch '{}' ends nowhere", branch.name.text),
                 "end it with a merger, an ungrouper or a file (\"-\" is standard output)");
  } else if (!merged && is_ungrouped(branch) && paths.branches.size() > 1) {
    problems.add(span, "several branches are ungrouped without a merger",
                 "ungroup behind a merger, or one branch a query");
  }
}

}  // namespace nfql
