#include "nfql-group/group_columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/tools/group_support.h"

namespace nfql {
namespace {

// --- Columns. ---

Schema columns(const std::string& terms, const std::string& aggregates = "") {
  return GroupStage(options(terms, aggregates), flows_header(kFlows)).output_header().groups();
}

TEST(GroupColumns, AreKeysThenAggregatesThenStartEndCount) {
  const Schema schema = columns("dstip, sourceIPv4Address", "sum(bytes) as n, max(srcport)");
  EXPECT_THAT(names(schema), testing::ElementsAre("dstip", "sourceIPv4Address", "n", "max_srcport",
                                                  "start", "end", "count"));
  EXPECT_EQ(schema[0].id, element::kDestinationAddress);
  EXPECT_EQ(schema[1].id, element::kSourceAddress);
  EXPECT_EQ(schema[4], field_of(element::kStart));
  EXPECT_EQ(schema[5], field_of(element::kEnd));
  EXPECT_EQ(schema[6].id, element::kCount);
  EXPECT_EQ(schema[6].type, Type::u64);
}

TEST(GroupColumns, OfPrefixesBearTheirTextOrName) {
  const Schema schema = columns("prefix( srcip ,24 ), prefix(dstip, 8) as net");
  EXPECT_THAT(names(schema),
              testing::ElementsAre("prefix(srcip, 24)", "net", "start", "end", "count"));
  EXPECT_FALSE(schema[0].id.any());
  EXPECT_EQ(schema[0].type, Type::address);
}

TEST(GroupColumns, AddNoneForWhatIsThere) {
  const std::vector<std::string> plain = {"srcip", "start", "end", "count"};
  for (const char* list :
       {"srcip", "sourceIPv4Address", "count", "COUNT", "start", "first(srcip) as srcip",
        "first(start) as start", "min(start) as start", "max(end) as end", "count as count",
        "static(srcip) as srcip", "srcip, count, start"}) {
    EXPECT_EQ(names(columns("srcip", list)), plain) << list;
  }
  EXPECT_THAT(names(columns("srcip", "min(start), count as n, first(srcip) as client")),
              testing::ElementsAre("srcip", "min_start", "n", "client", "start", "end", "count"));
  EXPECT_THAT(
      names(columns("srcip", "static(srcip), first(srcip)")),
      testing::ElementsAre("srcip", "static_srcip", "first_srcip", "start", "end", "count"));
  EXPECT_THAT(names(columns("start")), testing::ElementsAre("start", "end", "count"));
  EXPECT_THAT(names(columns("end, etime = etime")),
              testing::ElementsAre("end", "etime", "start", "count"));
}

// The JSON form of 2013 names an aggregate as its field.
TEST(GroupColumns, OfTheOldFormKeepTheFieldsIds) {
  const Schema schema =
      columns("sourceIPv4Address = sourceIPv4Address",
              "static(sourceIPv4Address) as sourceIPv4Address, sum(octetDeltaCount) as "
              "octetDeltaCount");
  EXPECT_THAT(names(schema), testing::ElementsAre("sourceIPv4Address", "octetDeltaCount", "start",
                                                  "end", "count"));
  EXPECT_EQ(schema.find("bytes"), 1U);
  EXPECT_EQ(schema.find("srcip"), 0U);
}

TEST(GroupColumns, HaveComputedFields) {
  const Schema schema = columns("duration", "sum(duration), flows");
  EXPECT_THAT(names(schema),
              testing::ElementsAre("duration", "sum_duration", "flows", "start", "end", "count"));
  EXPECT_FALSE(schema[0].id.any());
  Flow flow;
  flow.end = 7;
  EXPECT_EQ(run(options("duration", "sum(duration), flows"), {flow, flow}).groups.at(0),
            (Row{"7", "14", "1", "0", "7", "2"}));
}

// --- Errors. ---

std::string error_of(const std::string& terms, const std::string& aggregates = "",
                     const StreamHeader& header = flows_header(kFlows)) {
  try {
    const GroupStage stage(options(terms, aggregates), header);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::usage);
    const std::string what = error.what();
    return what.substr(0, what.find('\n')) + (error.hint().empty() ? "" : " | " + error.hint());
  }
  return "";
}

TEST(GroupStage, PointsAtUnknownFields) {
  EXPECT_EQ(error_of("srcpi"),
            "group terms: the input has no field 'srcpi' | did you mean 'srcip'?");
  EXPECT_EQ(error_of("proto"), "group terms: the input has no field 'proto'");
  EXPECT_EQ(error_of("prefix(zzz, 3)"), "group terms: the input has no field 'zzz'");
  EXPECT_EQ(error_of("srcip", "sum(byts)"),
            "aggregate: the input has no field 'byts' | did you mean 'bytes'?");
  try {
    const GroupStage stage(options("dstip, srcpi"), flows_header(kFlows));
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("dstip, srcpi"));
    EXPECT_THAT(error.what(), testing::HasSubstr("       ^"));
  }
}

TEST(GroupStage, RefusesTermsThatNeedTheOrderOfFlows) {
  const std::string not_yet = ": not supported in this version";
  EXPECT_EQ(error_of("srcip or dstip"), "group terms: 'or' between terms (modules)" + not_yet);
  EXPECT_EQ(error_of("srcip = dstip"), "group terms: comparing two different fields" + not_yet);
  EXPECT_EQ(error_of("end < start rdelta 1s"),
            "group terms: comparing with flows already grouped but for equality" + not_yet);
  EXPECT_EQ(error_of("bytes = bytes delta 5"), "group terms: a delta in group terms" + not_yet);
  EXPECT_EQ(error_of("last.end = end"), "group terms: 'last.' in group terms" + not_yet);
  EXPECT_EQ(error_of("prefix(srcip, 24) = prefix(srcip, 16)"),
            "group terms: comparing two different fields" + not_yet);
  EXPECT_EQ(error_of("gap(end, start) < 30s"),
            "group terms: comparing with flows already grouped but for equality" + not_yet);
  EXPECT_EQ(error_of("bytes = bytes delta 0, prefix(srcip, 24) = prefix(srcip, 24)"), "");
}

TEST(GroupStage, RefusesWhatIsNoGroupTerm) {
  const std::string no_term =
      "group terms: a group term is a field, or compares a field with one of the flows already "
      "grouped | nfql-filter selects flows by their values";
  EXPECT_EQ(error_of("srcport = 80"), no_term);
  EXPECT_EQ(error_of("srcip in 10.0.0.0/8"), no_term);
  EXPECT_EQ(error_of("prefix(srcip, 129)"),
            "group terms: the length of a prefix is a number from 0 to 128");
  EXPECT_EQ(error_of("prefix(srcport, 3)"), "group terms: prefix takes an address");
  EXPECT_EQ(error_of("prefix(srcip)"),
            "group terms: prefix takes an address and a length | for example prefix(srcip, 24)");
}

TEST(GroupStage, RefusesTwoColumnsOfOneName) {
  const std::string hint = " | name one of them with 'as NAME'";
  EXPECT_EQ(error_of("srcip, srcip"), "two columns are named 'srcip'" + hint);
  EXPECT_EQ(error_of("srcip", "sum(bytes), sum(bytes)"),
            "aggregate: two columns are named 'sum_bytes'" + hint);
  EXPECT_EQ(error_of("srcip", "sum(bytes) as count"),
            "aggregate: two columns are named 'count'" + hint);
  EXPECT_EQ(error_of("srcip", "max(srcip) as SRCIP"),
            "aggregate: two columns are named 'SRCIP'" + hint);
  EXPECT_EQ(error_of("srcip", "end"),
            "aggregate: 'end' of a group is that of all its flows together | write 'first(end) as "
            "NAME' for that of its first flow");
}

TEST(GroupStage, TheFirstStartToArriveIsNotTheLeast) {
  GroupOptions made = options("srcip", "start");
  made.input_order = true;
  EXPECT_THROW(GroupStage(made, flows_header(kFlows)), Error);
}

TEST(GroupStage, NeedsStartAndEnd) {
  EXPECT_EQ(error_of("srcip", "", flows_header(Schema({kFlows[2], kFlows[1]}))),
            "the input has no field 'start', by which flows are ordered | keep 'start' among the "
            "--columns of the input");
  EXPECT_EQ(error_of("srcip", "", flows_header(Schema({kFlows[2], kFlows[0]}))),
            "the input has no field 'end', which every group has | keep 'start' and 'end' among "
            "the --columns of the input");
}

TEST(GroupStage, TakesOnlyFlows) {
  StreamHeader header{StreamKind::groups, false, {{"", kFlows, {}}}};
  EXPECT_EQ(error_of("srcip", "", header),
            "the input is a stream of groups, and only flows can be grouped | nfql-gfilter selects "
            "groups, nfql-ungroup gives their flows");
  header.kind = StreamKind::tuples;
  EXPECT_EQ(error_of("srcip", "", header),
            "the input is what nfql-merge gives, and only flows can be grouped | nfql-ungroup "
            "gives its flows");
}

}  // namespace
}  // namespace nfql
