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

// Only a key that every module has is one of all flows of a group.
TEST(GroupColumns, HaveTheKeysThatAllModulesShare) {
  EXPECT_THAT(names(columns("srcip, dstip, srcport = srcport delta 1 or srcport, src as host")),
              testing::ElementsAre("srcip", "start", "end", "count"));
  EXPECT_THAT(names(columns("srcip or dstip")), testing::ElementsAre("start", "end", "count"));
  EXPECT_THAT(names(columns("srcip = dstip, last.bytes = bytes, first.end = end")),
              testing::ElementsAre("end", "start", "count"));
}

TEST(GroupColumns, OfModulesBearTheirNames) {
  EXPECT_THAT(
      names(columns("srcip or dstip", "g1.sum(bytes), g2.count, g2.srcip, g1.max(end) as e")),
      testing::ElementsAre("g1_sum_bytes", "g2_count", "g2_srcip", "e", "start", "end", "count"));
  EXPECT_THAT(names(columns("srcip", "g1.count")),
              testing::ElementsAre("srcip", "g1_count", "start", "end", "count"));
  GroupOptions made = options("srcip or dstip", "Near.count, far.count");
  made.modules = {"near", "far"};
  EXPECT_THAT(names(GroupStage(made, flows_header(kFlows)).output_header().groups()),
              testing::ElementsAre("Near_count", "far_count", "start", "end", "count"));
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

TEST(GroupStage, RefusesWhatIsNoGroupTerm) {
  const std::string no_term =
      "group terms: a group term is a field, or compares a field with one of the flows already "
      "grouped | nfql-filter selects flows by their values";
  EXPECT_EQ(error_of("srcport = 80"),
            no_term + "; 'first.srcport' and 'last.srcport' are of flows already grouped");
  EXPECT_EQ(error_of("srcip in 10.0.0.0/8"), no_term);
  EXPECT_EQ(error_of("prefix(srcip, 129)"),
            "group terms: the length of a prefix is a number from 0 to 128");
  EXPECT_EQ(error_of("prefix(srcport, 3)"), "group terms: prefix takes an address");
  EXPECT_EQ(error_of("prefix(srcip)"),
            "group terms: prefix takes an address and a length | for example prefix(srcip, 24)");
}

TEST(GroupStage, RefusesKeysOfOtherFlows) {
  EXPECT_EQ(error_of("dstip, g7.bytes"),
            "group terms: 'g7.' is no flow of the group | the names are first, last, min and max");
  EXPECT_EQ(error_of("lst.bytes"),
            "group terms: 'lst.' is no flow of the group | did you mean 'last.bytes'?");
  for (const std::string of : {"first", "last", "min", "max"}) {
    EXPECT_EQ(
        error_of("dstip or " + of + ".srcip"),
        "group terms: a key is a field of the flow itself | write 'srcip', or compare it with "
        "the other: '" +
            of + ".srcip = srcip'");
  }
  try {
    const GroupStage stage(options("dstip, prefix(last.srcip, 24) as net"), flows_header(kFlows));
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("\n                ^~~~~~~~~~"));
  }
}

TEST(GroupStage, PointsAtMistakesInComparisonsOfFlows) {
  EXPECT_EQ(error_of("srcip = dstpi"),
            "group terms: the input has no field 'dstpi' | did you mean 'dstip'?");
  EXPECT_EQ(error_of("last.byts < bytes"),
            "group terms: the input has no field 'byts' | did you mean 'bytes'?");
  EXPECT_EQ(error_of("lst.bytes < bytes"),
            "group terms: 'lst.' is no flow of the group | did you mean 'last.bytes'?");
  EXPECT_EQ(error_of("A.bytes < bytes"),
            "group terms: 'A.' is no flow of the group | the names are first, last, min and max");
  EXPECT_EQ(error_of("last.srcip = bytes"),
            "group terms: 'last.srcip' is an address, 'bytes' is a number");
  EXPECT_EQ(error_of("last.srcip = dstip delta 3"),
            "group terms: a delta is for numbers and times, 'last.srcip' is an address");
  EXPECT_EQ(error_of("max.srcport = 70000"),
            "group terms: 70000 does not fit 'max.srcport' (u16, at most 65535)");
  EXPECT_EQ(error_of("last.bytes < bytes + 3s"),
            "group terms: a unit of time at '3s', but 'bytes' is a number");
  EXPECT_EQ(error_of("first.end < start rdelta 1s"),
            "group terms: rdelta looks at the flow added last, and a name here does not | write "
            "'delta'");
  EXPECT_EQ(error_of("last.flows < flows"),
            "group terms: 'flows' is 1 in every flow of this input");
  EXPECT_EQ(
      error_of("srcip, (dstip or srcport)"),
      "group terms: a key stands in the list of terms, not within 'not' or an inner 'or' | as "
      "a condition it is 'dstip = dstip'");
  EXPECT_EQ(error_of("gap(last.end, start)"),
            "group terms: gap() is no key of groups | a key is a field or prefix(ADDRESS, LENGTH); "
            "compare others, for example gap(last.end, start) < 30s");
}

TEST(GroupStage, RefusesTwoColumnsOfOneName) {
  const std::string hint = " | name one of them with 'as NAME'";
  EXPECT_EQ(error_of("srcip, srcip"), "group terms: two columns are named 'srcip'" + hint);
  EXPECT_EQ(error_of("srcip", "sum(bytes), sum(bytes)"),
            "aggregate: two columns are named 'sum_bytes'" + hint);
  EXPECT_EQ(error_of("srcip", "max(srcip) as SRCIP"),
            "aggregate: two columns are named 'SRCIP'" + hint);
  EXPECT_EQ(error_of("srcip", "end"),
            "aggregate: 'end' of a group is that of all its flows together | write 'first(end) as "
            "NAME' for that of its first flow");
}

TEST(GroupStage, RefusesTheNamesOfWhatEveryGroupHas) {
  const auto refused = [](const std::string& where, const std::string& name) {
    return where + ": every group has a column '" + name +
           "' of its own | give this one another name with 'as NAME'";
  };
  EXPECT_EQ(error_of("srcip", "sum(bytes) as count"), refused("aggregate", "count"));
  EXPECT_EQ(error_of("srcip", "sum(bytes) as start"), refused("aggregate", "start"));
  EXPECT_EQ(error_of("start as begin", "sum(bytes) as START"), refused("aggregate", "start"));
  EXPECT_EQ(error_of("srcip as end"), refused("group terms", "end"));
  EXPECT_EQ(error_of("start as end"), refused("group terms", "end"));
}

TEST(GroupStage, SaysThatAPrefixIsAKey) {
  EXPECT_EQ(error_of("srcip", "prefix(dstip,24)"),
            "aggregate: a prefix is a key of groups, no aggregate | put 'prefix(dstip, 24)' among "
            "the terms: it is a column then");
}

TEST(GroupStage, PointsAtAKeyWhoseNameIsTaken) {
  Schema flows = kFlows;
  Field count = field_of(element::kFlowCount);
  count.name = "count";
  flows.add(count);
  try {
    const GroupStage stage(options("srcip, count"), flows_header(flows));
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("srcip, count\n         ^~~~~"));
  }
  try {
    const GroupStage stage(options("srcip, dstip, src as dstip"), flows_header(kFlows));
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("src as dstip\n                ^~~"));
  }
}

TEST(GroupStage, RefusesModulesThatAreNotThere) {
  EXPECT_EQ(error_of("srcip", "g2.count"),
            "aggregate: no module is named 'g2' | did you mean 'g1'?");
  const auto error_of_names = [](const std::vector<std::string>& modules) {
    GroupOptions made = options("srcip or dstip");
    made.modules = modules;
    try {
      const GroupStage stage(made, flows_header(kFlows));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Exit::usage);
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(error_of_names({"one", "two"}), "");
  EXPECT_EQ(error_of_names({"one"}), "1 names of modules, but the terms have 2");
  EXPECT_EQ(error_of_names({"one", "ONE"}), "two modules are named 'ONE'");
  EXPECT_EQ(error_of_names({"one", "t,o"}), "'t,o' cannot be the name of a module");
  std::string terms = "srcip";
  for (std::size_t i = 1; i < kMostModules; ++i) {
    terms += " or dstip";
  }
  EXPECT_EQ(error_of(terms), "");
  EXPECT_EQ(error_of(terms + " or bytes"),
            "group terms: too many modules (at most 64 lists of terms joined by 'or')");
}

TEST(GroupStage, TheFirstStartToArriveIsNotTheLeast) {
  GroupOptions made = options("srcip", "start");
  made.input_order = true;
  EXPECT_THROW(GroupStage(made, flows_header(kFlows)), Error);
}

TEST(GroupStage, NeedsStartAndEnd) {
  EXPECT_EQ(
      error_of("srcip", "", flows_header(Schema({kFlows[2], kFlows[1]}))),
      "the input has no field 'start', by which flows are ordered | give it a column 'start'; "
      "where --columns chose the fields, keep it among them");
  EXPECT_EQ(error_of("srcip", "", flows_header(Schema({kFlows[2], kFlows[0]}))),
            "the input has no field 'end', which every group has | give it columns 'start' and "
            "'end'; where --columns chose the fields, keep them");
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
