// nfql-bench-generate: writes a trace of made-up traffic in one of the formats that bench/run
// reads.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/traffic.h"
#include "common/cli/run_tool.h"
#include "common/flow/column_builder.h"
#include "common/io/writer.h"

namespace {

using nfql::bench::Flow;
using nfql::bench::Traffic;

struct Options {
  std::uint64_t flows = 0;
  std::uint64_t seed = 1;
  std::string format = "nfql";
  std::string compress;
  std::string output = "-";
};

// The fields that all three formats have, and the ordinals by which nfql-run tells flows apart
// (flow-tools and nfdump files have no place for them: there the reader counts).
nfql::Schema flow_schema() {
  namespace element = nfql::element;
  nfql::Schema schema;
  for (const nfql::ElementId id :
       {element::kStart, element::kEnd, element::kSourceAddress, element::kSourcePort,
        element::kDestinationAddress, element::kDestinationPort, element::kProtocol,
        element::kTcpFlags, element::kPackets, element::kOctets, element::kFlowId}) {
    schema.add(nfql::field_of(id));
  }
  return schema;
}

// In the order of flow_schema().
void push(std::vector<nfql::ColumnBuilder>& columns, const Flow& flow, std::uint64_t ordinal) {
  columns[0].push(flow.start_ms);
  columns[1].push(flow.end_ms);
  columns[2].push(flow.source);
  columns[3].push(flow.source_port);
  columns[4].push(flow.destination);
  columns[5].push(flow.destination_port);
  columns[6].push(flow.protocol);
  columns[7].push(flow.tcp_flags);
  columns[8].push(std::uint64_t{flow.packets});
  columns[9].push(std::uint64_t{flow.bytes});
  columns[10].push(ordinal);
}

void write(Traffic& traffic, const Options& options) {
  const nfql::Schema schema = flow_schema();
  nfql::WriteOptions how;
  how.format = nfql::parse_output_format(options.format);
  how.compress = options.compress;
  const std::unique_ptr<nfql::Writer> writer =
      nfql::open_writer(nfql::OutputFile(options.output), nfql::flows_header(schema), how);

  std::vector<nfql::ColumnBuilder> columns;
  for (const nfql::Field& field : schema.fields()) {
    columns.emplace_back(field);
  }
  for (std::uint64_t done = 0; done < options.flows;) {
    nfql::Block block;
    while (block.batch.rows < nfql::kMaxRows && done < options.flows) {
      push(columns, traffic.next(), done);
      ++block.batch.rows;
      ++done;
    }
    for (nfql::ColumnBuilder& column : columns) {
      column.move_to(block.batch);
    }
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
  app.add_option("--format", options.format, "nfql, flow-tools or nfdump");
  app.add_option("-z,--compress", options.compress, "as for nfql-filter");
  app.add_option("-o,--output", options.output, "file to write");
  return nfql::run_tool(app, argc, argv, [&options] {
    Traffic traffic(options.seed);
    write(traffic, options);
  });
}
