#include "nfql-merge/join.h"

#include <algorithm>

namespace nfql::merge {

Join::Join(const Plan& plan, const std::vector<std::vector<GroupId>>& groups, FlatColumns& columns,
           Checks& checks)
    : first_(plan.first), groups_(groups), checks_(checks) {
  for (const StepPlan& step : plan.steps) {
    steps_.push_back({&step, JoinIndex(step, groups[step.branch], columns), {}, {}});
  }
}

bool Join::run(TupleSink& sink) {
  if (!steps_.empty() && sink.takes_runs() && steps_.back().plan->checks.empty()) {
    sink.begin_runs(steps_.back().plan->branch, steps_.back().index.groups());
  }
  const std::vector<GroupId>& first = groups_[first_];
  Tuples tuples(groups_.size());
  for (std::size_t begin = 0; begin < first.size(); begin += kBatchRows) {
    tuples.rows = std::min(kBatchRows, first.size() - begin);
    const auto from = first.begin() + static_cast<std::ptrdiff_t>(begin);
    tuples.ids[first_].assign(from, from + static_cast<std::ptrdiff_t>(tuples.rows));
    if (!enter(0, tuples, sink)) {
      return false;
    }
  }
  return true;
}

bool Join::enter(std::size_t depth, const Tuples& tuples, TupleSink& sink) {
  if (tuples.rows == 0) {
    return true;
  }
  if (depth == steps_.size()) {
    return sink.put(tuples);
  }
  Step& step = steps_[depth];
  if (depth + 1 == steps_.size() && sink.takes_runs() && step.plan->checks.empty()) {
    return step.index.probe(tuples, [&](std::size_t row, std::size_t begin, std::size_t end) {
      sink.put_run(tuples, row, begin, end);
      return true;
    });
  }
  return step.index.ascending() ? collect(depth, tuples, sink)
                                : collect_sorted(depth, tuples, sink);
}

bool Join::collect(std::size_t depth, const Tuples& left, TupleSink& sink) {
  Step& step = steps_[depth];
  const auto found = [&](std::size_t row, std::size_t begin, std::size_t end) {
    while (begin < end) {
      const std::size_t count = std::min(end - begin, kBatchRows - step.rows.size());
      const auto from = step.index.groups().begin() + static_cast<std::ptrdiff_t>(begin);
      step.groups.insert(step.groups.end(), from, from + static_cast<std::ptrdiff_t>(count));
      step.rows.resize(step.groups.size(), static_cast<std::uint32_t>(row));
      begin += count;
      if (step.rows.size() == kBatchRows && !pass_on(depth, left, sink)) {
        return false;
      }
    }
    return true;
  };
  return step.index.probe(left, found) && pass_on(depth, left, sink);
}

// The groups of each row are put in order, for which all of them must be there.
bool Join::collect_sorted(std::size_t depth, const Tuples& left, TupleSink& sink) {
  Step& step = steps_[depth];
  std::size_t row_begin = 0;
  const auto end_row = [&] {
    std::sort(step.groups.begin() + static_cast<std::ptrdiff_t>(row_begin), step.groups.end());
    row_begin = step.groups.size();
  };
  const auto found = [&](std::size_t row, std::size_t begin, std::size_t end) {
    if (!step.rows.empty() && step.rows.back() != row) {
      end_row();
      if (step.rows.size() >= kBatchRows) {
        row_begin = 0;
        if (!pass_on(depth, left, sink)) {
          return false;
        }
      }
    }
    const auto groups = step.index.groups().begin();
    step.groups.insert(step.groups.end(), groups + static_cast<std::ptrdiff_t>(begin),
                       groups + static_cast<std::ptrdiff_t>(end));
    step.rows.resize(step.groups.size(), static_cast<std::uint32_t>(row));
    return true;
  };
  if (!step.index.probe(left, found)) {
    return false;
  }
  end_row();
  return pass_on(depth, left, sink);
}

bool Join::pass_on(std::size_t depth, const Tuples& left, TupleSink& sink) {
  Step& step = steps_[depth];
  const std::span<const std::uint32_t> rows = step.rows;
  const std::span<const GroupId> groups = step.groups;
  for (std::size_t begin = 0; begin < rows.size(); begin += kBatchRows) {
    const std::size_t count = std::min(kBatchRows, rows.size() - begin);
    Tuples out =
        extend(left, rows.subspan(begin, count), step.plan->branch, groups.subspan(begin, count));
    checks_.keep(step.plan->checks, out);
    if (!enter(depth + 1, out, sink)) {
      return false;
    }
  }
  step.rows.clear();
  step.groups.clear();
  return true;
}

}  // namespace nfql::merge
