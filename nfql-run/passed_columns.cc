#include "nfql-run/passed_columns.h"

#include <fmt/format.h>

#include <set>

#include "nfql-gfilter/gfilter_stage.h"
#include "nfql-merge/merge_stage.h"
#include "nfql-run/terms.h"

namespace nfql {
namespace {

using Columns = std::set<std::size_t>;

// The names of the columns, and how many members a group has; all when a name could be another's.
std::string list(const Columns& columns, const Schema& groups) {
  std::vector<std::string> names = {"count"};
  for (const std::size_t column : columns) {
    if (groups.find(groups[column].name) != column) {
      return "";
    }
    if (groups[column].id != element::kCount) {
      names.push_back(groups[column].name);
    }
  }
  return fmt::format("{}", fmt::join(names, ","));
}

MergeStage merger(const Query& query, const std::vector<StreamHeader>& branches, ZoneMinutes zone) {
  MergeOptions options;
  options.expr = copy_of(query.merge->expr, Grammar::merge);
  for (const ExpressionText& except : query.merge->except) {
    options.except.push_back(copy_of(except, Grammar::merge));
  }
  for (const BranchQuery& branch : query.branches) {
    options.names.push_back(branch.name);
  }
  options.emit = query.merge->collection ? Emit::collection : Emit::tuples;
  options.zone = zone;
  return {std::move(options), branches};
}

}  // namespace

PassedColumns passed_columns(const Query& query, const std::vector<StreamHeader>& branches,
                             ZoneMinutes zone) {
  PassedColumns passed;
  std::vector<std::vector<std::size_t>> merged(branches.size());
  if (query.merge) {
    const MergeStage merge = merger(query, branches, zone);
    merged = merge.columns_read();
    passed.merge = merge.output_header().branches.front().name + ".count";
  }
  for (std::size_t i = 0; i < branches.size(); ++i) {
    PassedColumns::Branch& branch = passed.branches.emplace_back();
    if (branches[i].kind != StreamKind::groups) {
      continue;
    }
    Columns columns(merged[i].begin(), merged[i].end());
    branch.gfilter = list(columns, branches[i].groups());
    if (query.branches[i].gfilter) {
      const ExpressionText text = copy_of(*query.branches[i].gfilter, Grammar::filter);
      for (const std::size_t column : GroupFilterStage(branches[i], text, zone).columns_read()) {
        columns.insert(column);
      }
    }
    branch.group = list(columns, branches[i].groups());
  }
  return passed;
}

}  // namespace nfql
