#include "nfql-gfilter/gfilter_stage.h"

#include <numeric>

#include "tests/unit/expr/predicate_support.h"

namespace nfql {
namespace {

using Counts = std::vector<std::uint64_t>;

class Collected : public BlockSink {
 public:
  void put(Block&& block) override { blocks.push_back(std::move(block)); }
  // The values of the first column of all blocks of a kind.
  [[nodiscard]] Counts values(BlockKind kind) const {
    Counts all;
    for (const Block& block : blocks) {
      if (block.kind == kind) {
        const auto column = block.batch.columns[0].values<std::uint64_t>();
        all.insert(all.end(), column.begin(), column.end());
      }
    }
    return all;
  }
  std::vector<Block> blocks;
};

ExpressionText filter(std::string text) {
  return parse(std::move(text), Grammar::filter, "group filter");
}

const Field kCount = {"count", element::kCount, Type::u64, Meaning::number, Type::u64};

StreamHeader groups_header(bool members = true) {
  return {
      StreamKind::groups, members, {{"", Schema({kCount}), Schema({test::known_field("flowId")})}}};
}

Block block_of(BlockKind kind, const Field& field, const Counts& values) {
  test::Rows rows;
  rows.add(field, std::vector<std::optional<std::uint64_t>>(values.begin(), values.end()));
  Block block;
  block.kind = kind;
  block.batch = std::move(rows.batch);
  return block;
}

Block groups(const Counts& counts) {
  return block_of(BlockKind::groups, kCount, counts);
}
Block members(const Counts& ids) {
  return block_of(BlockKind::members, test::known_field("flowId"), ids);
}

// Members 0, 1, 2 … of the groups, in blocks of `size`.
void feed(GroupFilterStage& stage, const Counts& counts, std::size_t size, Collected& out) {
  stage.consume(groups(counts), out);
  Counts ids(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  std::iota(ids.begin(), ids.end(), std::uint64_t{0});
  for (std::size_t i = 0; i < ids.size(); i += size) {
    const auto begin = ids.begin() + static_cast<std::ptrdiff_t>(i);
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min(size, ids.size() - i));
    stage.consume(members(Counts(begin, end)), out);
  }
}

TEST(GroupFilterStage, KeepsGroupsAndTheirMembersHoweverTheBlocksAreCut) {
  for (const std::size_t size : {1U, 2U, 3U, 5U, 100U}) {
    GroupFilterStage stage(groups_header(), filter("count >= 3"));
    Collected out;
    feed(stage, {1, 3, 2, 4, 0, 1}, size, out);
    stage.finish(out);
    EXPECT_EQ(out.values(BlockKind::groups), (Counts{3, 4})) << size;
    EXPECT_EQ(out.values(BlockKind::members), (Counts{1, 2, 3, 6, 7, 8, 9})) << size;
    for (const Block& block : out.blocks) {
      EXPECT_NE(block.batch.rows, 0U);
    }
  }
}

TEST(GroupFilterStage, BlocksOfWhichAllIsKeptPassUnmoved) {
  GroupFilterStage stage(groups_header(), filter("count >= 1"));
  Collected out;
  Block of_groups = groups({1, 2});
  Block of_members = members({0, 1, 2});
  const std::byte* group_data = of_groups.batch.columns[0].data;
  const std::byte* member_data = of_members.batch.columns[0].data;
  stage.consume(std::move(of_groups), out);
  stage.consume(std::move(of_members), out);
  ASSERT_EQ(out.blocks.size(), 2U);
  EXPECT_EQ(out.blocks[0].batch.columns[0].data, group_data);
  EXPECT_EQ(out.blocks[1].batch.columns[0].data, member_data);
}

TEST(GroupFilterStage, BlocksOfWhichNothingIsKeptVanishWithTheirMembers) {
  GroupFilterStage stage(groups_header(), filter("count > 9"));
  Collected out;
  feed(stage, {1, 2}, 2, out);
  feed(stage, {10, 2}, 4, out);
  stage.finish(out);
  EXPECT_EQ(out.values(BlockKind::groups), (Counts{10}));
  EXPECT_EQ(out.values(BlockKind::members), (Counts{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(GroupFilterStage, GroupsMayHaveNoMembers) {
  GroupFilterStage stage(groups_header(false), filter("count > 1"));
  Collected out;
  stage.consume(groups({1, 5}), out);
  stage.consume(groups({7}), out);
  stage.finish(out);
  EXPECT_EQ(out.values(BlockKind::groups), (Counts{5, 7}));
}

TEST(GroupFilterStage, SourcesPassThrough) {
  GroupFilterStage stage(groups_header(), filter("count > 1"));
  Collected out;
  Block block;
  block.kind = BlockKind::sources;
  stage.consume(std::move(block), out);
  EXPECT_EQ(out.blocks.size(), 1U);
}

TEST(GroupFilterStage, NoticesMembersThatAreTooManyOrTooFew) {
  Collected out;
  GroupFilterStage many(groups_header(), filter("count > 1"));
  many.consume(groups({1}), out);
  EXPECT_THROW(many.consume(members({0, 1}), out), Error);
  GroupFilterStage before_groups(groups_header(), filter("count > 1"));
  EXPECT_THROW(before_groups.consume(members({0}), out), Error);
  GroupFilterStage few(groups_header(), filter("count > 1"));
  few.consume(groups({3}), out);
  few.consume(members({0, 1}), out);
  EXPECT_THROW(few.finish(out), Error);
  EXPECT_THROW(few.consume(groups({1}), out), Error);
}

TEST(GroupFilterStage, TakesFlowsAsGroupsOfOne) {
  GroupFilterStage stage(flows_header(Schema({test::known_field("bytes")})),
                         filter("bytes > 10 and count = 1"));
  Collected out;
  stage.consume(block_of(BlockKind::flows, test::known_field("bytes"), {5, 50, 500}), out);
  stage.finish(out);
  EXPECT_EQ(out.values(BlockKind::flows), (Counts{50, 500}));
}

TEST(GroupFilterStage, RefusesStreamsThatAreNoGroups) {
  StreamHeader tuples = groups_header();
  tuples.kind = StreamKind::tuples;
  EXPECT_THROW(GroupFilterStage(tuples, filter("any")), Error);
}

}  // namespace
}  // namespace nfql
