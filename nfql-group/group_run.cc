#include "nfql-group/group_run.h"

#include "common/cli/arguments.h"
#include "common/cli/pump.h"
#include "common/cli/run_tool.h"
#include "common/expr/aggregate_plugins.h"
#include "common/expr/predicate.h"
#include "nfql-group/group_stage.h"

namespace nfql {
namespace {

// Without members only what terms and aggregates read, what is printed, and what gives the order is
// decoded.
ReadOptions needed(const GroupOptions& group, const CommonOptions& options) {
  ReadOptions read = read_options(options);
  collect_elements(group.terms.expr, read.named);
  std::vector<std::string> fields;
  for (const AggregateItem& item : group.aggregates) {
    fields.push_back(item.field);
  }
  for (const ElementId id : elements_of(fields)) {
    read.named.push_back(id);
  }
  if (group.members) {
    return read;
  }
  read.wanted = read.named;
  if (group.ordered() || !group.printed) {
    for (const ElementId id : {element::kStart, element::kEnd, element::kFlowId}) {
      read.wanted->push_back(id);
    }
  }
  for (const ElementId id : elements_of(group.printed.value_or(std::vector<std::string>()))) {
    read.wanted->push_back(id);
  }
  return read;
}

}  // namespace

void run_group(const GroupArguments& arguments, const CommonOptions& options) {
  const Arguments split = split_arguments(arguments.words);
  AggregatePlugins plugins;
  for (const std::string& path : arguments.plugins) {
    plugins.load(path);
  }
  GroupOptions group;
  group.terms = parse(split.expression, Grammar::group_terms, "group terms");
  group.aggregates_text = arguments.aggregates;
  group.aggregates = parse_aggregates(arguments.aggregates);
  group.modules = arguments.modules;
  plugins.resolve(group.aggregates, arguments.aggregates);
  group.input_order = arguments.order == "input";
  group.zone = zone_of(options);
  group.threads = threads_of(options);
  const bool only_text = options.tee.empty() && writes_text(options, options.output);
  group.members = !arguments.no_members && !only_text;
  if (options.tee.empty()) {
    group.printed = columns_of(options);
  }
  const auto reader = open_inputs(split.inputs, needed(group, options));
  GroupStage stage(group, reader->header());
  StageStats stats;
  stats.stage = "group";
  pump(*reader, stage, options, stats);
  if (stage.saturated() && !options.quiet) {
    warn("nfql-group", "a sum is larger than 2^64 - 1 and was held there");
  }
}

}  // namespace nfql
