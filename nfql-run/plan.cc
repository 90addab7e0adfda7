#include "nfql-run/plan.h"

#include <unistd.h>

#include <algorithm>
#include <set>
#include <utility>

#include "common/base/error.h"
#include "common/cli/arguments.h"
#include "common/expr/predicate.h"

namespace nfql {
namespace {

constexpr std::string_view kBranchMark = "%b";

/// Makes one plan.
class Planner {
 public:
  Planner(const Query& query, const RunOptions& options, const Schema* flows)
      : query_(query), options_(options), flows_(flows) {}

  Plan plan() {
    Plan plan;
    plan.traces = options_.traces;
    text_ = all_text();
    members_ = query_.ungroup || !text_ || copies();
    const std::string columns = flow_columns();
    for (const BranchQuery& branch : query_.branches) {
      plan.branches.push_back(this->branch(branch, columns));
    }
    if (query_.merge) {
      plan.merge = merge();
    }
    if (query_.ungroup) {
      plan.ungroup = ungroup();
    }
    set_outputs(plan);
    keep_results(plan);
    return plan;
  }

 private:
  // Whether all results are for people and spreadsheets.
  [[nodiscard]] bool all_text() const {
    const std::string& output = options_.common.output;
    const bool own_files = !query_.merge && query_.branches.size() > 1 && output == "-";
    return own_files ? std::all_of(query_.branches.begin(), query_.branches.end(),
                                   [this](const BranchQuery& branch) {
                                     return writes_text(options_.common, branch.output);
                                   })
                     : writes_text(options_.common, output);
  }

  [[nodiscard]] bool keeps() const { return !options_.keep.directory.empty(); }
  // Somebody gets streams whatever the output is: nothing may be left out of them.
  [[nodiscard]] bool copies() const { return keeps() || !options_.common.tee.empty(); }

  BranchPlan branch(const BranchQuery& branch, const std::string& columns) const {
    BranchPlan plan{branch.name, {}};
    StageCall filter{"filter", branch.name, {}, "", "", ""};
    filter.expression = branch.filter ? branch.filter->text : "";
    if (!columns.empty()) {
      filter.options = {"--columns", columns};
    }
    input_options(filter);
    plan.stages.push_back(std::move(filter));
    if (branch.group) {
      plan.stages.push_back(group(branch));
    }
    if (branch.gfilter) {
      plan.stages.push_back({"gfilter", branch.name, zone(), branch.gfilter->text, "", ""});
    }
    return plan;
  }

  void input_options(StageCall& filter) const {
    const CommonOptions& common = options_.common;
    if (!common.input_format.empty()) {
      filter.options.insert(filter.options.end(), {"-I", common.input_format});
    }
    if (common.salvage) {
      filter.options.emplace_back("--salvage");
    }
    for (const std::string& word : zone()) {
      filter.options.push_back(word);
    }
  }

  [[nodiscard]] std::vector<std::string> zone() const {
    if (zone_of(options_.common) == 0) {
      return {};
    }
    return {"--tz", options_.common.zone};
  }

  StageCall group(const BranchQuery& branch) const {
    StageCall call{"group", branch.name, zone(), branch.group->terms.text, "", ""};
    if (!branch.group->modules.empty()) {
      call.options.insert(call.options.end(),
                          {"--modules", fmt::format("{}", fmt::join(branch.group->modules, ","))});
    }
    if (!branch.group->aggregates.text.empty()) {
      call.options.insert(call.options.end(), {"--aggregate", branch.group->aggregates.text});
    }
    const std::vector<AggregateItem>& items = branch.group->items;
    const bool plugin = std::any_of(items.begin(), items.end(), [](const AggregateItem& item) {
      return item.plugin != nullptr;
    });
    for (std::size_t i = 0; plugin && i < options_.plugins.size(); ++i) {
      call.options.insert(call.options.end(), {"--plugin", options_.plugins[i]});
    }
    if (!members_ || !branch.group->members) {
      call.options.emplace_back("--no-members");
    }
    if (branch.group->input_order) {
      call.options.insert(call.options.end(), {"--order", "input"});
    }
    return call;
  }

  StageCall merge() const {
    StageCall call{"merge", "", zone(), query_.merge->expr.text, "", ""};
    for (const ExpressionText& except : query_.merge->except) {
      call.options.insert(call.options.end(), {"--except", except.text});
    }
    if (query_.merge->collection) {
      call.options.insert(call.options.end(), {"--emit", "collection"});
    }
    return call;
  }

  StageCall ungroup() const {
    StageCall call{"ungroup", "", {}, "", "", ""};
    if (query_.ungroup->flat) {
      call.options.emplace_back("--flat");
    }
    return call;
  }

  // The options that say what the result looks like go to the stage that writes it.
  void set_output(StageCall& call, std::string output) const {
    const CommonOptions& common = options_.common;
    const auto add = [&call](const char* option, const std::string& value) {
      if (!value.empty()) {
        call.options.insert(call.options.end(), {option, value});
      }
    };
    add("-O", std::string(name_of(
                  format_for(common, output, output.empty() && ::isatty(STDOUT_FILENO) == 1))));
    add("-z", common.compress);
    add("--time", common.time == "iso" ? "" : common.time);
    add("--columns", common.columns);
    const std::optional<std::uint64_t> limit = common.limit ? common.limit : query_.limit;
    if (limit) {
      add("-n", fmt::format("{}", *limit));
    }
    if (call.stage == "ungroup") {
      for (const std::string& word : zone()) {
        call.options.push_back(word);
      }
    }
    call.output = std::move(output);
  }

  void set_outputs(Plan& plan) const {
    const std::string& output = options_.common.output;
    const bool single = plan.merge || plan.branches.size() == 1;
    const std::string& tee = options_.common.tee;
    if (!tee.empty() && (!single || keeps())) {
      throw Error(Exit::usage, "--tee copies one result",
                  keeps() ? "--dirpath keeps a copy already" : "use --dirpath DIR");
    }
    if (single) {
      set_output(plan.last(), output == "-" ? "" : output);
      plan.last().tee = tee;
      return;
    }
    if (output == "-" && keeps()) {
      for (BranchPlan& branch : plan.branches) {
        branch.stages.back().output = kept_path(branch.stages.back());
      }
      return;
    }
    for (std::size_t i = 0; i < plan.branches.size(); ++i) {
      BranchPlan& branch = plan.branches[i];
      const std::string name = output_of(query_.branches[i], plan.branches.size());
      if (branch.stages.size() == 1) {
        // One filter serves all branches, and gives the others no text.
        branch.stages.push_back({"filter", branch.name, {}, "", "", ""});
      }
      set_output(branch.stages.back(), name);
    }
  }

  // The file of one of several results.
  [[nodiscard]] std::string output_of(const BranchQuery& branch, std::size_t results) const {
    std::string name = options_.common.output;
    const std::size_t mark = name.find(kBranchMark);
    if (mark != std::string::npos) {
      return name.replace(mark, kBranchMark.size(), branch.name);
    }
    if (name == "-" && !branch.output.empty() && branch.output != "-") {
      return branch.output;
    }
    throw Error(Exit::usage,
                fmt::format("the query has {} branches and no merger: it has {} results, not one",
                            results, results),
                "give -o 'NAME-%b.csv' for a file a branch, or --dirpath DIR");
  }

  [[nodiscard]] std::string kept_path(const StageCall& call) const {
    const std::string branch = call.branch.empty() ? "" : "-" + call.branch;
    return fmt::format("{}/{}{}.nfql", options_.keep.directory, call.stage, branch);
  }

  void keep_results(Plan& plan) const {
    if (!keeps()) {
      return;
    }
    const auto keep = [this](StageCall& call, int level) {
      const std::string path = kept_path(call);
      if (options_.keep.level >= level && call.output != path) {
        call.tee = path;
      }
    };
    const bool joined = plan.merge || plan.ungroup;
    for (BranchPlan& branch : plan.branches) {
      for (StageCall& call : branch.stages) {
        const bool result = !joined && &call == &branch.stages.back();
        keep(call, result ? 1 : &call == &branch.stages.front() ? 3 : 2);
      }
    }
    if (plan.merge) {
      keep(*plan.merge, plan.ungroup ? 2 : 1);
    }
    if (plan.ungroup) {
      keep(*plan.ungroup, 1);
    }
  }

  // The flow columns that anything after the filters reads, as --columns has them; "" is all.
  [[nodiscard]] std::string flow_columns() const;
  void collect(const BranchQuery& branch, std::vector<ElementId>& elements) const;

  const Query& query_;
  const RunOptions& options_;
  const Schema* flows_;
  bool text_ = false;
  bool members_ = true;
};

void Planner::collect(const BranchQuery& branch, std::vector<ElementId>& elements) const {
  if (!branch.group) {
    for (const ElementId id : default_elements()) {
      elements.push_back(id);
    }
  } else {
    collect_elements(branch.group->terms.expr, elements);
    std::vector<std::string> fields;
    for (const AggregateItem& item : branch.group->items) {
      fields.push_back(item.field);
    }
    for (const ElementId id : elements_of(fields)) {
      elements.push_back(id);
    }
  }
  if (branch.gfilter) {
    collect_elements(branch.gfilter->expr, elements);
  }
}

std::string Planner::flow_columns() const {
  const bool flows_come_out = query_.ungroup.has_value();
  const bool plain = !query_.merge && !query_.ungroup &&
                     std::all_of(query_.branches.begin(), query_.branches.end(),
                                 [](const BranchQuery& b) { return !b.group && !b.gfilter; });
  if (flows_ == nullptr || !text_ || copies() || plain) {
    return "";
  }
  std::vector<ElementId> elements = {element::kStart, element::kEnd, element::kFlowId};
  for (const BranchQuery& branch : query_.branches) {
    collect(branch, elements);
  }
  if (query_.merge) {
    collect_elements(query_.merge->expr.expr, elements);
    for (const ExpressionText& except : query_.merge->except) {
      collect_elements(except.expr, elements);
    }
  }
  const auto columns = columns_of(options_.common);
  for (const ElementId id : columns ? elements_of(*columns) : default_elements()) {
    if (flows_come_out || columns) {
      elements.push_back(id);
    }
  }
  std::string list;
  std::set<std::string> seen;
  for (const ElementId id : elements) {
    const std::optional<std::size_t> column = flows_->find(id);
    if (!column) {
      continue;  // made by a stage, or computed
    }
    const std::string& name = (*flows_)[*column].name;
    if (seen.insert(name).second) {
      list += (list.empty() ? "" : ",") + name;
    }
  }
  return list;
}

}  // namespace

StageCall& Plan::last() {
  if (ungroup) {
    return *ungroup;
  }
  return merge ? *merge : branches.front().stages.back();
}

Plan make_plan(const Query& query, const RunOptions& options, const Schema* flows) {
  return Planner(query, options, flows).plan();
}

}  // namespace nfql
