#include <gtest/gtest.h>

#include <string>

#include "common/base/error.h"
#include "common/query/query.h"

namespace nfql {
namespace {

// The message of the error that a query gives, with its hint.
std::string complaint(const std::string& text) {
  try {
    static_cast<void>(parse_query_json(text, "q.json"));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::usage);
    return error.what() + (error.hint().empty() ? "" : " | " + error.hint());
  }
  return "no error";
}

TEST(QueryJson, ReadsTheExpressionForm) {
  const Query query = parse_query_json(R"({
    "branches": {
      "req": {"filter": "dstport = 80", "group": "srcip, dstip",
              "aggregate": "sum(bytes) as total", "gfilter": "total > 1k"},
      "all": {}},
    "merge": "req.srcip = all.dstip", "except": ["req before all", "all.count > 9"], "emit": "collection",
    "ungroup": {"flat": true}, "limit": 7})",
                                       "q.json");
  ASSERT_EQ(query.branches.size(), 2U);
  EXPECT_EQ(query.branches[0].name, "req");
  EXPECT_EQ(query.branches[0].filter->text, "dstport = 80");
  EXPECT_EQ(query.branches[0].group->terms.text, "srcip, dstip");
  EXPECT_EQ(query.branches[0].group->items.at(0).alias, "total");
  EXPECT_EQ(query.branches[0].gfilter->text, "total > 1k");
  EXPECT_FALSE(query.branches[1].filter || query.branches[1].group || query.branches[1].gfilter);
  EXPECT_EQ(query.merge->expr.text, "req.srcip = all.dstip");
  ASSERT_EQ(query.merge->except.size(), 2U);
  EXPECT_EQ(query.merge->except[1].what, "q.json: except[1]");
  EXPECT_EQ(query.merge->except[1].text, "all.count > 9");
  EXPECT_TRUE(query.merge->collection);
  EXPECT_TRUE(query.ungroup->flat);
  EXPECT_EQ(query.limit, 7U);
}

TEST(QueryJson, TellsTheTermFormAsExpressions) {
  const Query query = parse_query_json(R"({"branchset": [
    {"filter": {"dnf-expr": [
       {"clause": [{"term": {"offset": {"name": "dstport", "value": 80, "datatype": "RULE_S1_16"},
                             "delta": 0, "op": "RULE_EQ"}},
                   {"term": {"offset": {"name": "srcip", "value": "10.0.0.0/8"}, "op": "RULE_EQ"}}]},
       {"clause": [{"term": {"offset": {"name": "prot", "value": "tcp"}, "op": "RULE_NE"}},
                   {"term": {"offset": {"name": "bytes", "value": 18446744073709551615},
                             "delta": 5, "op": "RULE_LE"}}]}]},
     "grouper": {"dnf-expr": [{"clause": [
         {"term": {"offset": {"f1_name": "srcip", "f2_name": "srcip"}, "delta": 0,
                   "op": {"name": "RULE_EQ", "type": "RULE_REL"}}},
         {"term": {"offset": {"f1_name": "etime", "f2_name": "stime"}, "delta": 10,
                   "op": {"name": "RULE_LT", "type": "RULE_REL"}}},
         {"term": {"offset": {"f1_name": "etime", "f2_name": "stime"}, "delta": 10,
                   "op": {"name": "RULE_GE", "type": "RULE_NO"}}}]}],
       "aggregation": {"clause": [
         {"term": {"offset": {"name": "bytes"}, "op": "RULE_SUM"}},
         {"term": {"offset": {"name": "srcport"}, "op": "RULE_UNION"}}]}}},
    {}],
   "merger": {"dnf-expr": [{"clause": [
      {"term": {"offset": {"f1_name": "srcip", "f2_name": "dstip"}, "delta": 0,
                "op": {"name": "RULE_EQ", "type": "RULE_REL"}, "branch1_id": 0, "branch2_id": 1}},
      {"term": {"op": {"name": "RULE_ALLEN_BF", "type": "RULE_REL"}, "delta": 30,
                "branch1_id": 1, "branch2_id": 0}}]}]},
   "ungrouper": {}})",
                                       "q.json");
  EXPECT_EQ(query.branches[0].name, "0");
  EXPECT_EQ(query.branches[0].filter->text,
            R"(dstport = 80 and srcip = 10.0.0.0/8 or prot != "tcp" and )"
            "bytes <= 18446744073709551615 delta 5");
  EXPECT_EQ(query.branches[0].group->terms.text,
            "srcip and last.etime < stime + 10 and first.etime >= stime");
  EXPECT_EQ(query.branches[0].group->aggregates.text,
            "sum(bytes) as bytes, union(srcport) as srcport");
  EXPECT_EQ(query.merge->expr.text, "0.srcip = 1.dstip and 1 before 0 delta 30");
  EXPECT_TRUE(query.ungroup);
}

TEST(QueryJson, AnEmptyTermListKeepsAllAndWarnsInAFilterOnly) {
  const Query query = parse_query_json(R"({"branchset": [
      {"filter": {"dnf-expr": []}, "grouper": {"dnf-expr": []}}], "merger": {"dnf-expr": []}})",
                                       "q.json");
  EXPECT_EQ(query.branches[0].filter->text, "");
  EXPECT_EQ(query.branches[0].group->terms.text, "");
  EXPECT_EQ(query.merge->expr.text, "");
  ASSERT_EQ(query.warnings.size(), 1U);
  EXPECT_EQ(query.warnings[0],
            "q.json: branchset[0].filter.dnf-expr: is empty and keeps "
            "everything (the tool of 2013 dropped everything)");
}

// With one clause only, a flow that agrees with the last agrees with the first.
TEST(QueryJson, EqualityWithTheLastFlowIsAKeyUnlessAnotherClauseLetsFlowsIn) {
  const std::string equal =
      R"({"clause": [{"term": {"offset": {"f1_name": "srcip", "f2_name": "srcip"},
                               "op": {"name": "RULE_EQ", "type": "RULE_REL"}}}]})";
  const auto terms = [](const std::string& clauses) {
    return parse_query_json(R"({"branchset": [{"grouper": {"dnf-expr": [)" + clauses + "]}}]}",
                            "q.json")
        .branches[0]
        .group->terms.text;
  };
  EXPECT_EQ(terms(equal), "srcip");
  EXPECT_EQ(terms(equal + "," + equal), "last.srcip = srcip or last.srcip = srcip");
}

TEST(QueryJson, NamesModules) {
  const std::string branch =
      R"({"branches": {"A": {"group": "srcip or dstip", "modules": ["here", "there"]}}})";
  EXPECT_EQ(parse_query_json(branch, "q.json").branches[0].group->modules,
            (std::vector<std::string>{"here", "there"}));
  EXPECT_EQ(complaint(R"({"branches": {"A": {"modules": []}}})"),
            "q.json: branches.A.modules: stands without a 'group' | "
            "\"group\": \"\" makes one group of all flows");
  EXPECT_EQ(complaint(R"({"branches": {"A": {"group": "", "modules": [7]}}})"),
            "q.json: branches.A.modules[0]: is a number, expected a string");
}

TEST(QueryJson, FormsMayBeMixedStageByStage) {
  const Query query = parse_query_json(R"j({"branchset": [
      {"filter": "dstport = 80", "grouper": {"dnf-expr": []}, "aggregate": "sum(bytes)"}]})j",
                                       "q.json");
  EXPECT_EQ(query.branches[0].group->aggregates.text, "sum(bytes)");
}

TEST(QueryJson, NamesThePlaceOfEveryMistake) {
  EXPECT_EQ(complaint(R"({})"),
            "q.json: 'branches' is missing | a query has \"branches\" (or \"branchset\")");
  EXPECT_EQ(complaint(R"({"branches": {}})"), "q.json: branches: a query has at least one branch");
  EXPECT_EQ(complaint(R"({"branches": {"A": {"fliter": ""}}})"),
            "q.json: branches.A: unknown key 'fliter' | did you mean 'filter'?");
  EXPECT_EQ(complaint(R"({"branches": {"A": {"filter": 7}}})"),
            "q.json: branches.A.filter: is a number, expected an object");
  EXPECT_EQ(complaint(R"({"branches": {"A": {}, "A": {}}})"),
            "q.json: branches: has the key 'A' twice");
  EXPECT_EQ(complaint(R"j({"branches": {"A": {"aggregate": "sum(bytes)"}}})j"),
            "q.json: branches.A.aggregate: stands without a 'group' | "
            "\"group\": \"\" makes one group of all flows");
  EXPECT_EQ(complaint(R"({"branches": {"A": {}}, "emit": "tuples"})"),
            "q.json: emit: stands without a 'merge' | \"merge\": \"\" makes all tuples");
  EXPECT_EQ(complaint(R"({"branches": {"A": {"group": "", "grouper": ""}}})"),
            "q.json: branches.A.grouper: says again what 'group' says");
}

// A query of one filter term.
std::string filter_of(const std::string& term) {
  return R"({"branchset": [{"filter": {"dnf-expr": [{"clause": [{"term": )" + term + "}]}]}}]}";
}

TEST(QueryJson, NamesThePlaceOfMistakesInTerms) {
  EXPECT_EQ(complaint(filter_of(R"({"offset": {"name": "srcport"}, "op": "RULE_EQ"})")),
            "q.json: branchset[0].filter.dnf-expr[0].clause[0].term.offset: 'value' is missing");
  EXPECT_EQ(complaint(filter_of(R"({"offset": {"name": "srcport", "value": 1}, "op": "RULE_EG"})")),
            "q.json: branchset[0].filter.dnf-expr[0].clause[0].term.op: 'RULE_EG' is not known "
            "here | did you mean 'RULE_EQ'?");
  const std::string merge_term =
      R"({"offset": {"f1_name": "a", "f2_name": "b"}, "op": {"name": "RULE_EQ"},)"
      R"( "branch1_id": 0, "branch2_id": 1})";
  EXPECT_EQ(complaint(R"({"branchset": [{}], "merger": {"dnf-expr": [{"clause": [{"term": )" +
                      merge_term + "}]}]}}"),
            "q.json: merger.dnf-expr[0].clause[0].term.branch2_id: there is no branch 1 (the query "
            "has 1, counted from 0)");
}

TEST(QueryJson, SaysWhatIsNoJson) {
  EXPECT_EQ(complaint("{").substr(0, 21), "q.json: is not JSON: ");
  EXPECT_EQ(complaint("").substr(0, 21), "q.json: is not JSON: ");
  EXPECT_EQ(complaint("[]"), "q.json: is a list, expected an object");
}

}  // namespace
}  // namespace nfql
