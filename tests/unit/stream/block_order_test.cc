// The rules of block.h, each broken once, on the way in and on the way out.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/flow/column_builder.h"
#include "tests/unit/stream/stream_samples.h"
#include "tests/unit/stream/stream_support.h"

namespace nfql {
namespace {

constexpr std::uint64_t kUnknown = ~std::uint64_t{0};

StreamHeader header_of(StreamKind kind, bool members, std::size_t branches = 1) {
  StreamHeader header{kind, members, {}};
  for (std::size_t i = 0; i < branches; ++i) {
    header.branches.push_back(
        {std::to_string(i), Schema({count_field()}), Schema({field_of(element::kFlowId)})});
  }
  return header;
}

// A block of u64 columns, all of the same values.
Block block_of(BlockKind kind, std::uint16_t branch, const std::vector<std::uint64_t>& values,
               std::size_t columns = 1) {
  Block block{kind, branch, {}, {}};
  for (std::size_t i = 0; i < columns; ++i) {
    ColumnBuilder builder(count_field());
    for (const std::uint64_t value : values) {
      value == kUnknown ? builder.push_unknown() : builder.push(value);
    }
    builder.move_to(block.batch);
  }
  return block;
}
Block groups(const std::vector<std::uint64_t>& counts, std::uint16_t branch = 0) {
  return block_of(BlockKind::groups, branch, counts);
}
Block members(std::size_t rows, std::uint16_t branch = 0) {
  return block_of(BlockKind::members, branch, std::vector<std::uint64_t>(rows, 1));
}
Block tuples(const std::vector<std::uint64_t>& indices) {
  return block_of(BlockKind::tuples, 0, indices, 2);
}

// The same blocks as bytes, past the checks of the writer.
Bytes forged(const StreamHeader& header, const std::vector<Block>& blocks) {
  Bytes bytes = header_bytes(header);
  std::vector<std::uint64_t> totals(6);
  for (const Block& block : blocks) {
    BlockHead head;
    head.kind = static_cast<std::uint8_t>(block.kind);
    head.branch = block.branch;
    head.rows = static_cast<std::uint32_t>(block.batch.rows);
    std::vector<RawColumn> columns;
    for (const Column& column : block.batch.columns) {
      RawColumn raw;
      raw.entry.width = column.width;
      if (column.known != nullptr) {
        raw.entry.flags = kHasUnknown;
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < column.rows; ++i) {
          bits |= std::uint64_t{column.known[i]} << i;
        }
        raw.stored = bytes_of<std::uint64_t>({bits});
      }
      raw.stored.insert(raw.stored.end(), column.data, column.data + column.data_bytes());
      raw.entry.raw_bytes = raw.stored.size();
      columns.push_back(std::move(raw));
    }
    append_block(bytes, head, std::move(columns));
    ++totals[0];
    totals[head.kind] += head.rows;
  }
  append_end(bytes, totals);
  return bytes;
}

struct Verdict {
  std::string reader;
  std::string writer;
};

Verdict judge(const StreamHeader& header, const std::vector<Block>& blocks) {
  return {error_of(forged(header, blocks)),
          error_of([&] { static_cast<void>(write_stream(header, blocks)); })};
}

template <class... Blocks>
std::vector<Block> list(Blocks&&... blocks) {
  std::vector<Block> result;
  (result.push_back(std::forward<Blocks>(blocks)), ...);
  return result;
}

void expect_fine(const StreamHeader& header, const std::vector<Block>& blocks) {
  const Verdict verdict = judge(header, blocks);
  EXPECT_EQ(verdict.reader, "");
  EXPECT_EQ(verdict.writer, "");
}

void expect_refused(const StreamHeader& header, const std::vector<Block>& blocks,
                    const std::string& why) {
  const Verdict verdict = judge(header, blocks);
  EXPECT_NE(verdict.reader.find(why), std::string::npos) << verdict.reader;
  EXPECT_NE(verdict.writer.find(why), std::string::npos) << verdict.writer;
}

TEST(BlockOrder, MembersFollowTheirGroups) {
  const StreamHeader header = header_of(StreamKind::groups, true);
  expect_fine(header, list(groups({2, 1}), members(1), members(2), groups({1}), members(1)));
  expect_fine(header, list(groups({0})));
  expect_refused(header, list(groups({2, 1}), members(2)), "1 members of the groups before");
  expect_refused(header, list(groups({2}), groups({1})), "2 members of the groups before");
  expect_refused(header, list(groups({2}), members(3)), "more members than the groups before");
  expect_refused(header, list(members(1)), "more members than the groups before");
}

TEST(BlockOrder, SourcesMayComeAnywhere) {
  Block sources{BlockKind::sources, 0, {}, {{"a", 1, 0}}};
  const std::vector<Block> blocks = list(groups({1}), std::move(sources), members(1));
  EXPECT_EQ(error_of(write_stream(header_of(StreamKind::groups, true), blocks)), "");
}

TEST(BlockOrder, MembersAreOfTheBranchOfTheirGroups) {
  const StreamHeader header = header_of(StreamKind::collection, true, 2);
  expect_fine(header, list(groups({1}, 1), members(1, 1), groups({1}), members(1)));
  expect_refused(header, list(groups({1}, 1), members(1)), "more members than the groups before");
  expect_refused(header, list(groups({1}, 2)), "there is no branch 2");
}

TEST(BlockOrder, CountsAreKnownAndPossible) {
  const StreamHeader header = header_of(StreamKind::groups, true);
  expect_refused(header, list(groups({1, kUnknown})), "the count of a group is unknown");
  expect_refused(header, list(groups({kUnknown - 1, 3})), "members is not possible");
  expect_fine(header_of(StreamKind::groups, false), list(groups({1, kUnknown})));
}

TEST(BlockOrder, TuplesNameGroupsThatCame) {
  const StreamHeader header = header_of(StreamKind::tuples, false, 2);
  expect_fine(header, list(groups({1, 1}), groups({1, 1}, 1), tuples({0, 1, 0})));
  expect_fine(header, list(groups({1}), groups({1}, 1), tuples({0}), groups({1}), groups({1}, 1),
                           tuples({1})));
  expect_refused(header, list(groups({1, 1}), groups({1}, 1), tuples({0, 1})),
                 "names group 1 of branch 1, which has 1 so far");
  expect_refused(header, list(tuples({0})), "names group 0 of branch 0, which has 0 so far");
  expect_refused(header, list(groups({1}), groups({1}, 1), tuples({0, kUnknown})),
                 "a tuple's group is unknown");
}

TEST(BlockOrder, EachKindOfStreamHasItsBlocks) {
  const Block flows = block_of(BlockKind::flows, 0, {1});
  const StreamHeader flow_header = header_of(StreamKind::flows, false);
  expect_fine(flow_header, list(shallow_copy(flows)));
  expect_refused(flow_header, list(groups({1})), "only flows");
  expect_refused(flow_header, list(members(1)), "without members");
  expect_refused(header_of(StreamKind::groups, false), list(shallow_copy(flows)),
                 "flows without a group");
  expect_refused(header_of(StreamKind::groups, false), list(members(1)), "without members");
  expect_refused(header_of(StreamKind::collection, false, 2), list(tuples({0})),
                 "tuples that do not belong here");
}

TEST(StreamWriter, RefusesBlocksThatDoNotFitTheHeader) {
  const StreamHeader header = header_of(StreamKind::flows, false);
  const auto why = [&header](Block block) {
    return error_of([&] { static_cast<void>(write_stream(header, std::span(&block, 1))); });
  };
  EXPECT_NE(why(block_of(BlockKind::flows, 0, {1}, 2)).find("2 columns"), std::string::npos);
  Block other = block_of(BlockKind::flows, 0, {1});
  other.batch.columns[0].type = Type::i64;
  EXPECT_NE(why(std::move(other)).find("another type"), std::string::npos);
  const Block many = block_of(BlockKind::groups, 0, std::vector<std::uint64_t>(kMaxRows + 1, 1));
  EXPECT_NE(
      error_of([&] {
        static_cast<void>(write_stream(header_of(StreamKind::groups, true), std::span(&many, 1)));
      }).find("groups at once"),
      std::string::npos);
  EXPECT_NE(error_of([] {
              static_cast<void>(write_stream({StreamKind::flows, false, {}}, {}));
            }).find("branches"),
            std::string::npos);
}

}  // namespace
}  // namespace nfql
