// What flows between stages: a header that says what comes, then blocks.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/flow/batch.h"
#include "common/flow/schema.h"

namespace nfql {

/// What a stream carries. The numbers are those of nfql-stream(5).
enum class StreamKind : std::uint8_t {
  flows = 1,
  groups = 2,      ///< group columns, and the members' flows unless dropped
  tuples = 3,      ///< per branch the groups that matched, and which of them match
  collection = 4,  ///< per branch the groups that matched, with the number of their component
};

/// The columns of one branch. In a stream of flows only `flows` is used, in a stream without
/// members only `groups`.
struct BranchSchema {
  std::string name;  ///< "" but in tuples and collections
  Schema groups;
  Schema flows;

  friend bool operator==(const BranchSchema&, const BranchSchema&) = default;
};

/// Known before the first block.
struct StreamHeader {
  StreamKind kind = StreamKind::flows;
  bool members = false;                ///< groups are followed by their flows
  std::vector<BranchSchema> branches;  ///< exactly one, but in tuples and collections

  [[nodiscard]] const Schema& flows() const { return branches.front().flows; }
  [[nodiscard]] const Schema& groups() const { return branches.front().groups; }
  friend bool operator==(const StreamHeader&, const StreamHeader&) = default;
};

/// Makes the header of a stream of flows.
[[nodiscard]] inline StreamHeader flows_header(Schema schema) {
  return {StreamKind::flows, false, {{"", {}, std::move(schema)}}};
}

enum class BlockKind : std::uint8_t {
  sources = 1,  ///< sources whose flows may come from here on
  flows = 2,    ///< rows of BranchSchema::flows
  groups = 3,   ///< rows of BranchSchema::groups, among them element::kCount
  members = 4,  ///< rows of BranchSchema::flows
  tuples = 5,   ///< one u64 column a branch: indices of groups
};

/// A piece of a stream.
///
/// Order: a block of groups, if the stream has members, is followed by members blocks of the same
/// branch with exactly sum(count) rows, in group order and within a group by (start, flowId); then
/// comes the next block of groups. Groups of a branch are numbered from 0 in the order of their
/// blocks, and a tuple's groups come before it.
struct Block {
  BlockKind kind = BlockKind::flows;
  std::uint16_t branch = 0;  ///< whose groups or members
  Batch batch;
  std::vector<Source> sources;  ///< of a block of kind sources
};

/// A second block with the columns of `block`, whose memory stays with `block`.
[[nodiscard]] inline Block borrow(const Block& block) {
  Block view;
  view.kind = block.kind;
  view.branch = block.branch;
  view.batch.rows = block.batch.rows;
  view.batch.columns = block.batch.columns;
  view.sources = block.sources;
  return view;
}

/// Takes the blocks that a stage gives.
class BlockSink {
 public:
  BlockSink() = default;
  BlockSink(const BlockSink&) = delete;
  BlockSink& operator=(const BlockSink&) = delete;
  virtual ~BlockSink() = default;

  virtual void put(Block&& block) = 0;
};

}  // namespace nfql
