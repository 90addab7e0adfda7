// Puts flows that belong together into groups, and says about each group what was asked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/base/ordered_tasks.h"
#include "common/expr/aggregate.h"
#include "common/expr/group_states.h"
#include "common/stage/block_makers.h"
#include "common/stage/flow_order.h"
#include "common/stage/key_groups.h"
#include "common/stage/member_order.h"
#include "common/stage/stage.h"
#include "nfql-group/flow_sorter.h"
#include "nfql-group/founders.h"
#include "nfql-group/group_columns.h"
#include "nfql-group/group_keys.h"
#include "nfql-group/group_options.h"
#include "nfql-group/group_terms.h"
#include "nfql-group/held_flows.h"
#include "nfql-group/open_groups.h"

namespace nfql {

/// Groups of flows as nfql-group(1) describes them: flows that agree in all keys, or each in the
/// first group that accepts it. All flows are one group when there are no terms.
///
/// Flows are taken by (start, flowId), unknown starts first (see FlowOrderReader), or as they come.
/// Groups come in the order of their first flows, and so do the flows within a group; nothing
/// depends on how the input is cut into blocks. Blocks of sources pass at once, all else comes from
/// finish().
///
/// Where there are only keys, flows are numbered as they come, in whatever order, and memory is a
/// key, the aggregates and some 40 bytes for each group; with members also the flows, packed and
/// less their keys, and 8 bytes for each. For other terms all flows are held until the end, with at
/// most 48 bytes more for each: they need the order, and how far back later flows may start.
class GroupStage : public Stage {
 public:
  /// Throws Error(Exit::usage) for an input that is not flows, for names of modules that do not go
  /// with the terms, and as bind_group_terms() and GroupColumns do.
  GroupStage(const GroupOptions& options, const StreamHeader& input);

  [[nodiscard]] const StreamHeader& output_header() const override { return header_; }
  void consume(Block&& block, BlockSink& out) override;
  void finish(BlockSink& out) override;

  /// Whether a sum was larger than its type and was held at its end. Only after finish().
  [[nodiscard]] bool saturated() const { return columns_.saturated(); }

 private:
  // Flows whose groups have numbers, which are below `group_count`.
  struct Numbered {
    Batch batch;
    std::uint64_t arrival = 0;  // of the first
    std::vector<GroupId> groups;
    std::size_t group_count = 0;
  };

  GroupStage(const GroupOptions& options, const StreamHeader& input, GroupTerms terms);

  void add_flows(Batch&& batch);
  void group_by_key(Batch&& batch);
  std::vector<GroupId> aggregate(Numbered&& flows);
  void end_aggregating();
  void group_in_order(const FlowsInOrder& flows);
  void add_columns(const Batch& batch, const GroupedRows& rows,
                   std::span<const std::uint64_t> accepted);
  [[nodiscard]] std::size_t group_count() const;
  [[nodiscard]] std::vector<GroupId> in_order();
  [[nodiscard]] MemberOrder lay_out_members(std::span<const GroupId> groups);
  void put_with_members(std::span<const GroupId> groups, BlockSink& out);
  void put_members(const MemberOrder& members, std::size_t begin, std::size_t end,
                   BlockMakers& makers, BlockSink& out) const;
  [[nodiscard]] Block groups_block(std::span<const GroupId> groups) const;
  [[nodiscard]] Block members_block(const MemberOrder& members, std::size_t begin,
                                    std::size_t end) const;

  bool ordered_;  // something depends on the order of flows
  FlowOrderReader order_reader_;
  std::vector<GroupKey> keys_;       // the groups' columns
  std::optional<OpenGroups> open_;   // where there are more terms than keys
  std::optional<KeyGroups> by_key_;  // else
  GroupStates states_;
  GroupColumns columns_;
  std::vector<std::size_t> read_;  // the flows' columns that grouping reads
  StreamHeader header_;
  bool members_;
  std::size_t threads_;
  std::optional<FlowSorter> sorter_;  // where there are more terms than keys
  std::optional<HeldFlows> held_;     // else, with members
  Pages group_of_;  // with members: a GroupId for each flow, in the order in which they are taken
  std::size_t placed_ = 0;     // flows in group_of_
  std::uint64_t arrived_ = 0;  // flows so far

  Founders founders_;  // of groups by key

  // Of the batch being taken.
  std::vector<GroupId> batch_groups_;
  std::vector<std::uint64_t> batch_accepted_;
  std::vector<FlowOrder> batch_order_;

  // While a batch is numbered by key, the one before it is aggregated, perhaps by another thread:
  // one at a time, as they share the states.
  std::vector<GroupId> spare_groups_;
  OrderedTasks<std::vector<GroupId>> aggregating_;
};

}  // namespace nfql
