#include "nfql-merge/merge_run.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <memory>
#include <thread>
#include <utility>

#include "common/base/error.h"
#include "common/base/names.h"
#include "common/cli/arguments.h"
#include "common/cli/pump.h"
#include "common/cli/run_tool.h"
#include "nfql-merge/merge_stage.h"

namespace nfql {
namespace {

/// What one branch read.
struct BranchRead {
  std::unique_ptr<Reader> reader;
  std::uint64_t rows = 0;
  std::exception_ptr error;
};

// Whether the first word is a branch already: then there is no expression.
bool is_input(const std::string& word) {
  const std::size_t equals = word.find('=');
  return equals != std::string::npos && is_branch_name(word.substr(0, equals)) &&
         is_existing_file(word.substr(equals + 1));
}

/// The expression, and the words that are branches.
struct Split {
  std::string expression;
  std::vector<std::string> branches;
};

Split split_words(const Words& words) {
  Split split{words.expression.value_or(""), words.rest};
  if (!words.expression && !words.rest.empty() && !is_input(words.rest.front())) {
    split.expression = words.rest.front();
    split.branches.erase(split.branches.begin());
  }
  return split;
}

// A file that is not there is told at once, not when slower branches have begun.
void check_exists(const std::string& file) {
  struct stat status {};
  if (file != "-" && ::stat(file.c_str(), &status) != 0) {
    fail_system(file, "cannot open", errno);
  }
}

std::vector<MergeInput> inputs_of(const std::vector<std::string>& words) {
  std::vector<MergeInput> inputs;
  for (const std::string& word : words) {
    inputs.push_back(parse_merge_input(word));
  }
  if (inputs.empty()) {
    throw Error(Exit::usage, "no branch to merge",
                "name branches as NAME=FILE behind the expression");
  }
  std::vector<std::string> files;
  for (const MergeInput& input : inputs) {
    files.push_back(input.file);
    check_exists(input.file);
  }
  if (std::count(files.begin(), files.end(), "-") > 1) {
    throw Error(Exit::usage, "standard input can be one branch only");
  }
  refuse_terminal_input(files);
  return inputs;
}

// Runs `work(branch)` for all branches at the same time; throws the first error in their order.
template <class Work>
void for_all(std::vector<BranchRead>& reads, const Work& work) {
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < reads.size(); ++i) {
      threads.emplace_back([&reads, &work, i] {
        try {
          work(i);
        } catch (...) {
          reads[i].error = std::current_exception();
        }
      });
    }
  }
  for (const BranchRead& read : reads) {
    if (read.error) {
      std::rethrow_exception(read.error);
    }
  }
}

void read_branch(std::size_t branch, BranchRead& read, MergeStage& stage) {
  Block block;
  const StreamKind kind = read.reader->header().kind;
  while (read.reader->next(block)) {
    read.rows += rows_of(kind, block);
    stage.consume(branch, std::move(block));
    block = Block();
  }
}

std::vector<BranchRead> open_all(const std::vector<MergeInput>& inputs,
                                 const CommonOptions& options) {
  std::vector<BranchRead> reads(inputs.size());
  // Opening waits for the header, and who writes one branch may wait for us to read another.
  for_all(reads, [&](std::size_t i) {
    reads[i].reader = open_inputs({inputs[i].file}, read_options(options));
  });
  return reads;
}

MergeOptions merge_options(const MergeArguments& arguments, const CommonOptions& options,
                           const std::vector<MergeInput>& inputs, const std::string& expression) {
  MergeOptions merge;
  merge.expr = parse(expression, Grammar::merge, "merge");
  for (const std::string& text : arguments.except) {
    merge.except.push_back(parse(text, Grammar::merge, "--except"));
  }
  merge.emit = arguments.emit == "collection" ? Emit::collection : Emit::tuples;
  merge.zone = zone_of(options);
  merge.limit = merge.emit == Emit::tuples && options.tee.empty() ? options.limit : std::nullopt;
  for (const MergeInput& input : inputs) {
    merge.names.push_back(input.name);
  }
  return merge;
}

}  // namespace

MergeInput parse_merge_input(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == word.size()) {
    throw Error(Exit::usage, fmt::format("'{}' is not NAME=FILE", word),
                "the expression is one word: put it in quotes");
  }
  check_branch_name(word.substr(0, equals), fmt::format("'{}'", word));
  return {word.substr(0, equals), word.substr(equals + 1)};
}

void run_merge(const MergeArguments& arguments, const CommonOptions& options) {
  const ProcessClock clock;
  const Split split = split_words(arguments.words);
  const std::vector<MergeInput> inputs = inputs_of(split.branches);
  MergeOptions merge = merge_options(arguments, options, inputs, split.expression);
  std::vector<BranchRead> reads = open_all(inputs, options);
  std::vector<StreamHeader> headers;
  for (const BranchRead& read : reads) {
    headers.push_back(read.reader->header());
  }
  MergeStage stage(std::move(merge), headers);
  Outlet out(options, stage.output_header());
  for_all(reads, [&](std::size_t i) { read_branch(i, reads[i], stage); });
  for (const std::string& warning : stage.warnings()) {
    if (!options.quiet) {
      warn("nfql-merge", warning);
    }
  }
  stage.finish(out);
  out.finish();

  StageStats stats;
  stats.stage = "merge";
  for (const BranchRead& read : reads) {
    stats.rows_in += read.rows;
    stats.bytes_in += read.reader->bytes_read();
  }
  stats.rows_out = out.rows();
  stats.bytes_out = out.bytes();
  clock.measure(stats);
  print_stats(options.stats, "nfql-merge", clock.wall_s(), {stats});
  for (const BranchRead& read : reads) {
    print_warnings(read.reader->warnings(), options, "nfql-merge");
  }
  for (const BranchRead& read : reads) {
    check_fault(*read.reader);
  }
}

}  // namespace nfql
