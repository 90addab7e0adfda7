#include "nfql-run/plan_outputs.h"

#include <unistd.h>

#include <utility>

#include "common/base/error.h"
#include "nfql-run/result_files.h"

namespace nfql {
namespace {

class Outputs {
 public:
  Outputs(const Query& query, const RunOptions& options) : query_(query), options_(options) {}

  void set(Plan& plan) const {
    const std::string& tee = options_.common.tee;
    if (!tee.empty() && (has_several_results(query_) || keeps())) {
      throw Error(Exit::usage, "--tee copies one result",
                  keeps() ? "--dirpath keeps a copy already" : "use --dirpath DIR");
    }
    if (has_several_results(query_)) {
      set_results(plan);
    } else {
      set_output(plan.last(), result_file(options_));
      plan.last().tee = tee;
    }
    if (keeps()) {
      keep_results(plan);
    }
  }

 private:
  [[nodiscard]] bool keeps() const { return !options_.keep.directory.empty(); }

  void set_results(Plan& plan) const {
    for (std::size_t i = 0; i < plan.branches.size(); ++i) {
      BranchPlan& branch = plan.branches[i];
      const std::string file = result_file(query_.branches[i], options_);
      if (file.empty()) {
        branch.stages.back().output = kept_path(branch.stages.back());
        continue;
      }
      if (branch.stages.size() == 1) {
        // One filter serves all branches, and gives the others no text.
        branch.stages.push_back({"filter", branch.name, {}, "any", "", ""});
      }
      set_output(branch.stages.back(), file);
    }
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
    add("-n", limit ? fmt::format("{}", *limit) : "");
    if (call.stage == "ungroup" && zone_of(common) != 0) {
      add("--tz", common.zone);
    }
    if (common.skip_unrepresentable) {
      call.options.emplace_back("--skip-unrepresentable");
    }
    call.output = std::move(output);
  }

  [[nodiscard]] std::string kept_path(const StageCall& call) const {
    const std::string branch = call.branch.empty() ? "" : "-" + call.branch;
    return fmt::format("{}/{}{}.nfql", options_.keep.directory, call.stage, branch);
  }

  void keep(StageCall& call, int level) const {
    const std::string path = kept_path(call);
    if (options_.keep.level < level) {
      return;
    }
    refuse_trace(path, options_.traces);
    if (call.output != path) {
      call.tee = path;
    }
  }

  void keep_results(Plan& plan) const {
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

  const Query& query_;
  const RunOptions& options_;
};

}  // namespace

void set_outputs(const Query& query, const RunOptions& options, Plan& plan) {
  Outputs(query, options).set(plan);
}

}  // namespace nfql
