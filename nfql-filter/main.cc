// nfql-filter: keep the flows for which an expression holds. See nfql-filter(1).
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/cli/arguments.h"
#include "common/cli/options.h"
#include "common/cli/run_tool.h"
#include "nfql-filter/filter_run.h"

namespace {

constexpr nfql::HelpText kHelp{
    R"(nfql-filter: keep the flows for which an expression holds

  nfql-filter [OPTION...] [[-e] EXPR] [FILE...]

EXPR is e.g. 'dstport = http and bytes > 10k', see nfql(7); none keeps all.
FILE: flow-tools, nfdump, IPFIX, NetFlow, pcap, SiLK, nfql, CSV, JSON; or stdin.

      --branch NAME=EXPR  one more expression on the same pass over the input,
      --to NAME=FILE      whose flows go to FILE, not to the output
      --split-biflow      an IPFIX record of both directions is two flows
)",
    R"(  nfql-filter 'dstip = 10.0.0.0/8 and not proto = udp' trace.ft -O csv
)"};

// A variable that is not set would let everything pass.
void refuse_empty(const nfql::Words& words) {
  const std::string* const expression = words.expression     ? &*words.expression
                                        : words.rest.empty() ? nullptr
                                                             : &words.rest.front();
  if (expression != nullptr && expression->find_first_not_of(" \t\n") == std::string::npos) {
    throw nfql::Error(nfql::Exit::usage, "the expression is empty", "'any' keeps all flows");
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("", "nfql-filter");
  nfql::CommonOptions options;
  nfql::Words words;
  std::vector<std::string> branches;
  std::vector<std::string> outputs;
  nfql::add_common_options(app, options, kHelp);
  nfql::add_words(app, words, "EXPR FILE");
  app.add_option("--branch", branches)->allow_extra_args(false);
  app.add_option("--to", outputs)->allow_extra_args(false);
  app.add_flag("--split-biflow", options.split_biflow);
  return nfql::run_tool(app, argc, argv, [&] {
    if (branches.empty() && outputs.empty()) {
      refuse_empty(words);
      nfql::filter_one(nfql::split_arguments(words), options);
    } else {
      if (words.expression) {
        nfql::fail(nfql::Exit::usage, "-e is of one expression, --branch of several");
      }
      nfql::filter_branches(words.rest, nfql::pair_branches(branches, outputs), options);
    }
  });
}
