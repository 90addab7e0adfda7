#include "common/io/text_rows.h"

#include <gtest/gtest.h>

#include "common/base/error.h"
#include "tests/unit/io/text_support.h"

namespace nfql {
namespace {

using test::blocks;
using test::columns;
using test::format;
using test::number;
using test::Rows;
using test::written;

const Field kStart = field_of(element::kStart);
const Field kEnd = field_of(element::kEnd);
const Field kSource = field_of(element::kSourceAddress);
const Field kCount{"count", element::kCount};
const Field kComponent{"component", element::kComponent};
const Field kTos = field_of(element::kClassOfService);
const Field kFlowId = field_of(element::kFlowId);
const WriteOptions kCsv = format(OutputFormat::csv);

std::string error_of(const StreamHeader& header, const WriteOptions& options) {
  try {
    static_cast<void>(written(header, blocks(), options));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::usage);
    return error.what();
  }
  return "no error";
}

Rows few_flows() {
  Rows rows;
  rows.numbers<std::uint8_t>(kTos, {9})
      .addresses(kSource, {"10.0.0.1"})
      .numbers<std::int64_t>(kEnd, {1500})
      .numbers<std::int64_t>(kStart, {0});
  return rows;
}

TEST(TextRows, PrintsTheDefaultColumnsOfFlowsInTheirOrder) {
  Rows rows = few_flows();
  EXPECT_EQ(written(flows_header(rows.schema), blocks(rows.block(BlockKind::flows)), kCsv),
            "start,end,srcip\n1970-01-01T00:00:00.000Z,1970-01-01T00:00:01.500Z,10.0.0.1\n");
}

TEST(TextRows, RowsWithoutAnyColumnAreAMistake) {
  const StreamHeader bare = flows_header({});
  EXPECT_EQ(written(bare, blocks(), kCsv), "\n") << "no rows";
  Block flows;
  flows.kind = BlockKind::flows;
  flows.batch.rows = 3;
  try {
    static_cast<void>(written(bare, blocks(std::move(flows)), kCsv));
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "columns: the input has none of those that are printed by default");
    EXPECT_EQ(error.code(), Exit::usage);
  }
}

TEST(TextRows, PrintsTheStreamFirst) {
  Rows rows = few_flows();
  rows.numbers<std::uint64_t>({"stream", element::kStream}, {7});
  WriteOptions options = kCsv;
  options.time = TimeFormat::milliseconds;
  EXPECT_EQ(written(flows_header(rows.schema), blocks(rows.block(BlockKind::flows)), options),
            "stream,start,end,srcip\n7,0,1500,10.0.0.1\n");
}

TEST(TextRows, PrintsAllColumnsWhereNoDefaultOneIsThere) {
  Rows rows;
  rows.numbers<std::uint8_t>(kTos, {9}).numbers<std::uint64_t>(number("x"), {8});
  EXPECT_EQ(written(flows_header(rows.schema), blocks(rows.block(BlockKind::flows)), kCsv),
            "tos,x\n9,8\n");
}

TEST(TextRows, PrintsExactlyTheListUnderTheNamesTyped) {
  Rows rows = few_flows();
  EXPECT_EQ(written(flows_header(rows.schema), blocks(rows.block(BlockKind::flows)),
                    columns({"ipClassOfService", "SrcIP", "duration"})),
            "ipClassOfService,SrcIP,duration\n9,10.0.0.1,1500\n");
}

TEST(TextRows, RefusesColumnsThatAreNotThere) {
  const StreamHeader header = flows_header(few_flows().schema);
  EXPECT_EQ(error_of(header, columns({"nexthop"})), "columns: the input has no column 'nexthop'");
  EXPECT_EQ(error_of(header, columns({})), "columns: the list is empty");
}

TEST(TextRows, LeavesOutSourcesAndMembers) {
  Rows groups;
  groups.addresses(kSource, {"10.0.0.1", "10.0.0.2"})
      .numbers<std::uint64_t>(number("sum_bytes"), {1500, std::nullopt})
      .numbers<std::int64_t>(kStart, {0, 1})
      .numbers<std::int64_t>(kEnd, {2, 3})
      .numbers<std::uint64_t>(kCount, {1, 0});
  Rows members = few_flows();
  const StreamHeader header = {StreamKind::groups, true, {{"", groups.schema, members.schema}}};
  WriteOptions options = kCsv;
  options.time = TimeFormat::milliseconds;
  Block sources;
  sources.kind = BlockKind::sources;
  EXPECT_EQ(written(header,
                    blocks(std::move(sources), groups.block(BlockKind::groups),
                           members.block(BlockKind::members)),
                    options),
            "srcip,sum_bytes,start,end,count\n"
            "10.0.0.1,1500,0,2,1\n"
            "10.0.0.2,,1,3,0\n");
}

TEST(TextRows, PrintsListedColumnsOfGroups) {
  Rows groups;
  groups.addresses(kSource, {"10.0.0.1"})
      .numbers<std::uint64_t>(number("total"), {5})
      .numbers<std::uint64_t>(kCount, {1});
  const StreamHeader header = {StreamKind::groups, true, {{"", groups.schema, few_flows().schema}}};
  EXPECT_EQ(written(header, blocks(groups.block(BlockKind::groups)), columns({"total", "srcip"})),
            "total,srcip\n5,10.0.0.1\n");
}

// Branch A has three groups in two blocks, branch B two; the tuples come in two blocks.
struct Tuples {
  StreamHeader header{StreamKind::tuples, false, {}};
  std::vector<Block> all;

  Tuples() {
    Rows a, more_of_a, b, tuples, more_tuples;
    a.addresses(kSource, {"10.0.0.1", "10.0.0.2"}).numbers<std::uint64_t>(kCount, {1, 2});
    b.addresses(kSource, {"2001:db8::1", ""})
        .sets<std::uint8_t>(test::set_of("protos", Type::u8), {{6}, {6, 17}})
        .numbers<std::uint64_t>(kCount, {5, 6});
    more_of_a.addresses(kSource, {"2001:db8::3"}).numbers<std::uint64_t>(kCount, {3});
    tuples.numbers<std::uint64_t>(number("A"), {0, 0, 1})
        .numbers<std::uint64_t>(number("B"), {0, 1, 0});
    more_tuples.numbers<std::uint64_t>(number("A"), {2}).numbers<std::uint64_t>(number("B"), {1});
    header.branches = {{"A", a.schema, {}}, {"B", b.schema, {}}};
    all = blocks(a.block(BlockKind::groups, 0), b.block(BlockKind::groups, 1),
                 tuples.block(BlockKind::tuples), more_of_a.block(BlockKind::groups, 0),
                 more_tuples.block(BlockKind::tuples));
  }
};

TEST(TextRows, PrintsTuplesWithTheColumnsOfEachBranch) {
  Tuples tuples;
  EXPECT_EQ(written(tuples.header, std::move(tuples.all), kCsv),
            "A.srcip,A.count,B.srcip,B.protos,B.count\n"
            "10.0.0.1,1,2001:db8::1,{6},5\n"
            "10.0.0.1,1,,{6;17},6\n"
            "10.0.0.2,2,2001:db8::1,{6},5\n"
            "2001:db8::3,3,,{6;17},6\n");
}

TEST(TextRows, PrintsListedColumnsOfTuplesInTheOrderOfTheList) {
  Tuples tuples;
  EXPECT_EQ(written(tuples.header, std::move(tuples.all), columns({"B.count", "A.src"})),
            "B.count,A.src\n"
            "5,10.0.0.1\n"
            "6,10.0.0.1\n"
            "5,10.0.0.2\n"
            "6,2001:db8::3\n");
}

TEST(TextRows, RefusesTuplesOfGroupsThatDidNotCome) {
  Tuples tuples;
  Rows wrong;
  wrong.numbers<std::uint64_t>(number("A"), {0}).numbers<std::uint64_t>(number("B"), {2});
  tuples.all.push_back(wrong.block(BlockKind::tuples));
  try {
    static_cast<void>(written(tuples.header, std::move(tuples.all), kCsv));
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::failed);
    EXPECT_STREQ(error.what(), "tuples: group 2 of branch 'B', of which 2 came");
  }
}

std::string heading_of_tuples(const Schema& groups, const Schema& flows, bool members) {
  return written({StreamKind::tuples, members, {{"A", groups, flows}}}, blocks(), kCsv);
}

TEST(TextRows, PrintsTheDefaultFlowColumnsOfABranchWithoutGrouper) {
  const Schema flow({kFlowId, kTos, kSource, kEnd, kStart});
  const Schema of_flow({kFlowId, kTos, kSource, kEnd, kStart, kCount});
  const std::string expected = "A.start,A.end,A.srcip,A.count\n";
  EXPECT_EQ(heading_of_tuples(of_flow, flow, true), expected);
  EXPECT_EQ(heading_of_tuples(of_flow, {}, false), expected);
}

TEST(TextRows, PrintsAllColumnsOfGroupsThatLookLikeFlows) {
  const Schema groups({kFlowId, kTos, kStart, kEnd, kCount});
  const std::string expected = "A.flowId,A.tos,A.start,A.end,A.count\n";
  EXPECT_EQ(heading_of_tuples(groups, Schema({kTos, kStart}), true), expected);
  EXPECT_EQ(heading_of_tuples(groups, {}, false), expected);
}

// Branch A has groups in the components 0, 0, 2, branch B in 0, 1, 2 (in two blocks).
struct Collection {
  StreamHeader header{StreamKind::collection, false, {}};
  std::vector<Block> all;

  Collection() {
    Rows a, b, more_of_b;
    a.addresses(kSource, {"10.0.0.1", "10.0.0.2", "10.0.0.3"})
        .numbers<std::uint64_t>(number("total"), {1, 2, 3})
        .numbers<std::uint64_t>(kCount, {11, 12, 13})
        .numbers<std::uint64_t>(kComponent, {0, 0, 2});
    b.numbers<std::uint64_t>(kComponent, {0, 1})
        .numbers<double>(number("total", Type::f64), {0.5, 1.5})
        .sets<std::uint8_t>(test::set_of("protos", Type::u8), {{6}, {6, 17}})
        .numbers<std::uint64_t>(kCount, {21, 22});
    more_of_b.numbers<std::uint64_t>(kComponent, {2})
        .numbers<double>(number("total", Type::f64), {std::nullopt})
        .sets<std::uint8_t>(test::set_of("protos", Type::u8), {{}})
        .numbers<std::uint64_t>(kCount, {23});
    header.branches = {{"A", a.schema, {}}, {"B,", b.schema, {}}};
    all = blocks(b.block(BlockKind::groups, 1), a.block(BlockKind::groups, 0),
                 more_of_b.block(BlockKind::groups, 1));
  }
};

TEST(TextRows, PrintsACollectionByComponentAndBranch) {
  Collection collection;
  EXPECT_EQ(written(collection.header, std::move(collection.all), kCsv),
            "component,branch,srcip,total,count,protos\n"
            "0,A,10.0.0.1,1,11,\n"
            "0,A,10.0.0.2,2,12,\n"
            "0,\"B,\",,0.5,21,{6}\n"
            "1,\"B,\",,1.5,22,{6;17}\n"
            "2,A,10.0.0.3,3,13,\n"
            "2,\"B,\",,,23,{}\n");
}

TEST(TextRows, PrintsACollectionAsJsonAndTable) {
  Collection collection;
  WriteOptions json = format(OutputFormat::json);
  json.limit = 3;
  EXPECT_EQ(written(collection.header, std::move(collection.all), json),
            R"({"component":0,"branch":"A","srcip":"10.0.0.1","total":1,"count":11,"protos":null})"
            "\n"
            R"({"component":0,"branch":"A","srcip":"10.0.0.2","total":2,"count":12,"protos":null})"
            "\n"
            R"({"component":0,"branch":"B,","srcip":null,"total":0.5,"count":21,"protos":[6]})"
            "\n");
  Collection again;
  WriteOptions table = format(OutputFormat::table);
  table.columns = {"branch", "total", "srcip", "component"};
  EXPECT_EQ(written(again.header, std::move(again.all), table),
            "branch  total  srcip     component\n"
            "A           1  10.0.0.1          0\n"
            "A           2  10.0.0.2          0\n"
            "B,        0.5  -                 0\n"
            "B,        1.5  -                 1\n"
            "A           3  10.0.0.3          2\n"
            "B,          -  -                 2\n");
}

TEST(TextRows, PrintsListedColumnsOfOneBranchOfACollection) {
  Collection collection;
  EXPECT_EQ(written(collection.header, std::move(collection.all), columns({"count", "A.total"})),
            "count,A.total\n11,1\n12,2\n21,\n22,\n13,3\n23,\n");
  Collection again;
  EXPECT_EQ(written(again.header, std::move(again.all), columns({"branch"})),
            "branch\nA\nA\n\"B,\"\n\"B,\"\nA\n\"B,\"\n");
}

TEST(TextRows, RefusesACollectionWithoutComponents) {
  const StreamHeader header{StreamKind::collection, false, {{"A", Schema({kCount}), {}}}};
  EXPECT_THROW(static_cast<void>(written(header, blocks(), kCsv)), Error);
}

}  // namespace
}  // namespace nfql
