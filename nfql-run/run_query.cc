#include "nfql-run/run_query.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <utility>

#include "common/base/error.h"
#include "common/base/usable_cores.h"
#include "common/cli/run_tool.h"
#include "common/expr/aggregate_plugins.h"
#include "nfql-run/check.h"
#include "nfql-run/explain.h"
#include "nfql-run/load.h"
#include "nfql-run/result_files.h"
#include "nfql-run/supervisor.h"
#include "nfql-run/zone_literals.h"

namespace nfql {
namespace {

constexpr const char* kTool = "nfql-run";
// A filter that filters nothing, only writes a branch's flows: no stage of the query.
constexpr const char* kOutputStage = "output";

// What the system takes as one word of a command line (MAX_ARG_STRLEN of Linux, with the end).
constexpr std::size_t kMostWord = 128 * 1024;

void check_length(const Launch& process) {
  for (const std::string& word : process.words) {
    if (word.size() >= kMostWord) {
      throw Error(Exit::usage,
                  fmt::format("{}: an expression of {} bytes: the system takes less than {}",
                              process.label, word.size(), kMostWord),
                  "put a long set into a file, one value a line, and write 'in @FILE'");
    }
  }
}

/// Turns a plan into processes and the pipes between them.
class Builder {
 public:
  Builder(const Plan& plan, const RunArguments& arguments, const CommonOptions& options)
      : plan_(plan), arguments_(arguments), options_(options) {
    if (!arguments.no_pin) {
      cores_ = arguments.cores.empty() ? usable_cores() : parse_cores(arguments.cores);
    }
    for (const int core : cores_) {
      const std::vector<int> usable = usable_cores();
      if (std::find(usable.begin(), usable.end(), core) == usable.end()) {
        fail(Exit::usage, "--cores: there is no core {} for us; there are {}", core,
             fmt::join(usable, ", "));
      }
    }
  }

  /// Starts everything. Pipes are closed here as soon as the processes have them.
  void start(Supervisor& supervisor) {
    add_filter();
    std::vector<int> ends;
    for (std::size_t i = 0; i < plan_.branches.size(); ++i) {
      ends.push_back(add_branch(i));
    }
    if (plan_.merge) {
      add_merge(ends);
    }
    if (plan_.ungroup) {
      StageCall call = *plan_.ungroup;
      launch(call, "ungroup").input = plan_.merge ? merge_end_ : ends.front();
    }
    for (Launch& process : processes_) {
      check_length(process);
      supervisor.add(process);
    }
    pipes_.clear();
  }

 private:
  [[nodiscard]] bool single() const { return plan_.branches.size() == 1; }

  // Makes a pipe whose ends live until everything is started; returns their numbers.
  std::pair<int, int> pipe() {
    pipes_.push_back(make_pipe());
    return {pipes_.back().read.get(), pipes_.back().write.get()};
  }

  Launch& launch(const StageCall& call, std::string label) {
    Launch process;
    process.label = std::move(label);
    process.stage = call.stage;
    process.branch = call.branch;
    process.words = {call.tool()};
    process.words.insert(process.words.end(), call.options.begin(), call.options.end());
    if (!call.tee.empty()) {
      process.words.insert(process.words.end(), {"--tee", call.tee});
    }
    process.words.emplace_back("--stats=json");
    if (shows_progress()) {
      process.words.emplace_back("--progress=json");
    }
    // What nfql-merge warns of, the check of the query has said already.
    if (options_.quiet || call.stage == "merge") {
      process.words.emplace_back("--quiet");
    }
    if (!call.output.empty()) {
      process.words.insert(process.words.end(), {"-o", call.output});
      process.output = call.output;
    }
    processes_.push_back(std::move(process));
    return processes_.back();
  }

  [[nodiscard]] bool shows_progress() const {
    return !options_.quiet && (!options_.progress.empty() || ::isatty(STDERR_FILENO) == 1);
  }

  // Where a stage that is the last of its branch writes: standard output if nothing comes behind.
  [[nodiscard]] bool feeds_another(const BranchPlan& branch, std::size_t stage) const {
    return stage + 1 < branch.stages.size() || plan_.merge || plan_.ungroup;
  }

  void add_filter() {
    if (single()) {
      const StageCall& call = plan_.branches.front().stages.front();
      Launch& filter = launch(call, "filter");
      filter.words.insert(filter.words.end(), {"-e", call.expression});
      filter.words.insert(filter.words.end(), plan_.traces.begin(), plan_.traces.end());
      if (feeds_another(plan_.branches.front(), 0)) {
        const auto [read, write] = pipe();
        filter.output_fd = write;
        branch_inputs_.push_back(read);
      }
      return;
    }
    StageCall shared = plan_.branches.front().stages.front();
    shared.branch.clear();
    shared.output.clear();
    if (!shared.tee.empty()) {
      shared.tee = fmt::format("{}/filter-%b.nfql", arguments_.directory);
    }
    Launch& filter = launch(shared, "filter");
    for (const BranchPlan& branch : plan_.branches) {
      add_filter_branch(filter, branch);
    }
    filter.words.insert(filter.words.end(), plan_.traces.begin(), plan_.traces.end());
  }

  void add_filter_branch(Launch& filter, const BranchPlan& branch) {
    const StageCall& call = branch.stages.front();
    std::string target = call.output;
    if (feeds_another(branch, 0)) {
      const auto [read, write] = pipe();
      filter.kept.push_back(write);
      branch_inputs_.push_back(read);
      target = fmt::format("/dev/fd/{}", write);
    } else {
      branch_inputs_.push_back(-1);
    }
    filter.words.insert(filter.words.end(), {"--branch", branch.name + "=" + call.expression});
    if (!target.empty()) {
      filter.words.insert(filter.words.end(), {"--to", branch.name + "=" + target});
    }
  }

  // Adds the stages behind the filter; returns where the branch can be read.
  int add_branch(std::size_t index) {
    const BranchPlan& branch = plan_.branches[index];
    int input = branch_inputs_.empty() ? -1 : branch_inputs_[index];
    for (std::size_t i = 1; i < branch.stages.size(); ++i) {
      const StageCall& call = branch.stages[i];
      Launch& process = launch(call, fmt::format("{} of branch {}", call.stage, branch.name));
      process.words.insert(process.words.end(), {"-e", call.expression, "-"});
      process.input = input;
      if (call.stage == "filter") {
        process.stage = kOutputStage;
      }
      if (!cores_.empty()) {
        process.core = cores_[index % cores_.size()];
      }
      if (feeds_another(branch, i)) {
        const auto [read, write] = pipe();
        process.output_fd = write;
        input = read;
      }
    }
    return input;
  }

  void add_merge(const std::vector<int>& ends) {
    Launch& merge = launch(*plan_.merge, "merge");
    merge.words.insert(merge.words.end(), {"-e", plan_.merge->expression});
    for (std::size_t i = 0; i < ends.size(); ++i) {
      merge.kept.push_back(ends[i]);
      merge.words.push_back(fmt::format("{}=/dev/fd/{}", plan_.branches[i].name, ends[i]));
    }
    if (plan_.ungroup) {
      const auto [read, write] = pipe();
      merge.output_fd = write;
      merge_end_ = read;
    }
  }

  const Plan& plan_;
  const RunArguments& arguments_;
  const CommonOptions& options_;
  std::vector<int> cores_;
  std::vector<Pipe> pipes_;
  std::vector<Launch> processes_;
  std::vector<int> branch_inputs_;
  int merge_end_ = -1;
};

void print_warnings(const std::vector<Ended>& processes) {
  for (const Ended& process : processes) {
    const std::string prefix = fmt::format("nfql-{}: warning: ", process.stage);
    for (const std::string& message : process.lines.messages()) {
      if (!process.failed()) {
        const std::size_t begin = message.starts_with(prefix) ? prefix.size() : 0;
        warn(kTool, fmt::format("{}: {}", process.label, message.substr(begin)));
      }
    }
  }
}

std::vector<StageStats> all_stats(const std::vector<Ended>& processes) {
  std::vector<StageStats> all;
  for (const Ended& process : processes) {
    if (process.stage == kOutputStage) {
      continue;
    }
    for (StageStats stats : process.lines.stats()) {
      stats.branch = stats.branch.empty() ? process.branch : stats.branch;
      all.push_back(std::move(stats));
    }
  }
  return all;
}

int run_plan(const Plan& plan, const RunArguments& arguments, const CommonOptions& options) {
  const ProcessClock clock;
  Care care;
  care.progress = !options.quiet && (!options.progress.empty() || ::isatty(STDERR_FILENO) == 1);
  care.salvage = options.salvage;
  care.pin_merge = !arguments.no_pin;
  Supervisor supervisor(care);
  Builder(plan, arguments, options).start(supervisor);
  const std::vector<Ended> processes = supervisor.run();
  if (supervisor.interrupted() != 0) {
    return supervisor.interrupted();
  }
  if (const Ended* cause = first_cause(processes)) {
    fail_for(*cause);
  }
  print_warnings(processes);
  print_stats(options.stats, kTool, clock.wall_s(), all_stats(processes));
  const auto deferred = std::find_if(processes.begin(), processes.end(),
                                     [](const Ended& process) { return process.deferred; });
  if (deferred != processes.end()) {
    fail_for(*deferred);
  }
  return 0;
}

void make_directory(const std::string& path) {
  if (!path.empty() && ::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) {
    fail_system(path, "cannot create", errno);
  }
}

void print(const std::string& text) {
  write_all(STDOUT_FILENO, std::as_bytes(std::span(text)), "<stdout>");
}

}  // namespace

int run_query(const RunArguments& arguments, const CommonOptions& options) {
  const QuerySource source = read_source(arguments);
  Problems problems(source);
  Query query = load_query(arguments, source, problems);
  if (arguments.to_json) {
    if (zone_of(options) != 0) {
      refuse_zoneless_times(query, problems);
    }
    problems.throw_if_any();
    query.limit = options.limit ? options.limit : query.limit;
    print(to_json(query));
    return 0;
  }
  AggregatePlugins plugins;
  resolve_aggregates(arguments.plugins, plugins, query, problems);
  const RunOptions run = run_options(arguments, options, query);
  const std::optional<Schema> flows = schema_for(arguments, query, run, problems);
  const std::vector<StreamHeader> branches = check_query(query, flows, run, problems);
  check_files(query, run, problems);
  problems.throw_if_any();
  for (const std::string& warning : problems.warnings()) {
    if (!options.quiet) {
      warn(kTool, warning);
    }
  }
  if (arguments.check) {
    return 0;
  }
  const Plan plan = make_plan(query, run, flows ? &*flows : nullptr, branches);
  if (!arguments.explain.empty()) {
    print(arguments.explain == "dot" ? explain_dot(plan) : explain_shell(plan));
    return 0;
  }
  make_directory(arguments.directory);
  return run_plan(plan, arguments, run.common);
}

}  // namespace nfql
