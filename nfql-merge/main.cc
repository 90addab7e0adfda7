// nfql-merge: relate the groups of several branches. See nfql-merge(1).
#include "common/cli/run_tool.h"
#include "nfql-merge/merge_run.h"

namespace {

constexpr nfql::HelpText kHelp{
    R"(nfql-merge: find groups of several branches that fit together

  nfql-merge [OPTION...] [[-e] EXPR] NAME=FILE...

EXPR compares columns, 'A.srcip = B.dstip', or relates branches in time,
'A before B delta 30s', with and, or, not; see nfql(7). None: all combinations.
NAME=FILE is a branch: a stream that nfql-group wrote; - is standard input.

      --except EXPR      leave out what other branches go with; repeatable
      --emit collection  groups that match, by connected component, not tuples
)",
    R"(  nfql-merge 'A.srcip = B.dstip' A=<(nfql-group srcip req.ft) \
    B=<(nfql-group dstip res.ft)
)"};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("", "nfql-merge");
  nfql::CommonOptions options;
  nfql::MergeArguments merge;
  nfql::add_common_options(app, options, kHelp);
  nfql::add_words(app, merge.words, "EXPR NAME=FILE");
  app.add_option("--except", merge.except)->allow_extra_args(false);
  app.add_option("--emit", merge.emit)->check(CLI::IsMember({"tuples", "collection"}));
  return nfql::run_tool(app, argc, argv, [&] { nfql::run_merge(merge, options); });
}
