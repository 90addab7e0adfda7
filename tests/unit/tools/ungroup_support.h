// What tests of ungrouping share: streams of numbered flows, in and out.
#pragma once

#include "nfql-ungroup/ungroup_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>
#include <utility>

#include "common/base/error.h"
#include "common/flow/column_builder.h"
#include "nfql-ungroup/stream_splitter.h"

namespace nfql {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Flow {
  std::int64_t start = 0;
  std::uint64_t id = 0;

  friend auto operator<=>(const Flow&, const Flow&) = default;
};
using Stream = std::vector<Flow>;

class Blocks : public BlockSink {
 public:
  void put(Block&& block) override { blocks.push_back(std::move(block)); }
  std::vector<Block> blocks;
};

inline Schema flows_schema() {
  return Schema(
      {field_of(element::kStart), field_of(element::kFlowId), field_of(element::kOctets)});
}

const Field kCount{"count", element::kCount, Type::u64, Meaning::number, Type::u64};
const Field kComponent{"component", element::kComponent, Type::u64, Meaning::number, Type::u64};

inline StreamHeader header_of(StreamKind kind, std::size_t branches) {
  StreamHeader header{kind, true, {}};
  Schema groups({kCount});
  if (kind == StreamKind::collection) {
    groups = Schema({kComponent, kCount});
  }
  for (std::size_t i = 0; i < branches; ++i) {
    header.branches.push_back({std::string(1, static_cast<char>('A' + i)), groups, flows_schema()});
  }
  return header;
}

inline void add_numbers(const std::vector<std::uint64_t>& numbers, Batch& batch) {
  ColumnBuilder builder(kCount);
  for (const std::uint64_t number : numbers) {
    builder.push(number);
  }
  builder.move_to(batch);
}

inline Block numbers_block(BlockKind kind, std::size_t branch,
                           const std::vector<std::vector<std::uint64_t>>& columns) {
  Block block;
  block.kind = kind;
  block.branch = static_cast<std::uint16_t>(branch);
  for (const auto& column : columns) {
    add_numbers(column, block.batch);
  }
  return block;
}

inline Block flows_block(BlockKind kind, std::size_t branch, const Stream& flows) {
  Block block;
  block.kind = kind;
  block.branch = static_cast<std::uint16_t>(branch);
  ColumnBuilder starts(field_of(element::kStart));
  std::vector<std::uint64_t> ids;
  std::vector<std::uint64_t> bytes;
  for (const Flow& flow : flows) {
    starts.push(flow.start);
    ids.push_back(flow.id);
    bytes.push_back(flow.id * 3);
  }
  starts.move_to(block.batch);
  add_numbers(ids, block.batch);
  add_numbers(bytes, block.batch);
  return block;
}

inline Block sources_block(std::vector<Source> sources) {
  Block block;
  block.kind = BlockKind::sources;
  block.sources = std::move(sources);
  return block;
}

// Groups of one branch with their members, in one block of each.
inline void feed_groups(Stage& stage, std::size_t branch, const std::vector<Stream>& groups,
                        BlockSink& out, const std::vector<std::uint64_t>& components = {}) {
  std::vector<std::uint64_t> counts;
  Stream members;
  for (const Stream& group : groups) {
    counts.push_back(group.size());
    members.insert(members.end(), group.begin(), group.end());
  }
  stage.consume(components.empty() ? numbers_block(BlockKind::groups, branch, {counts})
                                   : numbers_block(BlockKind::groups, branch, {components, counts}),
                out);
  if (!members.empty()) {
    stage.consume(flows_block(BlockKind::members, branch, members), out);
  }
}

// The streams of an output by number; of a flat one, number 0.
inline std::map<std::uint64_t, Stream> streams_in(const std::vector<Block>& blocks, Streams mode) {
  std::map<std::uint64_t, Stream> streams;
  const std::size_t extra = mode == Streams::numbered ? 1 : 0;
  std::uint64_t last = 0;
  for (const Block& block : blocks) {
    if (block.kind != BlockKind::flows) {
      continue;
    }
    EXPECT_LE(block.batch.rows, kMadeRows);
    const auto& columns = block.batch.columns;
    for (std::size_t row = 0; row < block.batch.rows; ++row) {
      const std::uint64_t number = extra == 1 ? columns[0].values<std::uint64_t>()[row] : 0;
      EXPECT_GE(number, last);
      last = number;
      const std::uint64_t id = columns[extra + 1].values<std::uint64_t>()[row];
      EXPECT_EQ(columns[extra + 2].values<std::uint64_t>()[row], id * 3);
      streams[number].push_back({columns[extra].values<std::int64_t>()[row], id});
    }
  }
  return streams;
}

}  // namespace nfql
