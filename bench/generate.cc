// nfql-bench-generate: writes a trace of made-up traffic.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "bench/traffic_batches.h"
#include "common/cli/run_tool.h"
#include "common/io/writer.h"

namespace {

struct Options {
  std::uint64_t flows = 0;
  std::uint64_t seed = 1;
  std::string output = "-";
};

void write(const Options& options) {
  const std::unique_ptr<nfql::Writer> writer =
      nfql::open_writer(nfql::OutputFile(options.output),
                        nfql::flows_header(nfql::bench::flow_schema()), nfql::WriteOptions{});
  nfql::bench::TrafficBatches traffic(options.seed);
  for (std::uint64_t left = options.flows; left != 0;) {
    nfql::Block block;
    block.batch = traffic.next(std::min<std::uint64_t>(left, nfql::kMaxRows));
    left -= block.batch.rows;
    writer->put(std::move(block));
  }
  writer->finish();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Writes a trace of made-up traffic.", "nfql-bench-generate");
  Options options;
  app.add_option("--flows", options.flows, "how many flows")->required();
  app.add_option("--seed", options.seed, "another seed, other traffic");
  app.add_option("-o,--output", options.output, "file to write");
  return nfql::run_tool(app, argc, argv, [&options] { write(options); });
}
