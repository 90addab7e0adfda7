#include <gtest/gtest.h>

#include <map>
#include <string>

#include "query_support.h"

namespace nfql {
namespace {

// The queries' parts: terms stand in a line of their own.
std::string filter_with(const std::string& terms) {
  return R"({"branchset": [{"filter": {"dnf-expr": [{"clause": [)"
         "\n" +
         terms + "]}]}}]}";
}
std::string grouper_with(const std::string& terms) {
  return R"({"branchset": [{"grouper": {"dnf-expr": [{"clause": [)"
         "\n" +
         terms + "]}]}}]}";
}
std::string aggregation_with(const std::string& terms) {
  return R"({"branchset": [{"grouper": {"dnf-expr": [], "aggregation": {"clause": [)"
         "\n" +
         terms + "]}}}]}";
}
std::string merger_with(const std::string& terms) {
  return R"({"branchset": [{}, {}], "merger": {"dnf-expr": [{"clause": [)"
         "\n" +
         terms + "]}]}}";
}
std::string fields_term(const std::string& first, const std::string& second,
                        const std::string& rest) {
  return R"({"term": {"offset": {"f1_name": ")" + first + R"(", "f2_name": ")" + second + "\"}" +
         rest + "}}";
}
std::string merger_term(const std::string& rule) {
  return fields_term("srcport", "ports",
                     R"(, "op": {"name": ")" + rule + R"("}, "branch1_id": 0, "branch2_id": 1)");
}

TEST(TermForm, ANameThatIsAConditionDoesNotChangeItsClause) {
  const std::string hint =
      " is no name of a field | one name stands here, for example \"srcip\"; a condition is a term "
      "of its own";
  EXPECT_EQ(complaint(filter_with(R"j(
 {"term": {"offset": {"name": "bytes > 3000 or proto", "value": 17}, "op": "RULE_EQ"}},
 {"term": {"offset": {"name": "srcport", "value": 80}, "op": "RULE_EQ"}})j")),
            "q:3:32: branchset[0].filter.dnf-expr[0].clause[0].term.offset.name: "
            "'bytes > 3000 or proto'" +
                hint);
  const std::string op = R"(, "op": {"name": "RULE_EQ"})";
  EXPECT_EQ(complaint(grouper_with(fields_term("srcip", "srcip or dstip", op))),
            "q:2:54: branchset[0].grouper.dnf-expr[0].clause[0].term.offset.f2_name: "
            "'srcip or dstip'" +
                hint);
  EXPECT_EQ(
      complaint(merger_with(fields_term("srcip = 1.srcip or 0.x", "y",
                                        op + R"(, "branch1_id": 0, "branch2_id": 1)"))),
      "q:2:34: merger.dnf-expr[0].clause[0].term.offset.f1_name: 'srcip = 1.srcip or 0.x'" + hint);
  EXPECT_EQ(complaint(aggregation_with(
                R"j({"term": {"offset": {"name": "bytes), max(bytes"}, "op": "RULE_SUM"}})j")),
            "q:2:31: branchset[0].grouper.aggregation.clause[0].term.offset.name: "
            "'bytes), max(bytes'" +
                hint);
}

TEST(TermForm, ANameIsOneWordThatStandsForNothingElse) {
  for (const std::string name :
       {"", " ", "srcip ", "#", "80", "10.0.0.1", "A.srcip", "g1.bytes", "srcip, dstip", "not",
        "any", "IN", "notin", "or", "and", "(srcip)", "src\\u0020ip", "bytes + 5", "\\\""}) {
    const std::string term =
        R"({"term": {"offset": {"name": ")" + name + R"(", "value": 17}, "op": "RULE_EQ"}})";
    EXPECT_NE(complaint(filter_with(term)).find(" is no name of a field"), std::string::npos)
        << name;
  }
  for (const std::string name : {"srcip", "flowStartMilliseconds", "_x", "tcp_flags", "in2"}) {
    const std::string term =
        R"({"term": {"offset": {"name": ")" + name + R"(", "value": 17}, "op": "RULE_EQ"}})";
    EXPECT_EQ(query_of(filter_with(term)).branches[0].filter->text, name + " = 17");
  }
}

TEST(TermForm, KnowsAllAggregatesByName) {
  const std::map<std::string, std::string> functions = {
      {"RULE_STATIC", "static"}, {"RULE_COUNT", "count"},   {"RULE_UNION", "union"},
      {"RULE_MIN", "min"},       {"RULE_MAX", "max"},       {"RULE_MEDIAN", "median"},
      {"RULE_MEAN", "mean"},     {"RULE_STDDEV", "stddev"}, {"RULE_XOR", "xor"},
      {"RULE_SUM", "sum"},       {"RULE_PROD", "prod"},     {"RULE_AND", "and"},
      {"RULE_OR", "or"}};
  for (const auto& [rule, function] : functions) {
    const std::string query = aggregation_with(
        R"({"term": {"offset": {"name": "bytes", "datatype": "RULE_S1_64"}, "op": ")" + rule +
        "\"}}");
    const Query read = query_of(query);
    EXPECT_EQ(read.branches[0].group->aggregates.text, function + "(bytes) as bytes");
    EXPECT_EQ(read.branches[0].group->items.at(0).function, function);
  }
}

TEST(TermForm, KnowsAllComparisonsByName) {
  const std::map<std::string, std::string> operators = {{"RULE_EQ", "="},  {"RULE_NE", "!="},
                                                        {"RULE_GT", ">"},  {"RULE_LT", "<"},
                                                        {"RULE_LE", "<="}, {"RULE_GE", ">="}};
  for (const auto& [rule, op] : operators) {
    const std::string filter =
        R"({"term": {"offset": {"name": "bytes", "value": 7}, "op": ")" + rule + "\"}}";
    EXPECT_EQ(query_of(filter_with(filter)).branches[0].filter->text, "bytes " + op + " 7");
    EXPECT_EQ(query_of(merger_with(merger_term(rule))).merge->expr.text,
              "0.srcport " + op + " 1.ports");
    const std::string grouper =
        fields_term("end", "start", R"(, "op": {"name": ")" + rule + R"(", "type": "RULE_REL"})");
    EXPECT_EQ(query_of(grouper_with(grouper)).branches[0].group->terms.text,
              "last.end " + op + " start");
  }
}

TEST(TermForm, KnowsMembershipAndAllRelationsInTimeByName) {
  EXPECT_EQ(query_of(merger_with(merger_term("RULE_IN"))).merge->expr.text, "0.srcport in 1.ports");
  const std::map<std::string, std::string> relations = {
      {"BF", "before"},  {"AF", "after"},         {"M", "meets"},    {"MI", "met-by"},
      {"O", "overlaps"}, {"OI", "overlapped-by"}, {"S", "starts"},   {"SI", "started-by"},
      {"D", "during"},   {"DI", "contains"},      {"F", "finishes"}, {"FI", "finished-by"},
      {"EQ", "equals"}};
  for (const auto& [rule, relation] : relations) {
    EXPECT_EQ(query_of(merger_with(merger_term("RULE_ALLEN_" + rule))).merge->expr.text,
              "0 " + relation + " 1");
  }
}

}  // namespace
}  // namespace nfql
