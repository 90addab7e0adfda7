#include "nfql-run/check.h"

#include <sys/stat.h>

#include <algorithm>

#include "common/base/error.h"
#include "common/base/names.h"
#include "common/cli/arguments.h"
#include "common/expr/predicate.h"
#include "common/io/reader.h"
#include "nfql-run/check_branch.h"
#include "nfql-run/check_merge.h"
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

// All fields that flows may have by what is known of the query: those of the registry, and what
// elements it names besides.
std::vector<ElementId> possible_fields(const Query& query) {
  std::vector<ElementId> ids;
  for (const FieldInfo& info : all_fields()) {
    ids.push_back(info.id);
  }
  std::vector<std::string> names;
  for (const BranchQuery& branch : query.branches) {
    if (branch.filter) {
      collect_elements(branch.filter->expr, ids);
    }
    if (branch.group) {
      collect_elements(branch.group->terms.expr, ids);
      for (const AggregateItem& item : branch.group->items) {
        names.push_back(item.field);
      }
    }
  }
  for (const ElementId id : elements_of(names)) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) {
      ids.push_back(id);
    }
  }
  return ids;
}

Schema registry_schema(const Query& query) {
  Schema schema;
  for (const ElementId id : possible_fields(query)) {
    schema.add(field_of(id));
  }
  return schema;
}

// Whether two branches have one name, which whoever read the query has told.
bool has_twins(const std::vector<BranchQuery>& branches) {
  for (auto branch = branches.begin(); branch != branches.end(); ++branch) {
    if (std::any_of(branches.begin(), branch, [&](const BranchQuery& other) {
          return same_name(other.name, branch->name);
        })) {
      return true;
    }
  }
  return false;
}

// Whether the branch is in what comes out of the merger.
bool comes_out(const BranchQuery& branch, const StreamHeader& header) {
  return std::any_of(header.branches.begin(), header.branches.end(),
                     [&](const BranchSchema& schema) { return schema.name == branch.name; });
}

void check_ungrouper(const Query& query, const StreamHeader& header, Problems& problems) {
  bool dropped = false;
  for (const BranchQuery& branch : query.branches) {
    if (branch.group && !branch.group->members && (!query.merge || comes_out(branch, header))) {
      dropped = true;
      problems.add(branch.group->members_span,
                   fmt::format("the ungrouper gives the flows of branch '{}', which this drops",
                               branch.name),
                   "leave this out, or leave the ungrouper out");
    }
  }
  if (dropped) {
    return;
  }
  try {
    static_cast<void>(
        UngroupStage(header, query.ungroup->flat ? Streams::flat : Streams::numbered));
  } catch (const Error& error) {
    problems.add(error);
  }
}

}  // namespace

std::optional<Schema> trace_schema(const Query& query, const RunOptions& options) {
  if (std::any_of(options.traces.begin(), options.traces.end(), is_pipe)) {
    return std::nullopt;
  }
  ReadOptions read = read_options(options.common);
  read.named = possible_fields(query);  // also what only a flow further on may have
  const auto reader = open_inputs(options.traces, read);
  if (reader->header().kind != StreamKind::flows) {
    throw Error(Exit::usage, fmt::format("{}: holds no flows", options.traces.front()),
                "a query runs on traces; chain the stage tools for groups");
  }
  return reader->header().flows();
}

std::vector<StreamHeader> check_query(const Query& query, const std::optional<Schema>& flows,
                                      const RunOptions& options, Problems& problems) {
  const ZoneMinutes zone = zone_of(options.common);
  const StreamHeader input = flows_header(flows ? *flows : registry_schema(query));
  std::vector<CheckedBranch> branches;
  std::vector<StreamHeader> headers;
  for (const BranchQuery& branch : query.branches) {
    branches.push_back(check_branch(branch, input, zone, problems));
    headers.push_back(branches.back().header);
  }
  if (branches.empty() || has_twins(query.branches)) {
    return headers;
  }
  std::optional<StreamHeader> header = headers.front();
  if (query.merge) {
    header = MergeCheck(query, branches, zone).check(problems);
  }
  if (query.ungroup && header) {
    check_ungrouper(query, *header, problems);
  }
  return headers;
}

}  // namespace nfql
