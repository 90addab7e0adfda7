#include "common/query/query_text.h"

#include <algorithm>
#include <utility>

#include "common/query/text_chains.h"
#include "common/query/text_merger.h"
#include "common/query/text_names.h"
#include "common/query/text_stages.h"
#include "common/query/text_syntax.h"

namespace nfql {
namespace {

/// The steps of a branch sorted by what they are.
struct Parts {
  std::vector<const TextStage*> filters;
  std::vector<const TextStage*> groupfilters;
  const TextStage* grouper = nullptr;
  const TextStage* ungrouper = nullptr;
  QueryFile output;
};

Parts parts_of(const std::vector<PathStep>& steps) {
  Parts parts;
  for (const PathStep& step : steps) {
    if (step.stage == nullptr) {
      parts.output = {step.word.text, step.word.span};
    } else if (step.stage->kind == StageKind::filter) {
      parts.filters.push_back(step.stage);
    } else if (step.stage->kind == StageKind::groupfilter) {
      parts.groupfilters.push_back(step.stage);
    } else if (step.stage->kind == StageKind::grouper) {
      parts.grouper = step.stage;
    } else if (step.stage->kind == StageKind::ungrouper) {
      parts.ungrouper = step.stage;
    }
  }
  return parts;
}

void end_with(const Parts& parts, Query& query) {
  if (parts.ungrouper != nullptr) {
    query.ungroup = UngroupQuery{parts.ungrouper->flat};
  }
  query.output = parts.output;
}

void add_branch(const BranchPath& path, TextStages& stages, Query& query) {
  const Parts parts = parts_of(path.steps);
  BranchQuery& branch = query.branches.emplace_back();
  branch.name = path.name.text;
  branch.span = path.name.span;
  branch.filter = stages.filter(parts.filters);
  if (parts.grouper != nullptr) {
    stages.group(*parts.grouper, branch);
  }
  branch.incomplete |= !path.whole;
  branch.gfilter = stages.filter(parts.groupfilters);
  branch.output = parts.output;
  branch.lost_end = branch.output.name.empty();  // which every branch without a merger has
}

Query resolve(const QuerySource& source, const TextQuery& text, Problems& problems) {
  Query query;
  TextNames names(text.stages, problems);
  const TextPaths paths = join_chains(text.chains, names, problems);
  for (const TextWord& input : paths.inputs) {
    query.inputs.push_back({input.text, input.span});
  }
  TextStages stages(source, names, problems);
  for (const BranchPath& branch : paths.branches) {
    add_branch(branch, stages, query);
  }
  if (!paths.tail.empty() && paths.tail.front().stage != nullptr) {
    add_merger(*paths.tail.front().stage, paths.branches, stages, problems, query);
    end_with(parts_of(paths.tail), query);
  } else if (query.branches.size() == 1) {
    query.branches.front().output = {};
    end_with(parts_of(paths.branches.front().steps), query);
  }
  names.warn_of_unused();
  return query;
}

}  // namespace

Query parse_query_text(const QuerySource& source, Problems& problems) {
  const TextQuery text = read_text(source, problems);
  // A name that was lost to a mistake would be missed everywhere.
  return text.whole ? resolve(source, text, problems) : Query();
}

}  // namespace nfql
