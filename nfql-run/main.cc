// nfql-run: run a whole query as processes joined by pipes. See nfql-run(1).
#include <csignal>

#include "common/cli/run_tool.h"
#include "nfql-run/run_query.h"

namespace {

constexpr nfql::HelpText kHelp{
    R"(nfql-run: run a whole query: filter, group, merge and ungroup

  nfql-run [OPTION...] QUERY [TRACE...]

QUERY is JSON or the text form, see nfql-query(5); - is standard input.
TRACE is what nfql-filter reads; none: as the query says, or standard input.

      --explain[=dot]    print the shell pipeline that does the same, or a graph
      --check, --to-json  tell all that is wrong with QUERY; print it as JSON
      --dirpath DIR      keep the result in DIR; -vv groups, -vvv flows too
      --emit WHAT, --flat  tuples or collection; one stream of flows
      --plugin FILE      more aggregate functions, see nfql-aggregate(3)
      --cores LIST, --no-pin  which cores the branches get
)",
    R"(  nfql-run http-sessions.json trace.ft -O csv
)"};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("", "nfql-run");
  nfql::CommonOptions options;
  nfql::RunArguments run;
  int interrupted = 0;
  nfql::add_common_options(app, options, kHelp);
  app.add_option("QUERY", run.query);
  app.add_option("TRACE", run.traces);
  app.add_flag("--explain{shell}", run.explain)->check(CLI::IsMember({"shell", "dot"}));
  app.add_flag("--check", run.check);
  app.add_flag("--to-json", run.to_json);
  app.add_option("--dirpath", run.directory);
  app.add_flag("-v,--verbose", run.verbose);
  app.add_option("--emit", run.emit)->check(CLI::IsMember({"tuples", "collection"}));
  app.add_flag("--flat", run.flat);
  app.add_option("--plugin", run.plugins)->allow_extra_args(false);
  app.add_option("--cores", run.cores);
  app.add_flag("--no-pin", run.no_pin);
  const int code = nfql::run_tool(app, argc, argv, [&] {
    run.has_output = app.get_option("--output")->count() > 0;
    interrupted = nfql::run_query(run, options);
  });
  if (interrupted != 0) {
    // Everything is cleaned up: die as if we had never caught it, so that shells know.
    static_cast<void>(std::signal(interrupted, SIG_DFL));
    static_cast<void>(std::raise(interrupted));
  }
  return code;
}
