#include "nfql-run/check.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "common/base/error.h"
#include "common/io/reader.h"
#include "nfql-filter/filter_stage.h"
#include "nfql-gfilter/gfilter_stage.h"
#include "nfql-group/group_stage.h"
#include "nfql-merge/merge_stage.h"
#include "nfql-ungroup/ungroup_stage.h"

namespace nfql {
namespace {

// Whether looking at the header takes it away from the filter. A trace that is not there is found
// out by opening it.
bool is_pipe(const std::string& path) {
  struct stat status {};
  return path == "-" || (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) &&
                         !S_ISDIR(status.st_mode));
}

Schema registry_schema() {
  Schema schema;
  for (const FieldInfo& info : all_fields()) {
    schema.add(field_of(info));
  }
  return schema;
}

StreamHeader check_branch(const BranchQuery& branch, StreamHeader header, ZoneMinutes zone) {
  if (branch.filter) {
    header = FilterStage(header, *branch.filter, zone).output_header();
  }
  if (branch.group) {
    const GroupQuery& query = *branch.group;
    GroupOptions group;
    // The stage keeps its terms, and the query is still needed: trees have one owner.
    group.terms = parse(query.terms.text, Grammar::group_terms, query.terms.what);
    group.aggregates_text = query.aggregates.text;
    group.aggregates = query.items;
    group.members = query.members;
    group.modules = query.modules;
    group.input_order = query.input_order;
    group.zone = zone;
    header = GroupStage(group, header).output_header();
  }
  if (branch.gfilter) {
    header = GroupFilterStage(header, *branch.gfilter, zone).output_header();
  }
  return header;
}

}  // namespace

std::optional<Schema> trace_schema(const RunOptions& options) {
  if (std::any_of(options.traces.begin(), options.traces.end(), is_pipe)) {
    return std::nullopt;
  }
  const auto reader = open_inputs(options.traces, read_options(options.common));
  if (reader->header().kind != StreamKind::flows) {
    throw Error(Exit::usage, fmt::format("{}: holds no flows", options.traces.front()),
                "a query runs on traces; chain the stage tools for groups");
  }
  return reader->header().flows();
}

std::vector<std::string> check_query(const Query& query, const std::optional<Schema>& flows,
                                     const RunOptions& options) {
  const ZoneMinutes zone = zone_of(options.common);
  const StreamHeader input = flows_header(flows ? *flows : registry_schema());
  std::vector<StreamHeader> headers;
  std::vector<std::string> names;
  for (const BranchQuery& branch : query.branches) {
    headers.push_back(check_branch(branch, input, zone));
    names.push_back(branch.name);
  }
  std::vector<std::string> warnings = query.warnings;
  StreamHeader header = headers.front();
  if (query.merge) {
    MergeOptions merge;
    merge.expr = parse(query.merge->expr.text, Grammar::merge, query.merge->expr.what);
    for (const ExpressionText& except : query.merge->except) {
      merge.except.push_back(parse(except.text, Grammar::merge, except.what));
    }
    merge.names = names;
    merge.emit = query.merge->collection ? Emit::collection : Emit::tuples;
    merge.zone = zone;
    const MergeStage stage(std::move(merge), headers);
    header = stage.output_header();
    for (const std::string& warning : stage.warnings()) {
      warnings.push_back(warning);
    }
  } else if (query.ungroup && query.branches.size() > 1) {
    throw Error(Exit::usage, "several branches are ungrouped without a merger",
                "add \"merge\": \"\" for all tuples, or ungroup one branch a query");
  }
  if (query.ungroup) {
    const UngroupStage stage(header, query.ungroup->flat ? Streams::flat : Streams::numbered);
    static_cast<void>(stage.output_header());
  }
  return warnings;
}

}  // namespace nfql
