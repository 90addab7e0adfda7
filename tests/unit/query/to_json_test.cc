#include <gtest/gtest.h>

#include <string>

#include "common/expr/print.h"
#include "query_support.h"

namespace nfql {
namespace {

TEST(ToJson, PrintsWhatTheQueryHas) {
  EXPECT_EQ(to_json(query_of(R"(splitter S {}
filter f { srcport = 80  proto = "tcp" }
grouper g { module a { srcip } module b { dstip } aggregate sum(bytes) order input no members }
groupfilter gf { count > 1 }
merger M { module m { branches B, A A.srcip = B.srcip } module x { A before B } export m emit collection }
ungrouper U { flat }
"t.ft" -> S S branch A -> f -> g -> gf -> M S branch B -> M -> U -> "out.csv")")),
            R"j({
  "input": ["t.ft"],
  "branches": {
    "B": {},
    "A": {
      "filter": "srcport = 80 and proto = \"tcp\"",
      "group": "srcip or dstip",
      "modules": ["a", "b"],
      "aggregate": "sum(bytes)",
      "order": "input",
      "members": false,
      "gfilter": "count > 1"
    }
  },
  "merge": "A.srcip = B.srcip",
  "except": ["A before B"],
  "emit": "collection",
  "ungroup": { "flat": true },
  "output": "out.csv"
}
)j");
}

std::string dump(const ExpressionText& text) {
  return text.text + " = " + to_text(text.expr) + "\n";
}

// All that a query says, with the trees of its expressions.
std::string dump(const Query& query) {
  std::string all = fmt::format("{} -> {}, limit {}\n", fmt::join(input_names(query), ","),
                                query.output.name, query.limit.value_or(0));
  for (const BranchQuery& branch : query.branches) {
    all += fmt::format("branch {} -> {}\n", branch.name, branch.output.name);
    all += branch.filter ? dump(*branch.filter) : "no filter\n";
    if (branch.group) {
      all += dump(branch.group->terms);
      for (const AggregateItem& item : branch.group->items) {
        all += to_text(item) + "; ";
      }
      all += fmt::format("{} {} {}\n", fmt::join(branch.group->modules, ","), branch.group->members,
                         branch.group->input_order);
    }
    all += branch.gfilter ? dump(*branch.gfilter) : "no gfilter\n";
  }
  if (query.merge) {
    all += dump(query.merge->expr) + fmt::format("collection {}\n", query.merge->collection);
    for (const ExpressionText& except : query.merge->except) {
      all += "except " + dump(except);
    }
  }
  return all + (query.ungroup ? fmt::format("flat {}\n", query.ungroup->flat) : "no ungroup\n");
}

class RoundTrip : public testing::TestWithParam<std::string> {};

TEST_P(RoundTrip, GivesTheSameQuery) {
  const Query query = query_of(GetParam());
  const std::string json = to_json(query);
  const Query again = query_of(json);
  EXPECT_EQ(dump(again), dump(query));
  EXPECT_EQ(to_json(again), json);
}

INSTANTIATE_TEST_SUITE_P(
    ToJson, RoundTrip,
    testing::Values(
        R"({"branches": {"A": {}}})", R"({"branches": {"A": {"filter": "", "group": ""}}})",
        R"j({"branches": {"_a1": {"filter": "srcip in @\"x y\" # ü\n and proto = \"t\\\"p\"",
            "group": "srcip, prefix(dstip, 24) as net or dstip", "modules": ["m", "n"],
            "aggregate": "sum(bytes) as b, m.count, quantile(bytes, 0.9)", "order": "input",
            "members": false, "gfilter": "b > 5k", "output": "ä.csv"}, "B": {}},
            "merge": "B before B", "except": ["B.srcip = B.dstip", ""], "emit": "collection",
            "limit": 18446744073709551615, "input": ["-", "b"], "output": "-"})j",
        R"({"branchset": [{"filter": {"dnf-expr": [{"clause": [
            {"term": {"offset": {"name": "srcport", "value": 7}, "op": "RULE_LE", "delta": 3}},
            {"term": {"offset": {"name": "prot", "value": "a\"b\\c"}, "op": "RULE_NE"}}]}]},
            "grouper": {"dnf-expr": [], "aggregation": {"clause": [
              {"term": {"offset": {"name": "bytes"}, "op": "RULE_SUM"}}]}}}, {}],
            "merger": {"dnf-expr": [{"clause": [{"term": {"branch1_id": 0, "branch2_id": 1,
              "op": {"name": "RULE_ALLEN_M"}, "delta": 10}}]}]}, "ungrouper": {"flat": true}})",
        R"(splitter S {} filter f { srcip in @"a b" dstip notin {10.0.0.0/8}  # comment
            proto = "x\"y" OR
            f2 } filter f2 { NOT dstport = 1..5 }
            grouper g { module m { srcip  etime < stime rdelta 1s } aggregate m.sum(bytes) as n }
            S branch A -> f -> g -> "a.csv"  S branch B -> f2 -> "b.csv")"));

}  // namespace
}  // namespace nfql
