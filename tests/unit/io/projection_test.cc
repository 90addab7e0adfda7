#include "common/io/projection.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/base/error.h"
#include "tests/unit/io/text_support.h"

namespace nfql {
namespace {

using test::number;
using test::Rows;
using Names = std::vector<std::string>;

Field count_field() {
  return {"count", element::kCount, Type::u64, Meaning::number, Type::u64};
}

Names names_of(const Schema& schema) {
  Names names;
  for (const Field& field : schema.fields()) {
    names.push_back(field.name);
  }
  return names;
}

Rows flow_rows() {
  Rows rows;
  rows.numbers<std::int64_t>(field_of(element::kStart), {1000, 2000})
      .numbers<std::int64_t>(field_of(element::kEnd), {1500, std::nullopt})
      .numbers<std::uint16_t>(field_of(element::kSourcePort), {53, 80})
      .numbers<std::uint64_t>(field_of(element::kOctets), {7, 8});
  return rows;
}

// Groups of two branches that both have `total`, only the first `mean`.
StreamHeader branches(StreamKind kind, bool members) {
  StreamHeader header{kind, members, {{"A", {}, {}}, {"dns.b", {}, {}}}};
  header.branches[0].groups =
      Schema({field_of(element::kSourceAddress),
              number("total"),
              number("mean"),
              count_field(),
              {"component", element::kComponent, Type::u64, Meaning::number, Type::u64}});
  header.branches[1].groups = Schema({number("total"), count_field()});
  return header;
}

Error error_of(const StreamHeader& header, const Names& names) {
  try {
    Projection(header, names, KeptColumns::listed);
  } catch (const Error& error) {
    return error;
  }
  return {Exit::ok, ""};
}

TEST(Projection, GivesTheListUnderTheNamesTyped) {
  Rows rows = flow_rows();
  const Projection projection(flows_header(rows.schema), {"octetDeltaCount", "sport", "START"},
                              KeptColumns::structural);
  EXPECT_EQ(names_of(projection.header().flows()), (Names{"octetDeltaCount", "sport", "START"}));
  EXPECT_EQ(projection.header().flows()[1].id, element::kSourcePort);
  Block block = rows.block(BlockKind::flows);
  const std::byte* ports = block.batch.columns[2].data;
  projection.apply(block);
  ASSERT_EQ(block.batch.columns.size(), 3U);
  EXPECT_EQ(block.batch.columns[0].values<std::uint64_t>()[1], 8U);
  EXPECT_EQ(block.batch.columns[1].data, ports);  // a view, no copy
}

TEST(Projection, ComputesDuration) {
  Rows rows = flow_rows();
  const Projection projection(flows_header(rows.schema), {"td"}, KeptColumns::listed);
  EXPECT_EQ(projection.header().flows()[0].id, element::kDuration);
  EXPECT_EQ(projection.header().flows()[0].meaning, Meaning::duration);
  Block block = rows.block(BlockKind::flows);
  projection.apply(block);
  EXPECT_EQ(block.batch.columns[0].values<std::int64_t>()[0], 500);
  EXPECT_FALSE(block.batch.columns[0].is_known(1));
  EXPECT_NE(std::string(error_of(flows_header(Schema({field_of(element::kStart)})), {"td"}).what()),
            "");
}

TEST(Projection, CountsAFlowAsOne) {
  Rows rows = flow_rows();
  const Projection projection(flows_header(rows.schema), {"flows"}, KeptColumns::listed);
  EXPECT_EQ(projection.header().flows()[0].id, element::kFlowCount);
  Block block = rows.block(BlockKind::flows);
  projection.apply(block);
  EXPECT_EQ(block.batch.columns[0].values<std::uint64_t>()[1], 1U);
}

TEST(Projection, SelectsPerBranch) {
  const Projection projection(branches(StreamKind::tuples, false),
                              {"dns.b.total", "a.srcip", "A.total"}, KeptColumns::listed);
  EXPECT_EQ(names_of(projection.header().branches[0].groups), (Names{"srcip", "total"}));
  EXPECT_EQ(names_of(projection.header().branches[1].groups), (Names{"total"}));
  ASSERT_EQ(projection.selected().size(), 3U);
  EXPECT_EQ(projection.selected()[0].branch, 1);
  EXPECT_EQ(projection.selected()[0].name, "dns.b.total");
  EXPECT_EQ(projection.selected()[2].branch, 0);
  EXPECT_EQ(projection.selected()[2].column, 1U);
  EXPECT_EQ(error_of(branches(StreamKind::tuples, false), {"total"}).code(), Exit::usage);
}

TEST(Projection, MeansEveryBranchOfACollection) {
  const Projection projection(branches(StreamKind::collection, false), {"total", "mean"},
                              KeptColumns::listed);
  EXPECT_EQ(names_of(projection.header().branches[0].groups), (Names{"total", "mean"}));
  EXPECT_EQ(names_of(projection.header().branches[1].groups), (Names{"total"}));
  EXPECT_EQ(projection.selected().size(), 3U);
}

TEST(Projection, KeepsWhatLaterStagesNeed) {
  const Projection kept(branches(StreamKind::collection, true), {"mean"}, KeptColumns::structural);
  EXPECT_EQ(names_of(kept.header().branches[0].groups), (Names{"mean", "count", "component"}));
  EXPECT_EQ(names_of(kept.header().branches[1].groups), (Names{"count"}));
  EXPECT_EQ(kept.selected().size(), 1U);
  const Projection bare(branches(StreamKind::tuples, false), {"A.mean"}, KeptColumns::structural);
  EXPECT_EQ(names_of(bare.header().branches[0].groups), (Names{"mean"}));
  const Projection once(branches(StreamKind::tuples, true), {"A.count"}, KeptColumns::structural);
  EXPECT_EQ(names_of(once.header().branches[0].groups), (Names{"count"}));
}

TEST(Projection, LeavesOtherBlocksAlone) {
  StreamHeader header = branches(StreamKind::tuples, false);
  const Projection projection(header, {"A.mean"}, KeptColumns::listed);
  Rows rows;
  rows.numbers<std::uint64_t>(number("0"), {0}).numbers<std::uint64_t>(number("1"), {0});
  Block block = rows.block(BlockKind::tuples);
  projection.apply(block);
  EXPECT_EQ(block.batch.columns.size(), 2U);
}

TEST(Projection, NamesTheNearestOfWhatIsNotThere) {
  const StreamHeader flows = flows_header(flow_rows().schema);
  EXPECT_STREQ(error_of(flows, {"bytse"}).what(), "columns: the input has no column 'bytse'");
  EXPECT_EQ(error_of(flows, {"bytse"}).hint(), "did you mean 'bytes'?");
  EXPECT_EQ(error_of(flows, {"qqqqqqqq"}).hint(), "--help-fields lists the fields");
  EXPECT_EQ(error_of(branches(StreamKind::tuples, false), {"A.totla"}).hint(),
            "did you mean 'A.total'?");
  EXPECT_EQ(error_of(flows, {"bytes", "Bytes"}).code(), Exit::usage);
  EXPECT_EQ(error_of(flows, {"packets"}).code(), Exit::usage);
}

}  // namespace
}  // namespace nfql
