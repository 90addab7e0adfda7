#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "query_support.h"

namespace nfql {
namespace {

using testing::ElementsAre;

// A query of one branch with a filter and the stages that `stages` has.
Query with_filter(const std::string& stages) {
  return query_of("splitter S {}\n" + stages + "\n\"t.ft\" -> S   S branch A -> f -> \"-\"");
}

std::string filter_of(const std::string& stages) {
  return with_filter(stages).branches.at(0).filter->text;
}

TEST(TextForm, ReadsTheWholeOfTheLanguagesOwnExample) {
  const Query query = query_of(R"(
splitter S {}
filter  req { dstport = 80  prot = protocol("TCP") }            # rules side by side are AND
filter  res { srcport = 80 }
filter  both { req OR res }                                     # a composite of named filters
grouper g { module g1 { srcip = srcip  dstip = dstip  etime < stime rdelta 1s }
            aggregate srcip, dstip, sum(bytes) as bytes, bitOR(tcp_flags) as flags, union(srcport) as srcports }
groupfilter gf { bitAND(flags, 0x13) = 0x13 }
merger M { module m1 { branches B, A   A.srcip = B.dstip   A.bytes < B.bytes   B oi A OR B d A }
           module m2 { branches B, C   B.srcip = C.srcip }
           export m1 }
ungrouper U {}
"trace.ftz" -> S    S branch A -> req -> g -> gf -> M    S branch B -> res -> g -> gf -> M
S branch C -> both -> M     M -> U -> "out.ftz"
)");
  EXPECT_THAT(input_names(query), ElementsAre("trace.ftz"));
  EXPECT_EQ(query.output.name, "out.ftz");
  ASSERT_EQ(query.branches.size(), 3U);
  EXPECT_EQ(query.branches[0].name, "B");  // as the exported module names them
  EXPECT_EQ(query.branches[1].name, "A");
  EXPECT_EQ(query.branches[2].name, "C");
  EXPECT_EQ(query.branches[0].filter->text, "srcport = 80");
  EXPECT_EQ(query.branches[1].filter->text, "dstport = 80 and prot = protocol(\"TCP\")");
  EXPECT_EQ(query.branches[2].filter->text,
            "(dstport = 80 and prot = protocol(\"TCP\")) OR srcport = 80");
  EXPECT_FALSE(query.branches[2].group);
  const GroupQuery& group = *query.branches[0].group;
  EXPECT_EQ(group.terms.text, "srcip = srcip and dstip = dstip and etime < stime rdelta 1s");
  EXPECT_EQ(group.aggregates.text,
            "srcip, dstip, sum(bytes) as bytes, bitOR(tcp_flags) as flags, "
            "union(srcport) as srcports");
  EXPECT_EQ(group.items.size(), 5U);
  EXPECT_TRUE(group.modules.empty());
  EXPECT_EQ(query.branches[0].gfilter->text, "bitAND(flags, 0x13) = 0x13");
  EXPECT_EQ(query.merge->expr.text,
            "A.srcip = B.dstip and A.bytes < B.bytes and (B oi A OR B d A)");
  ASSERT_EQ(query.merge->except.size(), 1U);
  EXPECT_EQ(query.merge->except[0].text, "B.srcip = C.srcip");
  ASSERT_TRUE(query.ungroup);
  EXPECT_FALSE(query.ungroup->flat);
}

TEST(TextForm, RulesSideBySideAreAnd) {
  EXPECT_EQ(filter_of("filter f { srcport = 1 dstport = 2 }"), "srcport = 1 and dstport = 2");
  EXPECT_EQ(filter_of("filter f { srcport = 1 OR srcport = 2  dstport = 3 }"),
            "(srcport = 1 OR srcport = 2) and dstport = 3");
  EXPECT_EQ(filter_of("filter f { srcport = 1 OR srcport = 2 }"), "srcport = 1 OR srcport = 2");
  EXPECT_EQ(filter_of("filter f { srcport notin {1, 2}  NOT dstport = 3 }"),
            "srcport notin {1, 2} and NOT dstport = 3");
  EXPECT_EQ(filter_of("filter f {}"), "");
  EXPECT_EQ(filter_of("filter f { any }"), "any");
}

TEST(TextForm, BlanksAndCommentsDoNotCount) {
  EXPECT_EQ(filter_of("filter f{srcport=1 # a comment, with } and \"\n   dstport\n\t= 2}"),
            "srcport=1 and dstport = 2");
  EXPECT_EQ(
      filter_of("filter f { srcip in # of a list\n {10.0.0.1,  10.0.0.2} proto = \"t  #p\" or "
                "proto = tcp}"),
      "srcip in {10.0.0.1, 10.0.0.2} and (proto = \"t  #p\" or proto = tcp)");
  EXPECT_EQ(filter_of("filter f { srcip in @a#b }"), "srcip in @a#b");
  // A parenthesis on a line of its own begins a rule, and no call.
  EXPECT_EQ(filter_of("filter f { dstport = http\n (srcport = 1 or srcport = 2) }"),
            "dstport = http and (srcport = 1 or srcport = 2)");
}

TEST(TextForm, WordsMeanSomethingOnlyWhereTheyCan) {
  const Query query = query_of(R"(
splitter filter {}
filter group { dstport = 80 }   filter branch { group }
grouper module { module module { srcip }   aggregate aggregate, count }
groupfilter merger { count > 1 }
merger export { branches m, branch, o   m m o   branch.srcip = m.srcip }
"export" -> filter
filter branch m -> group -> module -> merger -> export
filter branch branch -> branch -> module -> export
filter branch o -> module -> export
export -> "branch"
)");
  ASSERT_EQ(query.branches.size(), 3U);
  EXPECT_EQ(query.branches[0].name, "m");
  EXPECT_EQ(query.branches[1].filter->text, "dstport = 80");
  EXPECT_EQ(query.branches[1].group->aggregates.text, "aggregate, count");
  EXPECT_THAT(query.branches[1].group->modules, ElementsAre("module"));
  EXPECT_EQ(query.merge->expr.text, "m m o and branch.srcip = m.srcip");
  EXPECT_EQ(query.output.name, "branch");
}

TEST(TextForm, CompositesNameOtherFilters) {
  const std::string parts = "filter a { srcport = 1 } filter b { srcport = 2 dstport = 2 }\n";
  EXPECT_EQ(filter_of(parts + "filter f { a OR b }"),
            "srcport = 1 OR (srcport = 2 and dstport = 2)");
  EXPECT_EQ(filter_of(parts + "filter f { a b }"), "srcport = 1 and (srcport = 2 and dstport = 2)");
  EXPECT_EQ(filter_of(parts + "filter f { a NOT b }"),
            "srcport = 1 and NOT (srcport = 2 and dstport = 2)");
  EXPECT_EQ(filter_of(parts + "filter f { (a or b) and proto = tcp }"),
            "(srcport = 1 or (srcport = 2 and dstport = 2)) and proto = tcp");
  EXPECT_EQ(filter_of("filter f { g } filter g { h } filter h { srcport = 1 or srcport = 2 }"),
            "((srcport = 1 or srcport = 2))");
  EXPECT_EQ(filter_of("filter f { all OR proto = tcp } filter all {}"), "any OR proto = tcp");
  const Query query = query_of(R"(splitter S {} grouper g { srcip }
groupfilter many { count > 5 } groupfilter both { many count < 9 }
S branch A -> g -> both -> "-")");
  EXPECT_EQ(query.branches[0].gfilter->text, "count > 5 and count < 9");
}

TEST(TextForm, FiltersBehindEachOtherAreAnd) {
  const Query query = query_of(R"(splitter S {}
filter a { srcport = 1 OR srcport = 2 } filter b { dstport = 3 } filter c {}
S branch A -> a -> b -> c -> "-")");
  EXPECT_EQ(query.branches[0].filter->text,
            "((srcport = 1 OR srcport = 2) and (dstport = 3)) and (any)");
}

GroupQuery group_of(const std::string& body) {
  return std::move(*query_of("splitter S {} grouper g {" + body + "} S branch A -> g -> \"-\"")
                        .branches[0]
                        .group);
}

TEST(TextForm, ModulesOfAGrouperAreAlternatives) {
  const GroupQuery two =
      group_of("module a { srcip, dstip } module b { srcip  dstport = dstport }");
  EXPECT_EQ(two.terms.text, "srcip, dstip or srcip and dstport = dstport");
  EXPECT_THAT(two.modules, ElementsAre("a", "b"));
  EXPECT_TRUE(group_of("module g1 { srcip } module g2 { dstip }").modules.empty());
  EXPECT_THAT(group_of("module g2 { srcip } module g1 { dstip }").modules, ElementsAre("g2", "g1"));
  EXPECT_THAT(group_of("module m { srcip } aggregate m.sum(bytes)").modules, ElementsAre("m"));
  EXPECT_EQ(group_of("module g1 {} module g2 { srcip }").terms.text, "any or srcip");
}

TEST(TextForm, AGrouperNeedsNeitherModulesNorAggregates) {
  EXPECT_EQ(group_of("").terms.text, "");
  EXPECT_EQ(group_of("module g1 {}").terms.text, "");
  EXPECT_EQ(group_of("srcip  prefix(dstip, 24) as net").terms.text,
            "srcip and prefix(dstip, 24) as net");
  EXPECT_TRUE(group_of("srcip").items.empty());
  EXPECT_EQ(group_of("aggregate sum(bytes), count srcip aggregate srcip").aggregates.text,
            "sum(bytes), count, srcip");
}

TEST(TextForm, SaysWhatJsonSays) {
  const GroupQuery group = group_of("srcip order input no members");
  EXPECT_TRUE(group.input_order);
  EXPECT_FALSE(group.members);
  EXPECT_FALSE(group_of("srcip order time").input_order);
  const Query query = query_of(R"(splitter S {} merger M { emit collection } ungrouper U { flat }
S branch A -> M  S branch B -> M -> U -> "x.csv")");
  EXPECT_TRUE(query.merge->collection);
  EXPECT_TRUE(query.ungroup->flat);
  EXPECT_EQ(query.merge->expr.text, "");
  EXPECT_EQ(query.output.name, "x.csv");
}

TEST(TextForm, ChainsMayBeCutIntoPieces) {
  const Query query = query_of(R"(
M -> U
"a.ft" -> S  "b.ft" -> S
S branch A -> f -> g    S branch B -> g
g -> gf   gf -> M
U -> "out"
splitter S {} filter f { srcport = 1 } grouper g { srcip } groupfilter gf { count > 1 }
merger M { A.srcip = B.srcip } ungrouper U {})");
  EXPECT_THAT(input_names(query), ElementsAre("a.ft", "b.ft"));
  ASSERT_EQ(query.branches.size(), 2U);
  EXPECT_EQ(query.branches[0].gfilter->text, "count > 1");
  EXPECT_EQ(query.branches[1].gfilter->text, "count > 1");
  EXPECT_FALSE(query.branches[1].filter);
  EXPECT_EQ(query.output.name, "out");
  EXPECT_TRUE(query.ungroup);
  EXPECT_THAT(input_names(query_of("splitter S {} filter f {} \"a\" -> S branch A -> f -> \"b\"")),
              ElementsAre("a"));
}

TEST(TextForm, CaseOfNamesDoesNotMatter) {
  const Query query = query_of(R"(
splitter S {} filter Web { srcport = 80 } filter all { WEB or dstport = 80 }
grouper g { module Up { srcip } module down { dstip } aggregate up.sum(bytes) }
merger m { module Asked { branches a, B } export ASKED }
s branch A -> ALL -> G -> M   S branch b -> all -> g -> M   m -> "x")");
  EXPECT_EQ(query.branches[0].filter->text, "srcport = 80 or dstport = 80");
  EXPECT_THAT(query.branches[0].group->modules, ElementsAre("Up", "down"));
}

TEST(TextForm, AlternativesInParenthesesStandInAGroupersRules) {
  const Query query = query_of(R"(
splitter S {} S branch A -> g -> "-"
grouper g { srcip
            (gap(last.end, start) < 1s or first.bytes = bytes) })");
  EXPECT_EQ(query.branches[0].group->terms.text,
            "srcip and (gap(last.end, start) < 1s or first.bytes = bytes)");
  EXPECT_THAT(query.branches[0].group->modules, testing::IsEmpty());
}

TEST(TextForm, BranchesWithoutAMergerEndInFilesOfTheirOwn) {
  const Query query = query_of(R"(splitter S {} filter f { srcport = 1 }
S branch A -> f -> "a.csv"   S branch B -> "b \"2\".csv")");
  EXPECT_EQ(query.branches[0].output.name, "a.csv");
  EXPECT_EQ(query.branches[1].output.name, "b \"2\".csv");
  EXPECT_EQ(query.output.name, "");
}

MergeQuery merge_of(const std::string& body) {
  return std::move(*query_of("splitter S {} merger M {" + body +
                             "} S branch A -> M  S branch B -> M  S branch C -> M -> \"-\"")
                        .merge);
}

TEST(TextForm, ModulesThatAreNotExportedAreExcluded) {
  const MergeQuery merge = merge_of(
      "module x { branches A, C A.srcip = C.srcip } module m { branches A, B A.srcip = B.dstip } "
      "module y { branches B, C B before C or B meets C } export m");
  EXPECT_EQ(merge.expr.text, "A.srcip = B.dstip");
  ASSERT_EQ(merge.except.size(), 2U);
  EXPECT_EQ(merge.except[0].text, "A.srcip = C.srcip");
  EXPECT_EQ(merge.except[1].text, "B before C or B meets C");
}

TEST(TextForm, ABranchThatOnlyHasToBeThereIsNamedAllTheSame) {
  // Else B would be one of the branches that only the exclusion has.
  const MergeQuery out = merge_of(
      "module m { branches A, B A.srcip = A.dstip OR A before A } "
      "module x { branches B, C B.srcip = C.srcip } export m");
  EXPECT_EQ(out.expr.text, "(A.srcip = A.dstip OR A before A) and B.count > 0");
  EXPECT_EQ(out.except[0].text, "B.srcip = C.srcip");
  // A tuple is removed when there is any C.
  const MergeQuery any =
      merge_of("module m { branches A, B A.srcip = B.srcip } module x { branches A, C } export m");
  EXPECT_EQ(any.except[0].text, "C.count > 0");
}

TEST(TextForm, TheOrderOfTuplesIsThatOfTheExportedModule) {
  const Query query = query_of(
      "splitter S {} merger M { module x { branches D, C D.srcip = C.srcip } "
      "module m { branches C, a C.srcip = A.srcip } export m } "
      "S branch A -> M  S branch B -> M  S branch C -> M  S branch D -> M M -> \"-\"");
  ASSERT_EQ(query.branches.size(), 3U);
  EXPECT_EQ(query.branches[0].name, "C");
  EXPECT_EQ(query.branches[1].name, "A");
  EXPECT_EQ(query.branches[2].name, "D");
}

TEST(TextForm, WhatIsNotUsedIsOnlyWarnedOf) {
  EXPECT_THAT(
      warnings("splitter S {}\nfilter f {}\nfilter g {}\nfilter h { g }\n"
               "merger M { module m { branches A, B A.srcip = B.srcip } export m }\n"
               "S branch A -> f -> M  S branch B -> M  S branch C -> M -> \"-\""),
      ElementsAre("q:6:49: no module of the merger 'M' has the branch 'C', which is left out",
                  "q:3:8: the filter 'g' is not used", "q:4:8: the filter 'h' is not used"));
}

}  // namespace
}  // namespace nfql
