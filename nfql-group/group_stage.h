// Puts flows with equal keys into groups, and says about each group what was asked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/expr/aggregate.h"
#include "common/expr/parse.h"
#include "common/stage/flow_order.h"
#include "common/stage/key_groups.h"
#include "common/stage/member_order.h"
#include "common/stage/row_store.h"
#include "common/stage/stage.h"
#include "nfql-group/group_columns.h"
#include "nfql-group/group_keys.h"

namespace nfql {

/// How to group.
struct GroupOptions {
  ExpressionText terms;         ///< parsed as Grammar::group_terms
  std::string aggregates_text;  ///< what `aggregates` were parsed from
  std::vector<AggregateItem> aggregates;
  bool members = true;       ///< groups are followed by their flows
  bool input_order = false;  ///< flows are taken as they arrive, not by their start
};

/// Groups of flows that agree in all keys; all flows are one group when there is no key.
///
/// Flows are taken by (start, flowId), unknown starts first (see FlowOrderReader). Groups come in
/// the order of their first flows, and so do the flows within a group; nothing depends on how the
/// input is cut into blocks. Blocks of sources pass at once, all else comes from finish().
/// Memory: a key, the aggregates and 16 bytes for each group; with members also all columns of the
/// flows and 8 bytes for each flow.
class GroupStage : public Stage {
 public:
  /// Throws Error(Exit::usage) for an input that is not flows, and as bind_keys() and GroupColumns
  /// do.
  GroupStage(const GroupOptions& options, const StreamHeader& input);

  [[nodiscard]] const StreamHeader& output_header() const override { return header_; }
  void consume(Block&& block, BlockSink& out) override;
  void finish(BlockSink& out) override;

  /// Whether a sum was larger than its type and was held at its end. Only after finish().
  [[nodiscard]] bool saturated() const { return columns_.saturated(); }

 private:
  void add_flows(Batch&& batch);
  void number(const Batch& batch);
  void note_order(const Batch& batch);
  [[nodiscard]] std::vector<GroupId> in_order() const;
  void put_groups(std::span<const GroupId> groups, BlockSink& out) const;
  void put_with_members(std::span<const GroupId> groups, BlockSink& out);
  void put_members(std::span<const std::uint32_t> rows, BlockSink& out) const;

  FlowOrderReader order_reader_;
  std::vector<GroupKey> keys_;
  GroupColumns columns_;
  StreamHeader header_;
  KeyGroups groups_;
  std::vector<FlowOrder> founders_;  // by group: the place of its first flow
  std::uint64_t arrived_ = 0;        // flows so far
  FlowOrder latest_;                 // place of the flow that arrived last
  bool ascending_ = true;            // flows arrived in order
  std::optional<RowStore> flows_;    // with members
  std::vector<GroupId> group_of_;    // with members: by flow
  std::vector<GroupId> batch_groups_;
  std::vector<FlowOrder> batch_order_;
};

}  // namespace nfql
