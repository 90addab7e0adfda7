#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "query_support.h"

namespace nfql {
namespace {

TEST(QueryJson, ReadsTheExpressionForm) {
  const Query query = query_of(R"({
    "branches": {
      "req": {"filter": "dstport = 80", "group": "srcip, dstip",
              "aggregate": "sum(bytes) as total", "gfilter": "total > 1k"},
      "all": {}},
    "merge": "req.srcip = all.dstip", "except": ["req before all", "all.count > 9"], "emit": "collection",
    "ungroup": {"flat": true}, "limit": 7})");
  ASSERT_EQ(query.branches.size(), 2U);
  EXPECT_EQ(query.branches[0].name, "req");
  EXPECT_EQ(query.branches[0].filter->text, "dstport = 80");
  EXPECT_EQ(query.branches[0].group->terms.text, "srcip, dstip");
  EXPECT_EQ(query.branches[0].group->items.at(0).alias, "total");
  EXPECT_EQ(query.branches[0].gfilter->text, "total > 1k");
  EXPECT_FALSE(query.branches[1].filter || query.branches[1].group || query.branches[1].gfilter);
  EXPECT_EQ(query.merge->expr.text, "req.srcip = all.dstip");
  ASSERT_EQ(query.merge->except.size(), 2U);
  EXPECT_EQ(query.merge->except[1].what, "except[1]");
  EXPECT_EQ(query.merge->except[1].text, "all.count > 9");
  EXPECT_TRUE(query.merge->collection);
  EXPECT_TRUE(query.ungroup->flat);
  EXPECT_EQ(query.limit, 7U);
}

TEST(QueryJson, TellsTheTermFormAsExpressions) {
  const Query query = query_of(R"({"branchset": [
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
   "ungrouper": {}})");
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
  const std::string text = R"({"branchset": [
      {"filter": {"dnf-expr": []}, "grouper": {"dnf-expr": []}}], "merger": {"dnf-expr": []}})";
  const Query query = query_of(text);
  EXPECT_EQ(query.branches[0].filter->text, "");
  EXPECT_EQ(query.branches[0].group->terms.text, "");
  EXPECT_EQ(query.merge->expr.text, "");
  EXPECT_EQ(warnings(text),
            std::vector<std::string>{"q:2:31: branchset[0].filter.dnf-expr: is empty and keeps "
                                     "everything (the tool of 2013 dropped everything)"});
}

// With one clause only, a flow that agrees with the last agrees with the first.
TEST(QueryJson, EqualityWithTheLastFlowIsAKeyUnlessAnotherClauseLetsFlowsIn) {
  const std::string equal =
      R"({"clause": [{"term": {"offset": {"f1_name": "srcip", "f2_name": "srcip"},
                               "op": {"name": "RULE_EQ", "type": "RULE_REL"}}}]})";
  const auto terms = [](const std::string& clauses) {
    return query_of(R"({"branchset": [{"grouper": {"dnf-expr": [)" + clauses + "]}}]}")
        .branches[0]
        .group->terms.text;
  };
  EXPECT_EQ(terms(equal), "srcip");
  EXPECT_EQ(terms(equal + "," + equal), "last.srcip = srcip or last.srcip = srcip");
}

TEST(QueryJson, NamesModules) {
  const std::string branch =
      R"({"branches": {"A": {"group": "srcip or dstip", "modules": ["here", "there"]}}})";
  EXPECT_EQ(query_of(branch).branches[0].group->modules,
            (std::vector<std::string>{"here", "there"}));
  EXPECT_EQ(complaint(R"({"branches": {"A": {"modules": ["a"]}}})"),
            "q:1:32: branches.A.modules: stands without a 'group' | "
            "\"group\": \"\" makes one group of all flows");
  EXPECT_EQ(complaint(R"({"branches": {"A": {"group": "", "modules": [7]}}})"),
            "q:1:46: branches.A.modules[0]: is a number, expected a string");
}

TEST(QueryJson, FormsMayBeMixedStageByStage) {
  const Query query = query_of(R"j({"branchset": [
      {"filter": "dstport = 80", "grouper": {"dnf-expr": []}, "aggregate": "sum(bytes)"}]})j");
  EXPECT_EQ(query.branches[0].group->aggregates.text, "sum(bytes)");
}

TEST(QueryJson, ReadsModulesExclusionAndFiles) {
  const Query query = query_of(R"j({
    "input": "a.ft", "output": "out.csv",
    "branches": {"A": {"group": "srcip or dstip", "modules": ["from", "to"], "order": "input",
                       "members": false, "output": "a.csv"}, "B": {}},
    "merge": "", "except": ["A.srcip = B.srcip", "A before B"]})j");
  EXPECT_EQ(input_names(query), std::vector<std::string>{"a.ft"});
  EXPECT_EQ(query.output.name, "out.csv");
  EXPECT_EQ(query.branches[0].group->modules, (std::vector<std::string>{"from", "to"}));
  EXPECT_TRUE(query.branches[0].group->input_order);
  EXPECT_FALSE(query.branches[0].group->members);
  EXPECT_EQ(query.branches[0].output.name, "a.csv");
  ASSERT_EQ(query.merge->except.size(), 2U);
  EXPECT_EQ(query.merge->except[1].text, "A before B");
  EXPECT_EQ(input_names(query_of(R"({"input": ["a", "b"], "branches": {"A": {}}})")),
            (std::vector<std::string>{"a", "b"}));
}

TEST(QueryJson, NamesThePlaceOfEveryMistake) {
  EXPECT_EQ(complaint(R"({})"),
            "q:1:1: 'branches' is missing | a query has \"branches\" (or \"branchset\")");
  EXPECT_EQ(complaint(R"({"branches": {}})"), "q:1:14: branches: a query has at least one branch");
  EXPECT_EQ(complaint(R"({"branches": {"A": {"fliter": ""}}})"),
            "q:1:22: branches.A: unknown key 'fliter' | did you mean 'filter'?");
  EXPECT_EQ(complaint(R"({"branches": {"A": {"filter": 7}}})"),
            "q:1:31: branches.A.filter: is a number, expected a string");
  EXPECT_EQ(complaint(R"({"branches": {"A": {"filter": -7.5}}})"),
            "q:1:31: branches.A.filter: is a number, expected a string");
  EXPECT_EQ(complaint(R"({"branches": {"A": {}, "A": {}}})"),
            "q:1:25: branches: has the key 'A' twice");
  EXPECT_EQ(complaint(R"({"branches": {"A": {}, "a": {}}})"),
            "q:1:25: branches: there is a branch 'A' already | "
            "names of branches differ in more than case");
  EXPECT_EQ(complaint(R"j({"branches": {"A": {"aggregate": "sum(bytes)"}}})j"),
            "q:1:35: branches.A.aggregate: stands without a 'group' | "
            "\"group\": \"\" makes one group of all flows");
  EXPECT_EQ(complaint(R"({"branches": {"a b": {}}})"),
            "q:1:16: branches: 'a b' is no name of a branch | letters, digits and '_' are");
  EXPECT_EQ(complaint(R"({"branches": {"A": {}}, "emit": "tuples"})"),
            "q:1:34: emit: stands without a 'merge' | \"merge\": \"\" makes all tuples");
  EXPECT_EQ(complaint(R"({"branches": {"A": {"group": "", "grouper": ""}}})"),
            "q:1:46: branches.A.grouper: says again what 'group' says");
}

TEST(QueryJson, TellsAllMistakesInTheirOrder) {
  EXPECT_EQ(complaints(R"j({"branches": {
  "A": {"filter": "srcport = = 1", "gruop": "", "gfilter": "count >"},
  "B": {"group": "srcip dstip", "aggregate": "sum(bytes", "order": "up", "members": 1}},
 "merge": "A.x < ", "except": ["A x B", "A before"], "emit": "pairs",
 "ungroup": {"flat": "yes"}, "limit": -1, "output": 7})j"),
            (std::vector<std::string>{
                "q:2:29: branches.A.filter: expected a value after '='",
                "q:2:37: branches.A: unknown key 'gruop' | did you mean 'group'?",
                "q:2:68: branches.A.gfilter: expected a value after '>'",
                "q:3:25: branches.B.group: expected 'and' or 'or' before 'dstip' | commas separate "
                "terms: 'srcip, dstip'",
                "q:3:50: branches.B.aggregate: missing ')' for this '('",
                "q:3:69: branches.B.order: 'up' is no order | \"time\" or \"input\"",
                "q:3:85: branches.B.members: is a number, expected true or false",
                "q:4:17: merge: expected a value after '<'",
                "q:4:34: except[0]: expected a comparison after 'A'",
                "q:4:50: except[1]: expected a branch after 'before'",
                "q:4:63: emit: 'pairs' cannot be emitted | \"tuples\" or \"collection\"",
                "q:5:23: ungroup.flat: is a string, expected true or false",
                "q:5:39: limit: is -1, expected a whole number from 0 on",
                "q:5:53: output: is a number, expected a string"}));
}

// The message about a filter, whose JSON string is `literal`, and the lines shown with it.
std::string shown_for(const std::string& literal) {
  const QuerySource source{"q", "{\"branches\": {\"A\": {\"filter\":\n" + literal + "}}}"};
  Problems problems(source);
  static_cast<void>(parse_query(source, problems));
  try {
    problems.throw_if_any();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(QueryJson, PlacesInStringsAreThoseOfTheFile) {
  EXPECT_EQ(shown_for(R"("srcport == == 1")"),
            "q:2:12: branches.A.filter: expected a value after '=='\n"
            "  \"srcport == == 1\"}}}\n"
            "             ^");
  // \" is one character of the expression and two of the file, é six and two, 😀 twelve and four.
  EXPECT_EQ(shown_for(R"("proto = \"t\\\"\u0041\u00e9\ud83d\ude00\/\n\" @@")").substr(0, 7),
            "q:2:48:");
  EXPECT_EQ(shown_for(R"("\u0073rcport = 1 foo")").substr(0, 7), "q:2:19:");
  EXPECT_EQ(shown_for("\"proto = \\\"é\\\" foo\"").substr(0, 7), "q:2:16:");
  EXPECT_EQ(shown_for(R"("\tsrcport =\n\n 1\n foo")").substr(0, 7), "q:2:22:");
}

// A query of one filter term.
std::string query_of_term(const std::string& term) {
  return R"({"branchset": [{"filter": {"dnf-expr": [{"clause": [{"term":)"
         "\n" +
         term + "}]}]}}]}";
}

TEST(QueryJson, NamesThePlaceOfMistakesInTerms) {
  EXPECT_EQ(complaint(query_of_term(R"({"offset": {"name": "srcport"}, "op": "RULE_EQ"})")),
            "q:2:12: branchset[0].filter.dnf-expr[0].clause[0].term.offset: 'value' is missing");
  EXPECT_EQ(
      complaint(query_of_term(R"({"offset": {"name": "srcport", "value": 1}, "op": "RULE_EG"})")),
      "q:2:52: branchset[0].filter.dnf-expr[0].clause[0].term.op: 'RULE_EG' is not known "
      "here | did you mean 'RULE_EQ'?");
  EXPECT_EQ(
      complaint(query_of_term(R"({"offset": {"name": "src port", "value": 1}, "op": "RULE_EQ"})")),
      "q:2:22: branchset[0].filter.dnf-expr[0].clause[0].term.offset.name: 'src port' is no name "
      "of a field | one name stands here, for example \"srcip\"; a condition is a term of its own");
  EXPECT_EQ(complaint(query_of_term(R"({"offset": {"name": "x", "value": -1}, "op": "RULE_EQ"})")),
            "q:2:35: branchset[0].filter.dnf-expr[0].clause[0].term.offset.value: is -1, "
            "expected a whole number from 0 on");
  const std::string merge_term =
      R"({"offset": {"f1_name": "a", "f2_name": "b"}, "op": {"name": "RULE_EQ"},)"
      R"( "branch1_id": 0, "branch2_id": 1})";
  EXPECT_EQ(complaint(R"({"branchset": [{}], "merger": {"dnf-expr": [{"clause": [{"term":)"
                      "\n" +
                      merge_term + "}]}]}}"),
            "q:2:104: merger.dnf-expr[0].clause[0].term.branch2_id: there is no branch 1 (the "
            "query has 1, counted from 0)");
}

TEST(QueryJson, GoesOnBehindATermThatIsWrong) {
  EXPECT_EQ(complaints(R"({"branchset": [{"filter": {"dnf-expr": [{"clause": [
 {"term": {"offset": {"name": "srcport", "value": 1}, "op": "RULE"}},
 {"term": {"offset": {"name": "srcport", "value": 1}, "op": "RULE_EQ", "delat": 1}},
 {"term": {"op": "RULE_EQ"}}]}]}}]})")
                .size(),
            3U);
}

TEST(QueryJson, SaysWhereItIsNoJson) {
  const std::string structure =
      "is not JSON here: The JSON document has an improper structure: missing or superfluous "
      "commas, braces, missing keys, etc.";
  EXPECT_EQ(complaint("{"), "q:1:2: " + structure +
                                " | the text ends here: is a bracket, brace or quote not closed?");
  EXPECT_EQ(complaint("{\"a\": 1\n\"b\": 2}"), "q:2:1: " + structure);
  EXPECT_EQ(complaint("{\"a\": \"x\n}").substr(0, 25), "q:1:9: is not JSON here: ");
  EXPECT_EQ(complaint("[]"), "q:1:1: is a list, expected an object");
  EXPECT_EQ(complaint(" \n"), "q: is empty, and no query | see nfql-query(5) for how to write one");
}

TEST(QueryJson, NumbersThatAreNone) {
  EXPECT_EQ(complaint(R"({"branches": {"A": {}}, "limit": -1})"),
            "q:1:34: limit: is -1, expected a whole number from 0 on");
  EXPECT_EQ(complaint(R"({"branches": {"A": {}}, "limit": 1.5})"),
            "q:1:34: limit: is 1.5, expected a whole number from 0 on");
  EXPECT_EQ(complaint(R"({"x": "99999999999999999999", "limit": 18446744073709551616})"),
            "q:1:40: the number is too large: at most 18446744073709551615");
}

TEST(QueryJson, TextThatIsCut) {
  const std::string hint = " | the text ends here: is a bracket, brace or quote not closed?";
  EXPECT_THAT(complaint("{\"branches\": {\"A\": {},\n\n"), testing::StartsWith("q:1:23: is not"));
  EXPECT_THAT(complaint("{\"branches\": {\"A\": {},\n\n"), testing::EndsWith(hint));
  EXPECT_THAT(complaint("{\"branches\": {\"A"), testing::EndsWith(hint));
}

TEST(QueryJson, NamesOfModules) {
  const std::string before = R"({"branches": {"A": {"group": "srcip or dstip", "modules": )";
  EXPECT_EQ(
      complaint(before + R"(["a", "A"]}}})"),
      "q:1:66: branches.A.modules[1]: there is a module 'A' already | names of modules differ "
      "in more than case");
  EXPECT_EQ(complaint(before + R"(["a", "b c"]}}})"),
            "q:1:66: branches.A.modules[1]: 'b c' is no name of a module | letters, digits and '_' "
            "are");
  EXPECT_EQ(
      complaint(before + R"(["a"]}}})"),
      "q:1:59: branches.A.modules: the terms have 2 modules, but this names 1 | a module is a "
      "list of terms, and 'or' stands between lists");
  EXPECT_EQ(complaint(R"({"branches": {"A": {"group": "srcip or", "modules": ["a", "b"]}}})"),
            "q:1:39: branches.A.group: expected a term after 'or'");
}

TEST(QueryJson, EmptyListsNeedNothing) {
  EXPECT_TRUE(complaints(R"({"branches": {"A": {"modules": []}}, "except": []})").empty());
}

}  // namespace
}  // namespace nfql
