#include "nfql-ungroup/ungroup_stage.h"

#include <gtest/gtest.h>

#include <array>

#include "common/base/error.h"
#include "tests/unit/tools/ungroup_support.h"

namespace nfql {
namespace {

TEST(UngroupStage, GivesEachTupleOnceOrderedAndWithoutDuplicates) {
  for (const Streams mode : {Streams::numbered, Streams::flat}) {
    UngroupStage stage(header_of(StreamKind::tuples, 2), mode);
    Blocks out;
    feed_groups(stage, 0, {{{1, 0}, {5, 3}}, {{2, 1}}, {{9, 9}}}, out);
    feed_groups(stage, 1, {{{1, 0}, {1, 2}, {6, 4}}}, out);
    stage.consume(numbers_block(BlockKind::tuples, 0, {{0, 1}, {0, 0}}), out);
    stage.finish(out);
    const auto streams = streams_in(out.blocks, mode);
    if (mode == Streams::numbered) {
      EXPECT_EQ(stage.output_header().flows()[0].id, element::kStream);
      EXPECT_THAT(streams.at(0), ElementsAre(Flow{1, 0}, Flow{1, 2}, Flow{5, 3}, Flow{6, 4}));
      EXPECT_THAT(streams.at(1), ElementsAre(Flow{1, 0}, Flow{1, 2}, Flow{2, 1}, Flow{6, 4}));
      EXPECT_EQ(stage.streams(), 2U);
    } else {
      EXPECT_EQ(stage.output_header(), flows_header(flows_schema()));
      // Group 2 of branch A is in no tuple.
      EXPECT_THAT(streams.at(0),
                  ElementsAre(Flow{1, 0}, Flow{1, 2}, Flow{2, 1}, Flow{5, 3}, Flow{6, 4}));
      EXPECT_EQ(stage.streams(), 1U);
    }
  }
}

TEST(UngroupStage, GivesAStreamForEachGroup) {
  UngroupStage stage(header_of(StreamKind::groups, 1), Streams::numbered);
  Blocks out;
  feed_groups(stage, 0, {{{3, 1}, {4, 0}}, {{5, 5}}}, out);
  feed_groups(stage, 0, {{{1, 7}}}, out);
  EXPECT_EQ(stage.streams(), 2U);  // those of the first block are out already
  stage.finish(out);
  const auto streams = streams_in(out.blocks, Streams::numbered);
  EXPECT_THAT(streams.at(0), ElementsAre(Flow{3, 1}, Flow{4, 0}));
  EXPECT_THAT(streams.at(1), ElementsAre(Flow{5, 5}));
  EXPECT_THAT(streams.at(2), ElementsAre(Flow{1, 7}));
  EXPECT_EQ(stage.streams(), 3U);
}

TEST(UngroupStage, GivesAStreamForEachComponent) {
  UngroupStage stage(header_of(StreamKind::collection, 2), Streams::numbered);
  Blocks out;
  feed_groups(stage, 0, {{{3, 1}}, {{1, 2}}, {{0, 9}}}, out, {0, 0, 1});
  feed_groups(stage, 1, {{{2, 3}}, {{5, 4}}}, out, {0, 1});
  stage.finish(out);
  const auto streams = streams_in(out.blocks, Streams::numbered);
  EXPECT_THAT(streams.at(0), ElementsAre(Flow{1, 2}, Flow{2, 3}, Flow{3, 1}));
  EXPECT_THAT(streams.at(1), ElementsAre(Flow{0, 9}, Flow{5, 4}));
  EXPECT_EQ(stage.streams(), 2U);
}

TEST(UngroupStage, TakesEachFlowForAGroup) {
  StreamHeader header = flows_header(flows_schema());
  for (const Streams mode : {Streams::numbered, Streams::flat}) {
    UngroupStage stage(header, mode);
    Blocks out;
    stage.consume(flows_block(BlockKind::flows, 0, {{5, 0}, {4, 1}}), out);
    stage.consume(flows_block(BlockKind::flows, 0, {{3, 2}}), out);
    stage.finish(out);
    const auto streams = streams_in(out.blocks, mode);
    if (mode == Streams::numbered) {
      EXPECT_EQ(streams.size(), 3U);
      EXPECT_THAT(streams.at(2), ElementsAre(Flow{3, 2}));
    } else {
      EXPECT_THAT(streams.at(0), ElementsAre(Flow{3, 2}, Flow{4, 1}, Flow{5, 0}));
    }
  }
}

// The same file twice on one command line, and a longer one that begins alike.
TEST(UngroupStage, KnowsTheSameFlowFromTwoSources) {
  UngroupStage stage(header_of(StreamKind::groups, 1), Streams::numbered);
  Blocks out;
  stage.consume(sources_block({{"f", 7, 0}, {"g", 8, 10}, {"f again", 7, 20}}), out);
  // 23 is flow 3 of f; 31 is flow 11 of f, and not flow 1 of g.
  feed_groups(stage, 0, {{{1, 3}, {1, 11}, {1, 23}, {1, 31}, {2, 13}}}, out);
  stage.finish(out);
  EXPECT_EQ(out.blocks.front().kind, BlockKind::sources);
  EXPECT_THAT(streams_in(out.blocks, Streams::numbered).at(0),
              ElementsAre(Flow{1, 3}, Flow{1, 11}, Flow{1, 31}, Flow{2, 13}));
}

TEST(UngroupStage, UnitesTheColumnsOfBranches) {
  StreamHeader header = header_of(StreamKind::tuples, 2);
  header.branches[1].flows = Schema(
      {field_of(element::kFlowId), field_of(element::kSourcePort), field_of(element::kStart)});
  UngroupStage stage(header, Streams::flat);
  ASSERT_EQ(stage.output_header().flows().size(), 4U);
  Blocks out;
  feed_groups(stage, 0, {{{1, 0}}}, out);
  Block members;
  members.kind = BlockKind::members;
  members.branch = 1;
  add_numbers({5}, members.batch);
  ColumnBuilder ports(field_of(element::kSourcePort));
  ports.push(std::uint16_t{80});
  ports.move_to(members.batch);
  ColumnBuilder starts(field_of(element::kStart));
  starts.push(std::int64_t{0});
  starts.move_to(members.batch);
  stage.consume(numbers_block(BlockKind::groups, 1, {{1}}), out);
  stage.consume(std::move(members), out);
  stage.consume(numbers_block(BlockKind::tuples, 0, {{0}, {0}}), out);
  stage.finish(out);
  const Batch& batch = out.blocks.back().batch;
  ASSERT_EQ(batch.rows, 2U);
  EXPECT_THAT(batch.columns[1].values<std::uint64_t>(), ElementsAre(5, 0));
  EXPECT_FALSE(batch.columns[2].is_known(0));  // bytes of branch B
  EXPECT_TRUE(batch.columns[2].is_known(1));
  EXPECT_EQ(batch.columns[3].values<std::uint16_t>()[0], 80);
  EXPECT_FALSE(batch.columns[3].is_known(1));
}

TEST(UngroupStage, ReplacesEarlierStreamNumbers) {
  StreamHeader header = header_of(StreamKind::groups, 1);
  Schema flows({field_of(element::kStart),
                {"stream", element::kStream, Type::u64, Meaning::number, Type::u64},
                field_of(element::kFlowId)});
  header.branches[0].flows = flows;
  UngroupStage stage(header, Streams::numbered);
  Blocks out;
  Block members = flows_block(BlockKind::members, 0, {{1, 77}});
  std::swap(members.batch.columns[1], members.batch.columns[2]);
  stage.consume(numbers_block(BlockKind::groups, 0, {{1}}), out);
  stage.consume(std::move(members), out);
  stage.finish(out);
  const Batch& batch = out.blocks.back().batch;
  ASSERT_EQ(batch.columns.size(), 3U);
  EXPECT_EQ(batch.columns[0].values<std::uint64_t>()[0], 0U);
  EXPECT_EQ(batch.columns[2].values<std::uint64_t>()[0], 77U);
}

// Tuples of groups that came before them, then more groups, and tuples again.
struct Rounds {
  std::vector<Stream> groups;  // of both branches
  std::vector<std::array<std::vector<std::uint64_t>, 2>> tuples;
  std::map<std::uint64_t, Stream> expected;
};

// Many small streams and one large.
Rounds random_rounds() {
  std::mt19937_64 random(3);
  const auto pick = [&random](std::uint64_t below) { return random() % below; };
  Rounds rounds;
  rounds.groups.resize(500);
  for (std::size_t i = 0; i < rounds.groups.size(); ++i) {
    for (std::uint64_t n = i == 100 ? 150'000 : pick(5); n > 0; --n) {
      const std::uint64_t id = pick(400'000);
      rounds.groups[i].push_back({static_cast<std::int64_t>(id % 1000), id});
    }
    std::sort(rounds.groups[i].begin(), rounds.groups[i].end());
  }
  std::uint64_t stream = 0;
  for (const std::uint64_t there : {500U, 1000U}) {
    auto& [left, right] = rounds.tuples.emplace_back();
    for (std::uint64_t i = 0; i < 8000; ++i, ++stream) {
      left.push_back(i == 700 ? 100 : 101 + pick(there - 101));
      right.push_back(pick(100));
      const Stream& a = rounds.groups[left.back() % 500];
      const Stream& b = rounds.groups[right.back()];
      std::set<Flow> flows(a.begin(), a.end());
      flows.insert(b.begin(), b.end());
      if (!flows.empty()) {
        rounds.expected[stream] = Stream(flows.begin(), flows.end());
      }
    }
  }
  return rounds;
}

TEST(UngroupStage, CutsStreamsIntoBlocksWithAnyNumberOfThreads) {
  const Rounds rounds = random_rounds();
  std::vector<std::size_t> rows;  // of each block
  for (const std::size_t threads : {1U, 2U, 4U}) {
    UngroupStage stage(header_of(StreamKind::tuples, 2), Streams::numbered, threads);
    Blocks out;
    for (const auto& [left, right] : rounds.tuples) {
      feed_groups(stage, 0, rounds.groups, out);
      feed_groups(stage, 1, rounds.groups, out);
      stage.consume(numbers_block(BlockKind::tuples, 0, {left, right}), out);
    }
    stage.finish(out);
    EXPECT_EQ(streams_in(out.blocks, Streams::numbered), rounds.expected);
    EXPECT_EQ(stage.streams(), 16'000U);
    std::vector<std::size_t> now;
    for (const Block& block : out.blocks) {
      now.push_back(block.batch.rows);
      EXPECT_LE(block.batch.rows, kMadeRows);
    }
    EXPECT_TRUE(rows.empty() || rows == now);
    rows = now;
  }
}

void expect_usage_error(const StreamHeader& header, const char* message, const char* hint) {
  try {
    const UngroupStage stage(header, Streams::numbered);
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::usage);
    EXPECT_STREQ(error.what(), message);
    EXPECT_THAT(error.hint(), HasSubstr(hint));
  }
}

TEST(UngroupStage, SaysWhatItNeeds) {
  StreamHeader header = header_of(StreamKind::groups, 1);
  header.members = false;
  header.branches[0].flows = Schema();
  expect_usage_error(header, "the input has no member flows to ungroup",
                     "run nfql-group without --no-members");
  header = header_of(StreamKind::tuples, 2);
  header.branches[1].flows = Schema({field_of(element::kStart)});
  expect_usage_error(header, "the member flows have no flowId, which tells flows apart", "flowId");
}

TEST(UngroupStage, RefusesStreamsThatContradictThemselves) {
  Blocks out;
  UngroupStage missing(header_of(StreamKind::groups, 1), Streams::numbered);
  missing.consume(numbers_block(BlockKind::groups, 0, {{2}}), out);
  missing.consume(flows_block(BlockKind::members, 0, {{1, 1}}), out);
  EXPECT_THROW(missing.consume(numbers_block(BlockKind::groups, 0, {{2}}), out), Error);
  UngroupStage many(header_of(StreamKind::groups, 1), Streams::numbered);
  feed_groups(many, 0, {{{1, 1}}}, out);
  many.consume(flows_block(BlockKind::members, 0, {{1, 2}}), out);
  EXPECT_THROW(many.finish(out), Error);
  UngroupStage beyond(header_of(StreamKind::tuples, 1), Streams::numbered);
  feed_groups(beyond, 0, {{{1, 1}}}, out);
  EXPECT_THROW(beyond.consume(numbers_block(BlockKind::tuples, 0, {{1}}), out), Error);
  UngroupStage huge(header_of(StreamKind::groups, 1), Streams::numbered);
  EXPECT_THROW(huge.consume(numbers_block(BlockKind::groups, 0, {{~0ULL, 2}}), out), Error);
}

// The end of an input that was salvaged.
TEST(UngroupStage, LeavesOutAGroupThatIsCutShort) {
  for (const StreamKind kind : {StreamKind::groups, StreamKind::collection}) {
    UngroupStage stage(header_of(kind, 1), Streams::numbered);
    Blocks out;
    const std::vector<std::uint64_t> counts = {1, 2, 1};
    stage.consume(kind == StreamKind::groups
                      ? numbers_block(BlockKind::groups, 0, {counts})
                      : numbers_block(BlockKind::groups, 0, {{0, 1, 2}, counts}),
                  out);
    stage.consume(flows_block(BlockKind::members, 0, {{1, 1}, {2, 2}}), out);
    stage.finish(out);
    EXPECT_EQ(stage.streams(), 1U);
    EXPECT_THAT(streams_in(out.blocks, Streams::numbered).at(0), ElementsAre(Flow{1, 1}));
  }
}

TEST(UngroupStage, GivesNothingForNothing) {
  for (const Streams mode : {Streams::numbered, Streams::flat}) {
    UngroupStage stage(header_of(StreamKind::tuples, 2), mode);
    Blocks out;
    stage.finish(out);
    EXPECT_THAT(out.blocks, IsEmpty());
    EXPECT_EQ(stage.streams(), 0U);
  }
}

}  // namespace
}  // namespace nfql
