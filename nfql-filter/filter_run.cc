#include "nfql-filter/filter_run.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "common/base/error.h"
#include "common/cli/pump.h"
#include "common/expr/predicate_chooser.h"
#include "nfql-filter/filter_stage.h"

namespace nfql {
namespace {

// What must be decoded: what the expressions read and what the outputs show.
ReadOptions needed(const CommonOptions& options, const std::vector<const Expr*>& expressions,
                   const std::vector<std::string>& outputs) {
  ReadOptions read = read_options(options);
  const auto columns = columns_of(options);
  if (columns) {
    read.named = elements_of(*columns);
  }
  for (const Expr* expression : expressions) {
    collect_elements(*expression, read.named);
  }
  const bool text = options.tee.empty() &&
                    std::all_of(outputs.begin(), outputs.end(),
                                [&](const auto& output) { return writes_text(options, output); });
  if (!options.tee.empty() || (!columns && !text)) {
    return read;
  }
  read.wanted = read.named;
  if (!columns) {
    const std::vector<ElementId> shown = default_elements();
    read.wanted->insert(read.wanted->end(), shown.begin(), shown.end());
  }
  return read;
}

std::pair<std::string, std::string> split_pair(const std::string& text, const char* option) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    fail(Exit::usage, "{}: '{}' is not NAME=...", option, text);
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

// `%b` in --tee is the name of the branch.
CommonOptions with_name(CommonOptions options, const std::string& branch) {
  constexpr std::string_view kMark = "%b";
  if (const std::size_t mark = options.tee.find(kMark); mark != std::string::npos) {
    options.tee.replace(mark, kMark.size(), branch);
  }
  return options;
}

// One branch at work.
struct Lane {
  Lane(const FilterBranch& branch, const ExpressionText& expression, const StreamHeader& header,
       const CommonOptions& options)
      : name(branch.name),
        stage(header, expression, zone_of(options)),
        out(with_name(options, branch.name), branch.output, stage.output_header()) {}

  // Nobody wants more of it. One reader who goes must not cut the other branches short.
  [[nodiscard]] bool done() const { return closed || out.full(); }
  void consume(Block&& block) {
    until_closed([&] { stage.consume(std::move(block), out); });
  }
  void finish() {
    until_closed([&] {
      stage.finish(out);
      out.finish();
    });
  }

  std::string name;
  FilterStage stage;
  Outlet out;
  bool closed = false;

 private:
  template <class Work>
  void until_closed(const Work& work) {
    if (closed) {
      return;
    }
    try {
      work();
    } catch (const BrokenPipe&) {
      closed = true;
    }
  }
};

std::vector<StageStats> lane_stats(const std::vector<std::unique_ptr<Lane>>& lanes,
                                   StageStats shared, const ProcessClock& clock) {
  std::vector<StageStats> all;
  clock.measure(shared, lanes.size());
  for (const auto& lane : lanes) {
    shared.branch = lane->name;
    shared.rows_out = lane->out.rows();
    shared.bytes_out = lane->out.bytes();
    all.push_back(shared);
  }
  return all;
}

void run_lanes(Reader& reader, const std::vector<std::unique_ptr<Lane>>& lanes,
               const CommonOptions& options) {
  const ProcessClock clock;
  StageStats stats;
  stats.stage = "filter";
  Progress progress(options.progress, stats.stage, reader.bytes_total());
  Block block;
  const StreamKind kind = reader.header().kind;
  const auto all_done = [&lanes] {
    return std::all_of(lanes.begin(), lanes.end(), [](const auto& lane) { return lane->done(); });
  };
  while (!all_done() && reader.next(block)) {
    stats.rows_in += rows_of(kind, block);
    for (const auto& lane : lanes) {
      lane->consume(borrow(block));
    }
    progress.tell(reader.bytes_read(), stats.rows_in);
  }
  stats.rows_in += reader.rows_left_out();
  check_fields(reader);
  for (const auto& lane : lanes) {
    lane->finish();
  }
  stats.bytes_in = reader.bytes_read();
  print_stats(options.stats, "nfql-filter", clock.wall_s(), lane_stats(lanes, stats, clock));
  print_warnings(reader.warnings(), options, "nfql-filter");
  for (const auto& lane : lanes) {
    print_warnings(lane->out.warnings(), options, "nfql-filter");
  }
  check_fault(reader);
}

// A reader that can choose flows need not decode the others.
void leave_choice_to(Reader& reader, const ExpressionText& expression, const CommonOptions& options,
                     FilterStage& stage) {
  if (stage.passes_all()) {
    return;
  }
  std::unique_ptr<RowChooser> chooser =
      std::make_unique<PredicateChooser>(expression, reader.header().flows(), zone_of(options));
  if (reader.choose_rows(chooser)) {
    stage.pass_all();
  }
}

}  // namespace

std::vector<FilterBranch> pair_branches(const std::vector<std::string>& expressions,
                                        const std::vector<std::string>& outputs) {
  std::vector<FilterBranch> branches;
  const auto find = [&branches](const std::string& name) {
    return std::find_if(branches.begin(), branches.end(),
                        [&name](const FilterBranch& branch) { return branch.name == name; });
  };
  for (const std::string& text : expressions) {
    auto [name, expression] = split_pair(text, "--branch");
    if (find(name) != branches.end()) {
      fail(Exit::usage, "--branch: there are two branches '{}'", name);
    }
    branches.push_back({std::move(name), std::move(expression), ""});
  }
  for (const std::string& text : outputs) {
    const auto [name, output] = split_pair(text, "--to");
    const auto branch = find(name);
    if (branch == branches.end() || !branch->output.empty()) {
      fail(Exit::usage, "--to: there is {} '{}'",
           branch == branches.end() ? "no branch" : "already an output for branch", name);
    }
    branch->output = output;
  }
  for (const FilterBranch& branch : branches) {
    if (branch.output.empty()) {
      throw Error(Exit::usage, fmt::format("--branch: branch '{}' has no output", branch.name),
                  fmt::format("add --to {}=FILE", branch.name));
    }
  }
  return branches;
}

void filter_one(const Arguments& arguments, const CommonOptions& options) {
  const ExpressionText expression = parse(arguments.expression, Grammar::filter, "filter");
  const auto reader =
      open_inputs(arguments.inputs, needed(options, {&expression.expr}, {options.output}));
  FilterStage stage(reader->header(), expression, zone_of(options));
  leave_choice_to(*reader, expression, options, stage);
  StageStats stats;
  stats.stage = "filter";
  pump(*reader, stage, options, stats);
}

void filter_branches(const std::vector<std::string>& inputs,
                     const std::vector<FilterBranch>& branches, const CommonOptions& options) {
  std::vector<std::string> paths = inputs;
  if (paths.empty()) {
    paths.emplace_back("-");
  }
  refuse_terminal_input(paths);
  std::vector<ExpressionText> expressions;
  std::vector<const Expr*> trees;
  std::vector<std::string> outputs;
  expressions.reserve(branches.size());
  for (const FilterBranch& branch : branches) {
    expressions.push_back(
        parse(branch.expression, Grammar::filter, fmt::format("filter of branch {}", branch.name)));
    trees.push_back(&expressions.back().expr);
    outputs.push_back(branch.output);
  }
  check_distinct(outputs);
  const auto reader = open_inputs(paths, needed(options, trees, outputs));
  std::vector<std::unique_ptr<Lane>> lanes;
  for (std::size_t i = 0; i < branches.size(); ++i) {
    lanes.push_back(std::make_unique<Lane>(branches[i], expressions[i], reader->header(), options));
  }
  run_lanes(*reader, lanes, options);
}

}  // namespace nfql
