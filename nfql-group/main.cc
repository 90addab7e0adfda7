// nfql-group: partition flows into groups with aggregates. See nfql-group(1).
#include "common/cli/run_tool.h"
#include "nfql-group/group_run.h"

namespace {

constexpr nfql::HelpText kHelp{
    R"(nfql-group: partition flows into groups, with aggregates

  nfql-group [OPTION...] [[-e] TERMS] [FILE...]

TERMS say which flows belong together, as in 'srcip, prefix(dstip, 24)' or
'srcip, gap(max.end, start) < 30s'; 'or' makes modules g1, g2 ... See nfql(7).
FILE: flow-tools, nfdump, IPFIX, NetFlow, pcap, SiLK, nfql, CSV, JSON; or stdin.

  -a, --aggregate LIST   as 'sum(bytes) as total, max(packets), union(dstport)'
      --modules NAMES    of the lists of terms, e.g. 'requests,answers'
      --plugin FILE      more aggregate functions, see nfql-aggregate(3)
      --no-members; --split-biflow  groups alone; two flows of a biflow
      --order input      flows in the order of the input, not of their start
)",
    R"(  nfql-group 'srcip, dstip' -a 'sum(bytes) as total' trace.ft -O csv
)"};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("", "nfql-group");
  nfql::CommonOptions options;
  nfql::GroupArguments group;
  nfql::add_common_options(app, options, kHelp);
  nfql::add_words(app, group.words, "TERMS FILE");
  app.add_option("-a,--aggregate", group.aggregates);
  app.add_option("--modules", group.modules)->delimiter(',')->allow_extra_args(false);
  app.add_option("--plugin", group.plugins)->allow_extra_args(false);
  app.add_flag("--no-members", group.no_members);
  app.add_option("--order", group.order)->check(CLI::IsMember({"time", "input"}));
  app.add_flag("--split-biflow", options.split_biflow);
  return nfql::run_tool(app, argc, argv, [&] { nfql::run_group(group, options); });
}
