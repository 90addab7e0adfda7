// nfql-ungroup: give back the flows of groups and tuples. See nfql-ungroup(1).
#include "common/cli/run_tool.h"
#include "nfql-ungroup/ungroup_run.h"

namespace {

constexpr nfql::HelpText kHelp{
    R"(nfql-ungroup: give back the flows of groups and tuples, as streams

  nfql-ungroup [OPTION...] [FILE]

The flows of each tuple, component of a collection, or group are a stream:
ordered by start, each flow once, told apart by the column 'stream'.
FILE is what nfql-merge or nfql-group wrote; none or - is standard input.

      --flat             one stream of all flows, each once
      --streams DIR      one file a stream in directory DIR
)",
    R"(  nfql-group srcip -a 'sum(bytes)' trace.ft \
    | nfql-gfilter 'sum_bytes > 1M' | nfql-ungroup --flat
)"};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("", "nfql-ungroup");
  nfql::CommonOptions options;
  nfql::UngroupArguments ungroup;
  nfql::add_common_options(app, options, kHelp);
  app.add_option("FILE", ungroup.inputs)->expected(0, 1);
  app.add_flag("--flat", ungroup.flat);
  app.add_option("--streams", ungroup.directory);
  return nfql::run_tool(app, argc, argv, [&] { nfql::run_ungroup(ungroup, options); });
}
