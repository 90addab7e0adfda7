// Flows held until all are there, then given in their order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "common/stage/flow_order.h"
#include "common/stage/row_store.h"

namespace nfql {

/// Flows that arrive in order, as those of a sorted trace do, are given as they came, without a
/// copy.
class FlowSorter {
 public:
  FlowSorter(Schema schema, const FlowOrderReader& reader)
      : flows_(std::move(schema)), reader_(reader) {}

  /// Adds the flows of a batch. At most 2^32 in all.
  void add(Batch&& batch);

  /// Calls take(batch, order) for all flows in order, with their places in it. A batch has at most
  /// kMaxRows, and of its columns perhaps only the given ones. To be called once, after the last
  /// add().
  using Take = std::function<void(const Batch& batch, std::span<const FlowOrder> order)>;
  void visit(std::span<const std::size_t> columns, const Take& take);

  /// All flows, in the order in which they came.
  [[nodiscard]] const RowStore& flows() const { return flows_; }
  /// Turns positions in the order of visit() into rows of flows().
  void to_rows(std::span<std::uint32_t> positions) const;

 private:
  void sort(std::vector<FlowOrder>& order);
  [[nodiscard]] Batch gather(std::span<const std::uint32_t> rows,
                             std::span<const std::size_t> columns) const;

  RowStore flows_;
  FlowOrderReader reader_;
  std::vector<FlowOrder> order_;     // by row
  std::vector<std::uint32_t> rows_;  // in their order; empty: they came in it
};

}  // namespace nfql
