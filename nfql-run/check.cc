#include "nfql-run/check.h"

#include <sys/stat.h>

#include <algorithm>

#include "common/base/error.h"
#include "common/base/names.h"
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

Schema registry_schema() {
  Schema schema;
  for (const FieldInfo& info : all_fields()) {
    schema.add(field_of(info));
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

// Calls `work`; an Error goes to the problems.
template <class Work>
void collect(Problems& problems, const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    problems.add(error);
  }
}

}  // namespace

std::optional<Schema> trace_schema(const RunOptions& options) {
  if (std::any_of(options.traces.begin(), options.traces.end(), is_pipe)) {
    return std::nullopt;
  }
  ReadOptions read = read_options(options.common);
  for (const FieldInfo& info : all_fields()) {
    read.named.push_back(info.id);  // also what a flow further on may have
  }
  const auto reader = open_inputs(options.traces, read);
  if (reader->header().kind != StreamKind::flows) {
    throw Error(Exit::usage, fmt::format("{}: holds no flows", options.traces.front()),
                "a query runs on traces; chain the stage tools for groups");
  }
  return reader->header().flows();
}

std::vector<std::string> check_query(const Query& query, const std::optional<Schema>& flows,
                                     const RunOptions& options, Problems& problems) {
  const ZoneMinutes zone = zone_of(options.common);
  const StreamHeader input = flows_header(flows ? *flows : registry_schema());
  std::vector<CheckedBranch> branches;
  for (const BranchQuery& branch : query.branches) {
    branches.push_back(check_branch(branch, input, zone, problems));
  }
  std::vector<std::string> warnings;
  if (branches.empty() || has_twins(query.branches)) {
    return warnings;
  }
  collect(problems, [&] {
    StreamHeader header = branches.front().header;
    if (query.merge) {
      const MergeCheck merge(query, branches, zone);
      merge.check(problems);
      header = merge.header();
      warnings = problems.empty() ? merge.warnings(problems) : warnings;
    } else if (query.ungroup && query.branches.size() > 1) {
      throw Error(Exit::usage, "several branches are ungrouped without a merger",
                  "add \"merge\": \"\" for all tuples, or ungroup one branch a query");
    }
    if (query.ungroup) {
      static_cast<void>(
          UngroupStage(header, query.ungroup->flat ? Streams::flat : Streams::numbered));
    }
  });
  return warnings;
}

}  // namespace nfql
