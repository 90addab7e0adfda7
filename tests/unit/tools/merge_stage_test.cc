#include "nfql-merge/merge_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "common/base/error.h"
#include "tests/unit/tools/merge_model.h"
#include "tests/unit/tools/merge_support.h"

namespace nfql::test {
namespace {

ModelGroup interval(std::uint64_t id, std::int64_t start, std::int64_t end) {
  ModelGroup group;
  group.id = id;
  group.start = start;
  group.end = end;
  return group;
}

constexpr const char* kRelations[] = {
    "before",     "after",  "meets",    "met-by",   "overlaps",    "overlapped-by", "starts",
    "started-by", "during", "contains", "finishes", "finished-by", "equals"};

// All pairs of intervals on a grid, by each relation, each delta and both ways round.
TEST(MergeStage, FindsExactlyThePairsInEachRelation) {
  ModelBranch grid;
  for (std::int64_t start = 0; start < 7; ++start) {
    for (std::int64_t end = start; end < 7; ++end) {
      grid.push_back(interval(grid.size(), start, end));
    }
  }
  grid[3].start.reset();
  grid[5].end.reset();
  for (const std::string relation : kRelations) {
    for (std::int64_t delta = -1; delta < 4; ++delta) {
      const auto given = delta < 0 ? std::nullopt : std::optional(delta);
      if (delta == 0 && (relation == "before" || relation == "after")) {
        continue;  // a gap of nothing is none, which is refused
      }
      for (const bool swapped : {false, true}) {
        const std::string text = (swapped ? "B " : "A ") + relation + (swapped ? " A" : " B") +
                                 (given ? " delta " + std::to_string(delta) + "ms" : "");
        const Meaning3 meaning = [&](const std::vector<const ModelGroup*>& groups) -> Truth {
          const ModelGroup& x = *groups[swapped ? 1 : 0];
          const ModelGroup& y = *groups[swapped ? 0 : 1];
          return x.start && x.end && y.start && y.end &&
                 spelled_out_allen(relation, *x.start, *x.end, *y.start, *y.end, given);
        };
        EXPECT_EQ(tuples_of({grid, grid}, text), naive_tuples({grid, grid}, {text, meaning}))
            << text;
      }
    }
  }
}

TEST(MergeStage, IsTheNaiveMergerForRandomExpressions) {
  Random random(20120501);
  for (int round = 0; round < 600; ++round) {
    const std::size_t count = 2 + static_cast<std::size_t>(round % 3);
    const auto branches = random_branches(random, count, count == 2 ? 40 : count == 3 ? 12 : 7);
    const ModelExpression expression = random_expression(random, count, round % 4);
    SCOPED_TRACE(expression.text);
    const std::vector<ModelTuple> expected = naive_tuples(branches, expression);
    const Feed feed{1 + static_cast<std::size_t>(round % 5), round % 4 != 0, {}, {}};
    try {
      ASSERT_EQ(tuples_of(branches, expression.text, feed), expected);
      expect_components(branches, expression.text, expected);
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("can never hold"));
      EXPECT_THAT(expected, IsEmpty());
    }
    if (HasFailure()) {
      return;
    }
  }
}

// More alternatives than are multiplied out.
TEST(MergeStage, ChecksWhatItCannotMultiplyOut) {
  Random random(7);
  for (int round = 0; round < 10; ++round) {
    const auto branches = random_branches(random, 3, 10);
    ModelExpression all = random_expression(random, 3, 0);
    for (int i = 0; i < 8; ++i) {
      const ModelExpression a = random_expression(random, 3, 0);
      const ModelExpression b = random_expression(random, 3, 0);
      const ModelExpression c = random_expression(random, 3, 0);
      all.text += " and (" + a.text + " or not " + b.text + " or not " + c.text + ")";
      all.meaning = [=, rest = all.meaning](const std::vector<const ModelGroup*>& groups) -> Truth {
        return rest(groups) == Truth(true) &&
               (a.meaning(groups) == Truth(true) || b.meaning(groups) == Truth(false) ||
                c.meaning(groups) == Truth(false));
      };
    }
    EXPECT_EQ(tuples_of(branches, all.text), naive_tuples(branches, all)) << all.text;
  }
}

std::vector<ModelBranch> few(std::size_t branches, std::size_t groups) {
  std::vector<ModelBranch> result(branches);
  for (ModelBranch& branch : result) {
    for (std::size_t i = 0; i < groups; ++i) {
      branch.push_back(interval(i, static_cast<std::int64_t>(i), static_cast<std::int64_t>(i)));
      branch.back().small = static_cast<std::uint32_t>(i);
      branch.back().members.push_back({static_cast<std::int64_t>(i), i});
    }
  }
  return result;
}

TEST(MergeStage, GivesAllTuplesForNoTerms) {
  EXPECT_THAT(tuples_of(few(2, 2), ""),
              ElementsAre(ModelTuple{0, 0}, ModelTuple{0, 1}, ModelTuple{1, 0}, ModelTuple{1, 1}));
  EXPECT_THAT(tuples_of(few(1, 2), "any"), ElementsAre(ModelTuple{0}, ModelTuple{1}));
  EXPECT_THAT(tuples_of(few(2, 2), "not any"), IsEmpty());
  std::vector<ModelBranch> branches = few(3, 2);
  branches[1].clear();
  EXPECT_THAT(tuples_of(branches, ""), IsEmpty());
}

TEST(MergeStage, CutsManyTuplesIntoBlocks) {
  const auto branches = few(2, 300);
  const std::vector<ModelTuple> tuples = tuples_of(branches, "");
  ASSERT_EQ(tuples.size(), 90000U);
  EXPECT_EQ(tuples[65536], (ModelTuple{65536 / 300, 65536 % 300}));
}

TEST(MergeStage, StopsAtTheLimit) {
  for (const char* text : {"", "A.small != B.small", "A.small < B.small or A.small > B.small"}) {
    const auto all = tuples_of(few(2, 9), text);
    const auto some = tuples_of(few(2, 9), text, {1000, true, 5, {}});
    EXPECT_EQ(some, std::vector(all.begin(), all.begin() + 5));
    EXPECT_THAT(tuples_of(few(2, 9), text, {1000, true, 0, {}}), IsEmpty());
  }
}

TEST(MergeStage, TakesBranchesFilledAtTheSameTime) {
  const auto branches = few(4, 200);
  MergeStage stage(
      options_of("A.small = B.small and B.small = C.small and C.small = D.small", 4, Emit::tuples),
      std::vector(4, model_header(true)));
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (Block& block : blocks_of(branches[i], 3, true)) {
        stage.consume(i, std::move(block));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  Blocks out;
  stage.finish(out);
  EXPECT_EQ(OutputReader(out.blocks, branches, 0, true).tuples.size(), 200U);
}

TEST(MergeStage, SaysWhatItGives) {
  const MergeStage tuples(options_of("A.ip = B.ip", 2, Emit::tuples),
                          {model_header(true), model_header(true)});
  EXPECT_EQ(tuples.output_header().kind, StreamKind::tuples);
  EXPECT_TRUE(tuples.output_header().members);
  ASSERT_EQ(tuples.output_header().branches.size(), 2U);
  EXPECT_EQ(tuples.output_header().branches[1].name, "B");
  EXPECT_EQ(tuples.output_header().branches[1].groups, model_groups_schema());
  EXPECT_EQ(tuples.output_header().branches[1].flows, model_flows_schema());

  const MergeStage collection(options_of("A.ip = B.ip", 2, Emit::collection),
                              {model_header(true), model_header(false)});
  EXPECT_EQ(collection.output_header().kind, StreamKind::collection);
  EXPECT_FALSE(collection.output_header().members);
  EXPECT_EQ(collection.output_header().branches[0].groups[0].id, element::kComponent);
  EXPECT_EQ(collection.output_header().branches[0].groups.size(), 11U);
  EXPECT_EQ(collection.output_header().branches[0].flows.size(), 0U);
}

TEST(MergeStage, WarnsOfBranchesInNoTerm) {
  const std::vector<StreamHeader> inputs(3, model_header(false));
  EXPECT_THAT(MergeStage(options_of("A.ip = C.ip", 3, Emit::tuples), inputs).warnings(),
              ElementsAre("branch 'B' is in no term: it multiplies the result"));
  EXPECT_THAT(MergeStage(options_of("", 3, Emit::tuples), inputs).warnings(), IsEmpty());
}

// A branch without a grouper: each flow is a group of its columns and `count` 1.
TEST(MergeStage, TakesFlowsAsGroups) {
  MergeStage stage(
      options_of("A.flowId = B.id and A.count = 1 and A.start >= 1970-01-01", 2, Emit::tuples),
      {flows_header(model_flows_schema()), model_header(true)});
  EXPECT_TRUE(stage.output_header().members);
  EXPECT_EQ(stage.output_header().branches[0].groups.size(), 4U);
  EXPECT_EQ(stage.output_header().branches[0].groups[3].id, element::kCount);

  const ModelBranch groups = few(1, 5)[0];
  for (Block& block : blocks_of(groups, 2, true)) {
    if (block.kind == BlockKind::members) {
      Block flows = borrow(block);
      flows.kind = BlockKind::flows;
      Batch copy = gather(flows.batch, std::vector<RowId>{static_cast<RowId>(0)});
      flows.batch = std::move(copy);
      stage.consume(0, std::move(flows));  // flows 0, 2, 4
    }
    stage.consume(1, std::move(block));
  }
  Blocks out;
  stage.finish(out);
  std::vector<std::uint64_t> members;
  for (const Block& block : out.blocks) {
    if (block.kind == BlockKind::members && block.branch == 0) {
      ASSERT_EQ(block.batch.columns.size(), 3U);
      for (const std::uint64_t id : block.batch.columns[1].values<std::uint64_t>()) {
        members.push_back(id);
      }
    }
  }
  EXPECT_THAT(members, ElementsAre(0, 2, 4));
  EXPECT_EQ(out.blocks.back().kind, BlockKind::tuples);
  EXPECT_EQ(out.blocks.back().batch.rows, 3U);
}

Block sources(std::vector<Source> list) {
  Block block;
  block.kind = BlockKind::sources;
  block.sources = std::move(list);
  return block;
}

// Branch A read files f and g, branch B read g alone: their flows of g are the same.
TEST(MergeStage, BringsFlowIdsTogether) {
  MergeStage stage(options_of("", 2, Emit::tuples), {model_header(true), model_header(true)});
  stage.consume(0, sources({{"f", 11, 0}, {"g", 22, 100}}));
  stage.consume(1, sources({{"other/g", 22, 0}}));
  ModelGroup a = interval(0, 1, 1);
  a.members = {{1, 4}, {1, 103}};
  ModelGroup b = interval(0, 1, 1);
  b.members = {{1, 3}, {1, 50}};
  for (Block& block : blocks_of({a}, 9, true)) {
    stage.consume(0, std::move(block));
  }
  for (Block& block : blocks_of({b}, 9, true)) {
    stage.consume(1, std::move(block));
  }
  Blocks out;
  stage.finish(out);
  ASSERT_EQ(out.blocks.front().kind, BlockKind::sources);
  ASSERT_EQ(out.blocks.front().sources.size(), 2U);
  std::vector<std::vector<std::uint64_t>> ids(2);
  for (const Block& block : out.blocks) {
    if (block.kind == BlockKind::members) {
      const auto values = block.batch.columns[1].values<std::uint64_t>();
      ids[block.branch].assign(values.begin(), values.end());
    }
  }
  ASSERT_EQ(ids[0].size(), 2U);
  EXPECT_EQ(ids[0][1], ids[1][0]);
  const std::uint64_t first_g = out.blocks.front().sources[1].first_flow;
  EXPECT_EQ(ids[0][1], first_g + 3);
  EXPECT_EQ(ids[1][1], first_g + 50);
  EXPECT_LT(ids[0][0], first_g);
}

std::string error_of(const std::string& text, const std::vector<StreamHeader>& inputs,
                     Exit code = Exit::usage) {
  try {
    const MergeStage stage(options_of(text, inputs.size(), Emit::tuples), inputs);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    return std::string(error.what()) + "\n" + error.hint();
  }
  return "no error";
}

TEST(MergeStage, SaysWhatIsWrongWithAnExpression) {
  const std::vector<StreamHeader> two(2, model_header(true));
  EXPECT_THAT(error_of("A.ip = BB.ip", two),
              testing::AllOf(HasSubstr("no branch is named 'BB'"), HasSubstr("A.ip = BB.ip"),
                             HasSubstr("^")));
  EXPECT_THAT(error_of("A before X", two), testing::AllOf(HasSubstr("no branch is named 'X'"),
                                                          HasSubstr("the branches are A, B")));
  EXPECT_THAT(error_of("A before X", two), HasSubstr("A before X\n           ^\n"));
  EXPECT_THAT(error_of("X o A", two), HasSubstr("X o A\n  ^\n"));
  EXPECT_THAT(error_of("A < XX", two), HasSubstr("A < XX\n      ^~\n"));
  EXPECT_THAT(error_of("A != B", two), HasSubstr("'A' is a branch, and its columns are compared"));
  EXPECT_THAT(
      error_of("A.bytes = B.ip", two),
      testing::AllOf(HasSubstr("the groups of branch 'A' have no 'bytes'"),
                     HasSubstr("add 'sum(bytes) as bytes' to the aggregates of branch 'A'")));
  EXPECT_THAT(error_of("A.prot = tcp", two), HasSubstr("add 'first(proto) as proto'"));
  EXPECT_THAT(error_of("A.smal = 1", two), HasSubstr("did you mean 'A.small'?"));
  EXPECT_THAT(error_of("A.sum(bytes) = 1", two), HasSubstr("add 'sum(bytes)' to the aggregates"));
  EXPECT_THAT(error_of("A.small = large", two),
              testing::AllOf(HasSubstr("'large' is a column, but of which branch?")));
  EXPECT_THAT(error_of("A.ip = B.small", two), HasSubstr("^"));
  EXPECT_THAT(error_of("A.port = 70000", two), HasSubstr("70000"));
  StreamHeader timeless = model_header(false);
  timeless.branches[0].groups = Schema({model_groups_schema()[0], model_groups_schema()[9]});
  EXPECT_THAT(error_of("A before B", {timeless, model_header(false)}),
              HasSubstr("the groups of branch 'A' have no 'start'"));
}

TEST(MergeStage, RefusesWhatCannotBeMerged) {
  StreamHeader tuples = model_header(true);
  tuples.kind = StreamKind::tuples;
  EXPECT_THAT(error_of("", {tuples}), HasSubstr("branch 'A': groups or flows are needed"));
  MergeOptions twice = options_of("", 2, Emit::tuples);
  twice.names = {"x", "X"};
  EXPECT_THROW(MergeStage(std::move(twice), {model_header(true), model_header(true)}), Error);
}

// The end of an input that was salvaged.
TEST(MergeStage, LeavesOutAGroupThatIsCutShort) {
  const auto branches = few(1, 3);
  MergeStage stage(options_of("", 1, Emit::tuples), {model_header(true)});
  std::vector<Block> blocks = blocks_of(branches[0], 9, true);
  ASSERT_EQ(blocks.size(), 2U);
  const std::vector<RowId> rows = {0, 1};
  blocks[1].batch = gather(blocks[1].batch, rows);
  for (Block& block : blocks) {
    stage.consume(0, std::move(block));
  }
  Blocks out;
  stage.finish(out);
  EXPECT_EQ(OutputReader(out.blocks, branches, 0, true).tuples.size(), 2U);
}

TEST(MergeStage, RefusesMoreMembersThanAreCounted) {
  MergeStage stage(options_of("", 1, Emit::tuples), {model_header(true)});
  stage.consume(0, std::move(blocks_of(few(1, 3)[0], 9, true)[1]));
  Blocks out;
  EXPECT_THROW(stage.finish(out), Error);
}

TEST(MergeStage, ReadsComputedAndNamedColumns) {
  std::vector<ModelBranch> branches = few(2, 4);
  branches[0][2].end = 5;  // lasts 3 ms
  EXPECT_THAT(tuples_of(branches, "A.duration = 3ms and B.id = 1"), ElementsAre(ModelTuple{2, 1}));
  EXPECT_THAT(tuples_of(branches, "A.duration - B.duration > 2ms and B.SMALL in {0, 3}"),
              ElementsAre(ModelTuple{2, 0}, ModelTuple{2, 3}));
  for (ModelBranch& branch : branches) {
    branch[1].port = 80;
  }
  EXPECT_THAT(tuples_of(branches, "a.srcport = http and B.port = \"http\""),
              ElementsAre(ModelTuple{1, 1}));
}

}  // namespace
}  // namespace nfql::test
