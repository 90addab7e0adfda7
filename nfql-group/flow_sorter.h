// Flows held until all are there, then given in the order in which they are taken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "common/stage/flow_order.h"
#include "common/stage/row_store.h"

namespace nfql {

/// Flows in their order. The spans are as long as the batch has rows.
struct FlowsInOrder {
  const Batch& batch;
  std::span<const FlowOrder> order;
  std::span<const std::int64_t> earliest;  ///< the least start of each flow and all after it
};

/// Holds flows packed. Those that arrive in order, as those of a sorted trace do, are not sorted.
class FlowSorter {
 public:
  /// Throws Error(Exit::usage) when `schema` has no start.
  FlowSorter(const Schema& schema, OrderBy by)
      : flows_(schema), by_(by), reader_(schema, OrderBy::start) {}

  /// Adds the flows of a batch. At most 2^32 in all.
  void add(Batch&& batch);

  /// Gives all flows. A batch has at most kMaxRows, and of its columns perhaps only the given ones.
  /// To be called once, after the last add().
  using Take = std::function<void(const FlowsInOrder& flows)>;
  void visit(std::span<const std::size_t> columns, const Take& take);

  /// All flows, in the order in which they came.
  [[nodiscard]] const RowStore& flows() const { return flows_; }
  /// Turns positions in the order of visit() into rows of flows().
  void to_rows(std::span<std::uint32_t> positions) const;

 private:
  void sort();
  [[nodiscard]] Batch gather(std::span<const std::uint32_t> rows,
                             std::span<const std::size_t> columns) const;

  [[nodiscard]] std::vector<std::int64_t> earliest_starts() const;

  RowStore flows_;
  OrderBy by_;
  FlowOrderReader reader_;
  std::vector<FlowOrder> order_;  // by row; after visit() in their order
  std::vector<FlowOrder> batch_order_;
  std::vector<std::uint32_t> rows_;  // in their order; empty: they came in it
};

}  // namespace nfql
