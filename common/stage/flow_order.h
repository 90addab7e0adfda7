// The order in which flows are taken: by start, then by flowId.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "common/expr/aggregate.h"
#include "common/flow/batch.h"
#include "common/flow/schema.h"
#include "common/stage/row_store.h"

namespace nfql {

enum class OrderBy : std::uint8_t {
  start,    ///< start, then flowId
  arrival,  ///< as the input has them
};

/// What FlowOrder::start is where the start of a flow is unknown: before all others.
inline constexpr std::int64_t kUnknownStart = std::numeric_limits<std::int64_t>::min();

/// Reads flows' places in the order. A flow whose start is unknown comes before all others; the
/// ordinal of its arrival stands in for a flowId that is missing.
class FlowOrderReader {
 public:
  /// Throws Error(Exit::usage) when the order is by start and `schema` has none.
  FlowOrderReader(const Schema& schema, OrderBy by);

  /// Replaces `order` by the places of the rows of `batch`, of which the first is the flow number
  /// `arrival` of the input, from 0.
  void read(const Batch& batch, std::uint64_t arrival, std::vector<FlowOrder>& order) const;
  /// Replaces `order` by the places of the given rows of a store that holds the whole input.
  void read(const RowStore& store, std::span<const std::uint32_t> rows,
            std::vector<FlowOrder>& order) const;

 private:
  std::optional<std::size_t> start_;
  std::optional<std::size_t> id_;
};

}  // namespace nfql
