#include "nfql-merge/lookup.h"

#include <algorithm>
#include <utility>

namespace nfql::merge {

Lookup::Lookup(std::vector<StepPlan> steps, const std::vector<std::vector<GroupId>>& groups,
               FlatColumns& columns, Checks& checks)
    : checks_(checks) {
  for (StepPlan& step : steps) {
    JoinIndex index(step, groups[step.branch], columns);
    steps_.push_back({std::move(step), std::move(index)});
  }
}

void Lookup::enter(std::size_t depth, const Tuples& tuples, Mask& found) {
  const std::vector<GroupId>& numbers = tuples.ids.back();
  if (depth == steps_.size()) {
    for (const GroupId number : numbers) {
      found[number] = 1;
    }
    return;
  }
  Step& step = steps_[depth];
  if (depth + 1 == steps_.size() && step.plan.checks.empty()) {
    step.index.probe_any(tuples, [&](std::size_t row) { found[numbers[row]] = 1; });
    return;
  }
  std::vector<Candidates> candidates;
  step.index.probe(tuples, [&](std::size_t row, std::size_t begin, std::size_t end) {
    candidates.push_back({row, begin, end});
    if (candidates.size() == kBatchRows) {
      try_all(depth, tuples, candidates, found);
    }
    return true;
  });
  try_all(depth, tuples, candidates, found);
}

// Takes a few groups for each row, then four times as many for those that still have none: what is
// tried in vain after a match is at most a few times what was needed to find it.
void Lookup::try_all(std::size_t depth, const Tuples& left, std::vector<Candidates>& candidates,
                     Mask& found) {
  const std::span<const GroupId> groups = steps_[depth].index.groups();
  const std::vector<GroupId>& numbers = left.ids.back();
  Batch batch;
  for (std::size_t width = 1; !candidates.empty(); width = std::min(width * 4, kBatchRows)) {
    for (Candidates& some : candidates) {
      if (found[numbers[some.row]] != 0) {
        some.begin = some.end;
        continue;
      }
      const std::size_t count = std::min(width, some.end - some.begin);
      const auto part = groups.subspan(some.begin, count);
      batch.groups.insert(batch.groups.end(), part.begin(), part.end());
      batch.rows.resize(batch.groups.size(), static_cast<std::uint32_t>(some.row));
      some.begin += count;
      if (batch.rows.size() >= kBatchRows) {
        try_batch(depth, left, batch, found);
      }
    }
    try_batch(depth, left, batch, found);
    const auto is_tried = [](const Candidates& some) { return some.begin == some.end; };
    candidates.erase(std::remove_if(candidates.begin(), candidates.end(), is_tried),
                     candidates.end());
  }
}

void Lookup::try_batch(std::size_t depth, const Tuples& left, Batch& batch, Mask& found) {
  Step& step = steps_[depth];
  Tuples tuples = extend(left, batch.rows, step.plan.branch, batch.groups);
  batch.rows.clear();
  batch.groups.clear();
  checks_.keep(step.plan.checks, tuples);
  if (tuples.rows != 0) {
    enter(depth + 1, tuples, found);
  }
}

}  // namespace nfql::merge
