// The groups of one stream held in memory, with their member flows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "common/stage/identity.h"
#include "common/stage/row_store.h"
#include "common/stream/block.h"

namespace nfql {

enum class Members : std::uint8_t { keep, drop };

/// Takes a stream of groups, or one of flows, of which each then is a group: the flow's columns and
/// `count` 1, itself the only member. Groups are numbered from 0 in the order of the stream. Two
/// stores share nothing, so they may be filled by two threads.
class GroupStore {
 public:
  /// `name` is what messages call the stream. Throws Error(Exit::usage) for tuples and collections.
  GroupStore(const StreamHeader& header, std::string name, Members members);

  /// Throws Error(Exit::failed) for blocks that make no sense here.
  void consume(Block&& block);
  /// To be called after the last block. Groups whose members are not all there are left out:
  /// readers let a stream end so only where the user wants to keep what came before a fault.
  void finish();

  [[nodiscard]] const Schema& groups_schema() const { return groups_.schema(); }
  /// Of the members; empty when there are none.
  [[nodiscard]] const Schema& flows_schema() const { return flows_schema_; }
  /// Whether the groups have members and they are kept.
  [[nodiscard]] bool members() const { return members_; }
  /// Number of groups, known after finish(). More rows of groups() are of groups left out.
  [[nodiscard]] std::uint32_t size() const { return size_; }
  [[nodiscard]] const RowStore& groups() const { return groups_; }
  [[nodiscard]] const SourceTable& sources() const { return sources_; }

  /// visit(flow_id) for every known flowId held. Only after finish().
  template <class Visit>
  void visit_flow_ids(Visit&& visit) const;
  /// Replaces each flowId x by map(x), wherever it is held. Only after finish().
  template <class Map>
  void replace_flow_ids(Map&& map);

  /// Puts the groups of these numbers, in this order, as blocks of `branch`: groups, each block
  /// followed by the members if they are kept. When there are `components`, one for each group,
  /// they become the first column.
  void put(std::span<const std::uint32_t> groups, std::span<const std::uint64_t> components,
           std::uint16_t branch, BlockSink& out) const;

 private:
  void add_groups(Batch&& batch);
  void add_flows(Batch&& batch);
  [[noreturn]] void fail_data(const std::string& problem) const;
  void put_members(std::span<const std::uint32_t> groups, std::uint16_t branch,
                   BlockSink& out) const;

  std::string name_;
  StreamKind kind_;
  bool members_;
  Schema flows_schema_;
  RowStore groups_;
  RowStore flows_;                       // of flows as groups: none, they are in groups_
  std::vector<std::uint64_t> first_{0};  // by group: its first row in flows_, and their end
  std::size_t count_column_ = 0;
  std::uint32_t size_ = 0;
  SourceTable sources_;
};

template <class Visit>
void GroupStore::visit_flow_ids(Visit&& visit) const {
  for (const RowStore* rows : {&groups_, &flows_}) {
    const auto column = rows->schema().find(element::kFlowId);
    if (!column || rows->schema()[*column].type != Type::u64) {
      continue;
    }
    rows->visit(std::span(&*column, 1), [&](std::uint64_t, const Batch& batch) {
      const Column& ids = batch.columns[*column];
      for (std::size_t i = 0; i < ids.rows; ++i) {
        if (ids.is_known(i)) {
          visit(ids.values<std::uint64_t>()[i]);
        }
      }
    });
  }
}

template <class Map>
void GroupStore::replace_flow_ids(Map&& map) {
  for (RowStore* rows : {&groups_, &flows_}) {
    const auto column = rows->schema().find(element::kFlowId);
    if (column && rows->schema()[*column].type == Type::u64) {
      rows->replace_u64(*column, map);
    }
  }
}

}  // namespace nfql
