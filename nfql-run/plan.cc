#include "nfql-run/plan.h"

#include <algorithm>
#include <utility>

#include "common/cli/input_times.h"
#include "nfql-run/flow_columns.h"
#include "nfql-run/passed_columns.h"
#include "nfql-run/plan_outputs.h"

namespace nfql {
namespace {

/// Makes one plan.
class Planner {
 public:
  Planner(const Query& query, const RunOptions& options, const Schema* flows,
          const std::vector<StreamHeader>& branches)
      : query_(query), options_(options), flows_(flows), branches_(branches) {}

  Plan plan() {
    Plan plan;
    plan.traces = options_.traces;
    text_ = all_text();
    members_ = query_.ungroup || !text_ || copies();
    const bool all_columns = flows_ == nullptr || !text_ || copies();
    const std::string columns =
        all_columns ? "" : needed_columns(query_, columns_of(options_.common), *flows_);
    for (const BranchQuery& branch : query_.branches) {
      plan.branches.push_back(this->branch(branch, columns));
    }
    if (query_.merge) {
      plan.merge = merge();
    }
    if (query_.ungroup) {
      plan.ungroup = ungroup();
    }
    if (query_.ungroup && !keeps()) {
      pass_columns(passed_columns(query_, branches_, zone_of(options_.common)), plan);
    }
    set_outputs(query_, options_, plan);
    if (options_.common.threads) {
      bound_threads(plan, *options_.common.threads);
    }
    return plan;
  }

 private:
  static void bound_threads(Plan& plan, std::size_t threads) {
    const auto bound = [threads](StageCall& call) {
      call.options.insert(call.options.end(), {"-j", fmt::format("{}", threads)});
    };
    for (BranchPlan& branch : plan.branches) {
      std::for_each(branch.stages.begin(), branch.stages.end(), bound);
    }
    if (plan.merge) {
      bound(*plan.merge);
    }
    if (plan.ungroup) {
      bound(*plan.ungroup);
    }
  }

  static void pass_columns(const PassedColumns& passed, Plan& plan) {
    const auto pass = [](StageCall& call, const std::string& columns) {
      if (!columns.empty()) {
        call.options.insert(call.options.end(), {"--columns", columns});
      }
    };
    for (std::size_t i = 0; i < plan.branches.size(); ++i) {
      for (StageCall& call : plan.branches[i].stages) {
        if (call.stage == "group") {
          pass(call, passed.branches[i].group);
        } else if (call.stage == "gfilter") {
          pass(call, passed.branches[i].gfilter);
        }
      }
    }
    if (plan.merge) {
      pass(*plan.merge, passed.merge);
    }
  }

  // Whether all results are for people and spreadsheets.
  [[nodiscard]] bool all_text() const {
    const std::string& output = options_.common.output;
    const bool own_files = !query_.merge && query_.branches.size() > 1 && output == "-";
    return own_files ? std::all_of(query_.branches.begin(), query_.branches.end(),
                                   [this](const BranchQuery& branch) {
                                     return writes_text(options_.common, branch.output.name);
                                   })
                     : writes_text(options_.common, output);
  }

  [[nodiscard]] bool keeps() const { return !options_.keep.directory.empty(); }
  // Somebody gets streams whatever the output is: nothing may be left out of them.
  [[nodiscard]] bool copies() const { return keeps() || !options_.common.tee.empty(); }

  BranchPlan branch(const BranchQuery& branch, const std::string& columns) const {
    BranchPlan plan{branch.name, {}};
    StageCall filter{"filter", branch.name, {}, "", "", ""};
    const std::string text = branch.filter ? branch.filter->text : "";
    filter.expression = text.find_first_not_of(" \t\r\n") == std::string::npos ? "any" : text;
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
    for (const std::string& word : time_options(common)) {
      filter.options.push_back(word);
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

  const Query& query_;
  const RunOptions& options_;
  const Schema* flows_;
  const std::vector<StreamHeader>& branches_;
  bool text_ = false;
  bool members_ = true;
};

}  // namespace

StageCall& Plan::last() {
  if (ungroup) {
    return *ungroup;
  }
  return merge ? *merge : branches.front().stages.back();
}

Plan make_plan(const Query& query, const RunOptions& options, const Schema* flows,
               const std::vector<StreamHeader>& branches) {
  return Planner(query, options, flows, branches).plan();
}

}  // namespace nfql
