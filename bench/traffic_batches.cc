#include "bench/traffic_batches.h"

namespace nfql::bench {

Schema flow_schema() {
  Schema schema;
  for (const ElementId id :
       {element::kStart, element::kEnd, element::kSourceAddress, element::kSourcePort,
        element::kDestinationAddress, element::kDestinationPort, element::kProtocol,
        element::kTcpFlags, element::kPackets, element::kOctets, element::kFlowId}) {
    schema.add(field_of(id));
  }
  return schema;
}

TrafficBatches::TrafficBatches(std::uint64_t seed) : traffic_(seed) {
  const Schema schema = flow_schema();
  for (const Field& field : schema.fields()) {
    columns_.emplace_back(field);
  }
}

Batch TrafficBatches::next(std::size_t rows) {
  for (std::size_t row = 0; row < rows; ++row) {
    push(traffic_.next());
  }
  Batch batch;
  batch.rows = rows;
  for (ColumnBuilder& column : columns_) {
    column.move_to(batch);
  }
  return batch;
}

// In the order of flow_schema().
void TrafficBatches::push(const Flow& flow) {
  columns_[0].push(flow.start_ms);
  columns_[1].push(flow.end_ms);
  columns_[2].push(flow.source);
  columns_[3].push(flow.source_port);
  columns_[4].push(flow.destination);
  columns_[5].push(flow.destination_port);
  columns_[6].push(flow.protocol);
  columns_[7].push(flow.tcp_flags);
  columns_[8].push(std::uint64_t{flow.packets});
  columns_[9].push(std::uint64_t{flow.bytes});
  columns_[10].push(ordinal_++);
}

}  // namespace nfql::bench
