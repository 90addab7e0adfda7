#include "nfql-filter/filter_stage.h"

#include "tests/unit/expr/predicate_support.h"

namespace nfql {
namespace {

class Collected : public BlockSink {
 public:
  void put(Block&& block) override { blocks.push_back(std::move(block)); }
  std::vector<Block> blocks;
};

ExpressionText filter(std::string text) {
  return parse(std::move(text), Grammar::filter, "filter");
}

Schema flows_schema() {
  return Schema({test::known_field("dstport")});
}

Block flows(const std::vector<std::optional<std::uint16_t>>& ports) {
  test::Rows rows;
  rows.add(test::known_field("dstport"), ports);
  Block block;
  block.batch = std::move(rows.batch);
  return block;
}

std::vector<std::uint16_t> ports_of(const Block& block) {
  const auto values = block.batch.columns[0].values<std::uint16_t>();
  return {values.begin(), values.end()};
}

TEST(FilterStage, KeepsTheRowsForWhichTheExpressionIsTrue) {
  FilterStage stage(flows_header(flows_schema()), filter("dstport = http"));
  EXPECT_EQ(stage.output_header(), flows_header(flows_schema()));
  Collected out;
  stage.consume(flows({80, 443, {}, 80}), out);
  ASSERT_EQ(out.blocks.size(), 1U);
  EXPECT_EQ(ports_of(out.blocks[0]), (std::vector<std::uint16_t>{80, 80}));
}

TEST(FilterStage, PassesABlockOnUnmovedWhenAllIsKept) {
  for (const char* text : {"dstport < 1024", "any", ""}) {
    FilterStage stage(flows_header(flows_schema()), filter(text));
    Collected out;
    Block block = flows({80, 443});
    const std::byte* data = block.batch.columns[0].data;
    stage.consume(std::move(block), out);
    ASSERT_EQ(out.blocks.size(), 1U);
    EXPECT_EQ(out.blocks[0].batch.columns[0].data, data);
  }
}

TEST(FilterStage, PutsNothingWhenNothingIsKept) {
  FilterStage stage(flows_header(flows_schema()), filter("dstport = 1"));
  Collected out;
  stage.consume(flows({80, 443, {}}), out);
  stage.finish(out);
  EXPECT_TRUE(out.blocks.empty());
}

TEST(FilterStage, PassesAllThatWasChosenBefore) {
  FilterStage stage(flows_header(flows_schema()), filter("dstport = 80"));
  EXPECT_FALSE(stage.passes_all());
  stage.pass_all();
  EXPECT_TRUE(stage.passes_all());
  Collected out;
  stage.consume(flows({80, 443, {}}), out);
  ASSERT_EQ(out.blocks.size(), 1U);
  EXPECT_EQ(out.blocks[0].batch.rows, 3U) << "nothing is asked twice";
}

TEST(FilterStage, SourcesPassThrough) {
  FilterStage stage(flows_header(flows_schema()), filter("dstport = 1"));
  Collected out;
  Block block;
  block.kind = BlockKind::sources;
  block.sources = {{"a.ft", 1, 0}};
  stage.consume(std::move(block), out);
  ASSERT_EQ(out.blocks.size(), 1U);
  EXPECT_EQ(out.blocks[0].sources.front().name, "a.ft");
}

TEST(FilterStage, RefusesStreamsThatAreNoFlows) {
  StreamHeader header = flows_header(flows_schema());
  header.kind = StreamKind::groups;
  try {
    const FilterStage stage(header, filter("any"));
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::usage);
    EXPECT_STREQ(error.what(), "the input is a stream of groups");
    EXPECT_EQ(error.hint(), "use nfql-gfilter");
  }
  header.kind = StreamKind::tuples;
  EXPECT_THROW(FilterStage(header, filter("any")), Error);
}

}  // namespace
}  // namespace nfql
