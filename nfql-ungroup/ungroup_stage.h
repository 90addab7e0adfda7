// The ungrouper: from groups, tuples or a collection back to flows, one stream of them each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/stage/identity.h"
#include "common/stage/row_store.h"
#include "common/stage/stage.h"
#include "common/stage/united_schema.h"
#include "nfql-ungroup/stream_builder.h"

namespace nfql {

/// Gives the member flows of each tuple, each component of a collection, or each group (or flow,
/// which then is its own group) as a stream: ordered by (start, flowId), each flow once. Unknown
/// starts come first.
///
/// Two flows are one when they have one identity (SourceTable::identify): a flow that is in several
/// groups, or that was read from two sources with the same content. Columns that only some branches
/// have are unknown for the flows of the others (UnitedSchema).
///
/// A column `stream` that the flows have already is replaced. Memory: the members of all groups;
/// when the input is groups, and not to be flat, of a block of them.
class UngroupStage : public Stage {
 public:
  /// Throws Error(Exit::usage) when the input has no members, or these no flowId. `threads` may
  /// work, the caller's among them.
  UngroupStage(const StreamHeader& input, Streams streams, std::size_t threads = 1);

  /// Flows; with Streams::numbered the first column is `stream`.
  [[nodiscard]] const StreamHeader& output_header() const override { return header_; }
  void consume(Block&& block, BlockSink& out) override;
  void finish(BlockSink& out) override;
  /// Streams made so far.
  [[nodiscard]] std::uint64_t streams() const { return builder_.streams(); }

 private:
  // Rows of flows_ that are the members of a group.
  struct Group {
    std::uint64_t begin;
    std::uint64_t end;
  };
  struct Branch {
    std::vector<Group> groups;
    std::vector<std::uint64_t> components;  // of a collection: by group
    std::vector<std::uint8_t> used;         // of tuples: whether some tuple has the group
    std::size_t count = 0;                  // column of the groups
    std::size_t component = 0;              // likewise
    std::optional<std::size_t> old_stream;  // column of the flows to be left out
  };

  static std::size_t find_u64(const Schema& schema, ElementId id, const char* what);
  void add_groups(const Block& block);
  void add_flows(Block&& block);
  void add_tuples(const Block& block, BlockSink& out);
  void put_groups(BlockSink& out);
  void put_flows(BlockSink& out);
  void put_components(BlockSink& out);
  void put_flat(BlockSink& out);
  void forget(BlockSink& out);
  void check_complete() const;
  void drop_incomplete();

  StreamKind kind_;
  Streams streams_;
  UnitedSchema schema_;
  StreamHeader header_;
  SourceTable sources_;
  RowStore flows_;
  std::uint64_t expected_ = 0;  // rows of flows_ when the members of all groups are there
  std::vector<Branch> branches_;
  StreamBuilder builder_;
};

}  // namespace nfql
