// Made-up traffic as batches of columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/traffic.h"
#include "common/flow/batch.h"
#include "common/flow/column_builder.h"
#include "common/flow/schema.h"

namespace nfql::bench {

/// The fields that flow-tools, nfdump and SiLK files have too, and the ordinals by which nfql-run
/// tells flows apart (those files have no place for them: there the reader counts).
[[nodiscard]] Schema flow_schema();

/// Traffic, so many flows at a time.
class TrafficBatches {
 public:
  explicit TrafficBatches(std::uint64_t seed);

  /// The next `rows` flows (at most kMaxRows), in the columns of flow_schema().
  [[nodiscard]] Batch next(std::size_t rows);

 private:
  void push(const Flow& flow);

  Traffic traffic_;
  std::uint64_t ordinal_ = 0;
  std::vector<ColumnBuilder> columns_;
};

}  // namespace nfql::bench
