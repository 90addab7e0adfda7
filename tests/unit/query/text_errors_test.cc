#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "query_support.h"

namespace nfql {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

TEST(TextErrors, Stages) {
  EXPECT_EQ(complaint("filter f { srcport = }"), "q:1:21: expected a value after '='");
  EXPECT_EQ(complaint("filter { srcport = 1 }"), "q:1:7: expected a name after 'filter'");
  EXPECT_EQ(complaint("filter f srcport = 1"), "q:1:9: expected '{' after 'f'");
  EXPECT_EQ(complaint("fliter f { srcport = 1 }"),
            "q:1:1: 'fliter' is no kind of stage | did you mean 'filter'?");
  EXPECT_EQ(complaint("x f { srcport = 1 }"),
            "q:1:1: 'x' is no kind of stage | there are splitter, filter, grouper, groupfilter, "
            "merger, ungrouper");
  EXPECT_EQ(complaint("splitter S { x }"), "q:1:14: expected '}' before 'x'");
  EXPECT_EQ(complaint("ungrouper U { x }"), "q:1:15: expected 'flat' or '}' before 'x'");
  EXPECT_EQ(complaint("filter f { srcport = 1; dstport = 2 }"),
            "q:1:23: expected a rule or '}' before ';'");
  EXPECT_EQ(complaint("filter f { dstport 80 }"), "q:1:19: expected a comparison after 'dstport'");
  EXPECT_EQ(complaint("filter reqs { any } filter f { res OR reqs }"),
            "q:1:32: no filter is named 'res', and no comparison follows | did you mean 'reqs'?");
  EXPECT_EQ(complaint("filter f { srcport << 3 }"), "q:1:20: operator '<<' is not supported");
  EXPECT_EQ(complaint("filter f { srcip = 00:11:22:33:44:55 }"),
            "q:1:20: MAC literals such as '00:11:22:33:44:55' are not supported");
  EXPECT_EQ(complaint("; filter f {}").substr(0, 51),
            "q:1:1: expected a stage or a chain before ';' | a s");
}

TEST(TextErrors, Braces) {
  EXPECT_EQ(complaint("filter f { srcport = 1"), "q:1:10: missing '}' for this '{'");
  EXPECT_EQ(complaint("grouper g { module m { srcip }"), "q:1:11: missing '}' for this '{'");
  EXPECT_EQ(complaint("grouper g { module m { srcip"), "q:1:22: missing '}' for this '{'");
  EXPECT_THAT(
      complaints("filter f {\nsrcport = 1\nfilter g { dstport = }"),
      ElementsAre("q:1:10: missing '}' for this '{'", "q:3:21: expected a value after '='"));
  EXPECT_EQ(complaint("filter f { proto = \"tcp }"), "q:1:20: string without a closing quote");
}

TEST(TextErrors, GroupersAndMergers) {
  EXPECT_EQ(complaint("grouper g { module { srcip } }"), "q:1:19: expected a name after 'module'");
  EXPECT_EQ(
      complaint("grouper g { module m { srcip aggregate count } }"),
      "q:1:30: an aggregate clause does not stand in a module | it is of all modules: write it "
      "behind them");
  EXPECT_EQ(complaint("grouper g { srcip aggregate sum(bytes), }"),
            "q:1:40: aggregate: expected an aggregate after ','");
  EXPECT_EQ(complaint("merger M { emit pairs }"),
            "q:1:17: 'pairs' cannot be emitted (tuples or collection can)");
  EXPECT_EQ(complaint("merger M { module m { branches A, } }"),
            "q:1:34: expected a branch after ','");
  EXPECT_EQ(complaint("merger M { export m, }"), "q:1:21: expected a module after ','");
}

TEST(TextErrors, Chains) {
  EXPECT_EQ(complaint("splitter S {}\nS"), "q:2:2: expected '->' or 'branch' after 'S'");
  EXPECT_EQ(complaint("splitter S {}\nS branch A -> "),
            "q:2:14: expected a stage or a file after '->'");
  EXPECT_EQ(complaint("splitter S {} filter a {}\nS branch A  a -> \"-\""),
            "q:2:11: expected '->' after 'A'");
  EXPECT_EQ(complaint("splitter S {}\nS branch A -> \"x"), "q:2:15: file without a closing quote");
}

// The complaints about chains that run through stages of all kinds.
std::vector<std::string> chain_complaints(const std::string& chains) {
  return complaints(
      "splitter S {} filter f {} grouper g {} groupfilter gf {} merger M {} ungrouper U {}\n" +
      chains);
}

TEST(TextErrors, NamesInChains) {
  EXPECT_THAT(chain_complaints("S branch A -> g -> gff -> \"-\""),
              ElementsAre("q:2:20: no stage is named 'gff' | did you mean 'gf'?"));
  EXPECT_THAT(chain_complaints("S branch A -> x -> y -> M\nS branch B -> zz -> M M -> \"-\""),
              SizeIs(3));
  EXPECT_THAT(
      chain_complaints("S branch A -> M  S branch a -> M M -> \"-\""),
      ElementsAre("q:2:27: there is a branch 'A' already | names of branches differ in more "
                  "than case"));
  EXPECT_THAT(chain_complaints("f branch A -> \"-\""),
              ElementsAre("q:2:1: the filter 'f' has no branches | only the splitter has: S branch "
                          "NAME -> ..."));
  EXPECT_THAT(
      chain_complaints("S -> f -> \"-\""),
      ElementsAre("q:2:1: expected 'branch NAME' behind the splitter | write S branch A -> f"));
  EXPECT_THAT(
      chain_complaints("\"t\" -> f -> \"-\""),
      ElementsAre("q:2:8: flows go from a file to a splitter | write \"t\" -> S and S branch "
                  "A -> f"));
  EXPECT_THAT(
      complaints("splitter S {}\nfilter S {}\nS branch A -> \"-\""),
      ElementsAre("q:2:8: 'S' is the name of the splitter in line 1 already | stages of all "
                  "kinds share their names: choose another"));
}

TEST(TextErrors, OneSplitter) {
  EXPECT_THAT(chain_complaints("splitter T {} \"x\" -> T S branch A -> \"a\" T branch B -> \"b\""),
              ElementsAre("q:2:24: a query has one splitter | the other is 'T'"));
}

TEST(TextErrors, AnUnknownNameHidesNoOtherMistake) {
  const std::string nowhere =
      "ends nowhere | end it with a merger, an ungrouper or a file (\"-\" is standard output)";
  EXPECT_THAT(chain_complaints("S branch A -> zz -> \"-\" S branch B -> f  g -> \"x\""),
              ElementsAre("q:2:15: no stage is named 'zz' | the stages are f, g, gf, M, S, U",
                          "q:2:39: the branch 'B' " + nowhere));
  // The unknown name is where the branch might have gone on.
  EXPECT_THAT(chain_complaints("S branch A -> f -> gff"), SizeIs(1));
  EXPECT_THAT(chain_complaints("S branch A -> gf  gff -> \"-\""), SizeIs(1));
  EXPECT_THAT(chain_complaints("S branch A -> f  f -> zz -> \"-\""), SizeIs(1));
  EXPECT_THAT(chain_complaints("S branch A -> gff  gf -> \"-\""), SizeIs(1));
  EXPECT_THAT(chain_complaints("SS branch A -> M  M -> \"-\""), SizeIs(1));
}

TEST(TextErrors, OrderOfStages) {
  const std::string order =
      " | the order is: filters, grouper, groupfilters, merger, ungrouper, file";
  EXPECT_THAT(chain_complaints("S branch A -> g -> f -> \"-\""),
              ElementsAre("q:2:20: the filter 'f' cannot come behind the grouper 'g'" + order));
  EXPECT_THAT(chain_complaints("S branch A -> g -> g -> \"-\""),
              ElementsAre("q:2:20: the grouper 'g' cannot come behind the grouper 'g'" + order));
  EXPECT_THAT(chain_complaints("S branch A -> \"x\" -> f -> \"-\""),
              ElementsAre("q:2:22: the filter 'f' cannot come behind the file 'x'" + order));
  EXPECT_THAT(chain_complaints("S branch A -> f -> S"),
              ElementsAre("q:2:20: the splitter 'S' cannot come behind the filter 'f'" + order));
  EXPECT_THAT(chain_complaints("S branch A -> f  f -> f"),
              ElementsAre("q:2:23: the chains go in a circle here"));
}

TEST(TextErrors, Ends) {
  EXPECT_THAT(
      chain_complaints("S branch A -> f -> g"),
      ElementsAre("q:2:20: the branch 'A' ends nowhere | end it with a merger, an ungrouper "
                  "or a file (\"-\" is standard output)"));
  EXPECT_THAT(chain_complaints("S branch A -> M S branch B -> f -> \"b.csv\""),
              ElementsAre("q:2:36: the branch 'B' ends nowhere: it does not go to the merger 'M' | "
                          "write -> M at its end"));
  EXPECT_THAT(
      chain_complaints("S branch A -> U S branch B -> \"b.csv\""),
      ElementsAre("q:2:15: several branches are ungrouped without a merger | ungroup behind "
                  "a merger, or one branch a query"));
  EXPECT_THAT(chain_complaints("M -> \"-\""),
              ElementsAre("q:2:6: no branch comes to the merger 'M' before this | a branch begins "
                          "with: S branch NAME -> ..."));
  EXPECT_THAT(chain_complaints("S branch A -> f -> \"-\"  f -> g"),
              ElementsAre("q:2:30: no branch comes to the filter 'f' before this | a branch begins "
                          "with: S branch NAME -> ..."));
  EXPECT_THAT(chain_complaints("S branch A -> M -> \"a\"  S branch B -> M -> \"b\""),
              ElementsAre("q:2:44: the merger 'M' leads somewhere else already | only the splitter "
                          "leads to several stages"));
  EXPECT_THAT(chain_complaints(""),
              ElementsAre("the query has no branch | write a chain such as: S branch A -> req -> g "
                          "-> \"out.csv\""));
}

TEST(TextErrors, Composites) {
  const std::string chain = "\nsplitter S {} S branch A -> f -> \"-\"";
  EXPECT_EQ(complaint("filter f { f }" + chain),
            "q:1:8: the filter 'f' is made of itself | it would have no end: break the circle of "
            "names");
  EXPECT_EQ(complaint("filter g { f } filter f { g }" + chain).substr(0, 45),
            "q:1:23: the filter 'f' is made of itself | it");
  std::string doubling = "filter f0 { srcport = 1 }\n";
  for (int i = 1; i < 25; ++i) {
    doubling += fmt::format("filter f{0} {{ f{1} f{1} }}\n", i, i - 1);
  }
  EXPECT_THAT(complaint(doubling + "splitter S {} S branch A -> f24 -> \"-\""),
              testing::HasSubstr("is too long when written out"));
  std::string deep = "filter f0 { srcport = 1 }\n";
  for (int i = 1; i < 5000; ++i) {
    deep += fmt::format("filter f{0} {{ f{1} }}\n", i, i - 1);
  }
  EXPECT_THAT(complaint(deep + "splitter S {} S branch A -> f4999 -> \"-\""),
              testing::HasSubstr("is made of too many others"));
}

std::vector<std::string> merge_complaints(const std::string& body) {
  return complaints("merger M {\n" + body +
                    "}\nsplitter S {} S branch A -> M S branch B -> M S branch CC -> M M -> \"-\"");
}

TEST(TextErrors, BranchesOfModules) {
  EXPECT_THAT(merge_complaints("module m { branches A, B A.srcip = CC.srcip } export m"),
              ElementsAre("q:2:36: the branch 'CC' is not among the branches of the module 'm' | "
                          "write: branches A, B, CC"));
  EXPECT_THAT(
      merge_complaints("module m { branches A, B A m B delta 5s or A o CC delta 5s } export m"),
      ElementsAre("q:2:48: the branch 'CC' is not among the branches of the module 'm' | "
                  "write: branches A, B, CC"));
  EXPECT_THAT(
      merge_complaints("module m { branches A, CCC, A, X A.srcip = Y.sum(bytes) } export m"),
      ElementsAre("q:2:24: no branch 'CCC' comes to the merger 'M' | did you mean 'CC'?",
                  "q:2:29: the branch 'A' is named twice",
                  "q:2:32: no branch 'X' comes to the merger 'M' | those that do are A, B, CC",
                  "q:2:44: no branch 'Y' comes to the merger 'M' | those that do are A, B, "
                  "CC"));
}

TEST(TextErrors, Exports) {
  EXPECT_THAT(
      merge_complaints("module m1 { branches A, B A m B } module m2 { branches A, CC A m CC }"),
      ElementsAre("q:1:8: the merger 'M' has several modules and exports none | say which "
                  "one's matches come out: export NAME"));
  EXPECT_THAT(merge_complaints("module m1 { branches A, B A m B } export m2"),
              ElementsAre("q:2:42: there is no module 'm2' to export | did you mean 'm1'?"));
  EXPECT_THAT(merge_complaints("module m1 { A m B } module m2 { A o B } export m1, m2"),
              ElementsAre("q:2:52: a merger exports one module | alternatives stand in one module, "
                          "joined by OR"));
}

TEST(TextErrors, ModulesOfMergers) {
  EXPECT_THAT(merge_complaints("module m { A m B } module M { A o B } export m"),
              ElementsAre("q:2:27: there is a module 'M' already | names of modules differ in more "
                          "than case"));
  EXPECT_THAT(merge_complaints("module m { A m B } A o B export m"),
              ElementsAre("q:2:20: this stands in no module | a merger has rules in modules, or "
                          "rules alone"));
  EXPECT_THAT(merge_complaints("module m { A m B } branches A export m"),
              ElementsAre("q:2:29: this stands in no module | a merger has rules in modules, or "
                          "rules alone"));
}

TEST(TextErrors, CallsThatAreNone) {
  const std::string hint = " | write a comma or a new line between two rules";
  EXPECT_EQ(complaint("grouper g { srcip  (gap(last.end, start) < 1s) }"),
            "q:1:13: 'srcip' is no function, but '(' follows it" + hint);
  EXPECT_EQ(complaint("filter f { dstport = srcport (srcip = 10.0.0.1) }"),
            "q:1:22: 'srcport' is no function, but '(' follows it" + hint);
  EXPECT_EQ(complaint("filter f { srcport = port(http < 5) }"),
            "q:1:32: expected ',' or ')' before '<'");
}

TEST(TextErrors, FiltersThatAreNone) {
  const std::string others = "filter ff { any } groupfilter gf { any }\n";
  const std::string rest = ", and no comparison follows | ";
  EXPECT_EQ(complaint(others + "filter k { nothere }"),
            "q:2:12: no filter is named 'nothere'" + rest + "the filters are ff, k");
  EXPECT_EQ(complaint(others + "filter k { FF or fff }"),
            "q:2:18: no filter is named 'fff'" + rest + "did you mean 'ff'?");
  EXPECT_EQ(complaint(others + "filter k { gf }"),
            "q:2:12: no filter is named 'gf'" + rest + "'gf' is a groupfilter");
  EXPECT_EQ(complaint(others + "groupfilter k { ff }"),
            "q:2:17: no groupfilter is named 'ff'" + rest + "'ff' is a filter");
  EXPECT_EQ(complaint(others + "filter k { dstprt 80 }"),
            "q:2:12: no filter is named 'dstprt'" + rest +
                "did you mean the field 'dstport'? It needs a comparison");
}

TEST(TextErrors, ModulesOfGroupers) {
  const std::string chain = "\nsplitter S {} S branch A -> g -> \"-\"";
  EXPECT_EQ(
      complaint("grouper g { module a { srcip or dstip } }" + chain),
      "q:1:24: 'or' does not stand in a grouper's module | write each alternative as a module "
      "of its own");
  EXPECT_EQ(complaint("grouper g { module a { srcip } module a { dstip } }" + chain),
            "q:1:39: there is a module 'a' already | names of modules differ in more than case");
  EXPECT_EQ(complaint("grouper g { module a { srcip } module A { dstip } }" + chain),
            "q:1:39: there is a module 'A' already | names of modules differ in more than case");
  EXPECT_EQ(complaint("grouper g { module a { srcip } dstip }" + chain),
            "q:1:32: this stands in no module | a grouper has rules in modules, or rules alone");
}

TEST(TextErrors, OneMistakeDoesNotHideTheNext) {
  EXPECT_THAT(
      complaints(R"(
splitter S {}
filter a { srcport = }
filter b { dstport == == 5 }
grouper g { srcip aggregate sum(bytes }
groupfilter gf { sum_bytes > 5x5 }
merger M { A.srcip = }
S branch A -> a -> g -> gf -> M
S branch B -> b -> h -> gf -> M
M -> "-")"),
      ElementsAre("q:3:21: expected a value after '='", "q:4:22: expected a value after '=='",
                  "q:5:39: aggregate: expected ',' or ')' before '}'",
                  "q:6:30: '5x5' is no number, address or prefix",
                  "q:7:21: expected a value after '='",
                  "q:9:20: no stage is named 'h' | the stages are a, b, g, gf, M, S"));
}

TEST(TextErrors, ThereAreOnlySoMany) {
  std::string text;
  for (int i = 0; i < 1000; ++i) {
    text += ";\n";
  }
  EXPECT_THAT(complaints(text), SizeIs(100));
}

}  // namespace
}  // namespace nfql
