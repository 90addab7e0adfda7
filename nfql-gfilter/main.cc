// nfql-gfilter: keep the groups for which an expression holds. See nfql-gfilter(1).
#include <fmt/format.h>

#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/cli/arguments.h"
#include "common/cli/pump.h"
#include "common/cli/run_tool.h"
#include "nfql-gfilter/gfilter_stage.h"

namespace {

constexpr nfql::HelpText kHelp{
    R"(nfql-gfilter: keep the groups for which an expression holds

  nfql-gfilter [OPTION...] [[-e] EXPR] [FILE]

EXPR is over the columns of the groups: keys, aggregates, start, end, duration,
count; e.g. 'sum_bytes > 1M and count >= 10', see nfql(7). None keeps all.
FILE is a stream that nfql-group wrote; none or - is standard input.

)",
    R"(  nfql-group srcip -a 'unique(dstport)' trace.ft \
    | nfql-gfilter 'unique_dstport > 100' -O csv
)"};

// Groups of several files would be those of several groupings.
void check_one_input(const nfql::Words& words) {
  std::vector<std::string> inputs = words.rest;
  if (!words.expression && !inputs.empty() && !nfql::is_existing_file(inputs.front())) {
    inputs.erase(inputs.begin());
  }
  if (inputs.size() > 1) {
    throw nfql::Error(
        nfql::Exit::usage, fmt::format("takes one input, not '{}'", fmt::join(inputs, "' and '")),
        "filter each by itself; an expression that is the name of a file stands behind -e");
  }
}

void run(const nfql::Words& words, const nfql::CommonOptions& options) {
  check_one_input(words);
  const nfql::Arguments arguments = nfql::split_arguments(words);
  const nfql::ExpressionText expression =
      nfql::parse(arguments.expression, nfql::Grammar::filter, "group filter");
  nfql::ReadOptions read = nfql::read_options(options);
  read.named.push_back(nfql::element::kCount);  // what says that rows are groups
  const auto reader = nfql::open_inputs(arguments.inputs, read);
  nfql::GroupFilterStage stage(reader->header(), expression, nfql::zone_of(options));
  nfql::StageStats stats;
  stats.stage = "gfilter";
  nfql::pump(*reader, stage, options, stats);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("", "nfql-gfilter");
  nfql::CommonOptions options;
  nfql::Words words;
  nfql::add_common_options(app, options, kHelp);
  nfql::add_words(app, words, "EXPR FILE");
  return nfql::run_tool(app, argc, argv, [&] { run(words, options); });
}
