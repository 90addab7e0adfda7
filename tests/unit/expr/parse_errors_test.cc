// What a user reads when a text is wrong: the messages whole, carets and all.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "common/base/error.h"
#include "common/expr/parse.h"

namespace nfql {
namespace {

std::string message(std::string_view text, Grammar grammar, std::string_view what) {
  try {
    static_cast<void>(parse_expression(text, grammar, what));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::usage);
    return error.what();
  }
  return "no error";
}
std::string filter(std::string_view text) {
  return message(text, Grammar::filter, "filter");
}
std::string group(std::string_view text) {
  return message(text, Grammar::group_terms, "group");
}
std::string merge(std::string_view text) {
  return message(text, Grammar::merge, "merge");
}

std::string hint(std::string_view text, Grammar grammar) {
  try {
    static_cast<void>(parse_expression(text, grammar, "q"));
  } catch (const Error& error) {
    return error.hint();
  }
  return "no error";
}

TEST(ParseError, MissingValue) {
  EXPECT_EQ(filter("dstport =  and proto = tcp"),
            "filter: expected a value after '='\n"
            "  dstport =  and proto = tcp\n"
            "           ^");
  EXPECT_EQ(filter("a in"),
            "filter: expected a value after 'in'\n"
            "  a in\n"
            "      ^");
  EXPECT_EQ(filter("a + = 3"),
            "filter: expected a value after '+'\n"
            "  a + = 3\n"
            "     ^");
  EXPECT_EQ(filter("a in 1.. and b = c"),
            "filter: expected a value after '..'\n"
            "  a in 1.. and b = c\n"
            "          ^");
}

TEST(ParseError, MissingComparison) {
  EXPECT_EQ(filter("srcip"),
            "filter: expected a comparison after 'srcip'\n"
            "  srcip\n"
            "       ^");
  EXPECT_EQ(filter("a = 1 and (flags & S) or b"),
            "filter: expected a comparison after '(flags & S)'\n"
            "  a = 1 and (flags & S) or b\n"
            "                       ^");
  EXPECT_EQ(filter("dstport 80"),
            "filter: expected a comparison after 'dstport'\n"
            "  dstport 80\n"
            "         ^");
  EXPECT_EQ(filter("(dstport 80)"),
            "filter: expected a comparison after 'dstport'\n"
            "  (dstport 80)\n"
            "          ^");
  EXPECT_EQ(merge("A befor B"),
            "merge: expected a comparison, not 'befor'\n"
            "  A befor B\n"
            "    ^~~~~");
  EXPECT_EQ(merge("A before B and A  befor B or B.x = 1"),
            "merge: expected a comparison, not 'befor'\n"
            "  A before B and A  befor B or B.x = 1\n"
            "                    ^~~~~");
  EXPECT_EQ(hint("A befor B", Grammar::merge), "did you mean 'before'?");
}

TEST(ParseError, MissingTerm) {
  EXPECT_EQ(filter("a = 1 and"),
            "filter: expected a term after 'and'\n"
            "  a = 1 and\n"
            "           ^");
  EXPECT_EQ(filter("a = 1,"),
            "filter: expected a term after ','\n"
            "  a = 1,\n"
            "        ^");
  EXPECT_EQ(filter("a = 1 or )"),
            "filter: expected a term after 'or'\n"
            "  a = 1 or )\n"
            "          ^");
  EXPECT_EQ(filter("not"),
            "filter: expected a term after 'not'\n"
            "  not\n"
            "     ^");
  EXPECT_EQ(filter("()"),
            "filter: expected a term or value after '('\n"
            "  ()\n"
            "   ^");
  EXPECT_EQ(filter("= 3"),
            "filter: expected a field or value before '='\n"
            "  = 3\n"
            "  ^");
}

TEST(ParseError, MissingJoiningWord) {
  EXPECT_EQ(filter("a = 1 bc = 2"),
            "filter: expected 'and' or 'or' before 'bc'\n"
            "  a = 1 bc = 2\n"
            "        ^~");
  EXPECT_EQ(filter("a = 1 adn b = 2"),
            "filter: expected 'and' or 'or' before 'adn' (did you mean 'and'?)\n"
            "  a = 1 adn b = 2\n"
            "        ^~~");
  EXPECT_EQ(filter("(a = 1 b = 2)"),
            "filter: expected 'and', 'or' or ')' before 'b'\n"
            "  (a = 1 b = 2)\n"
            "         ^");
  EXPECT_EQ(filter("1 < a < 5"),
            "filter: comparisons do not chain: join two by 'and' before '<'\n"
            "  1 < a < 5\n"
            "        ^");
}

TEST(ParseError, ADeltaWithoutAComparison) {
  EXPECT_EQ(group("srcip rdelta 3"),
            "group: 'rdelta' follows a comparison\n"
            "  srcip rdelta 3\n"
            "        ^~~~~~");
  EXPECT_EQ(hint("srcip rdelta 3", Grammar::group_terms), "for example 'srcip = srcip rdelta 3'");
  EXPECT_EQ(group("(dstip, srcport delta 3)"),
            "group: 'delta' follows a comparison\n"
            "  (dstip, srcport delta 3)\n"
            "                  ^~~~~");
  EXPECT_EQ(hint("bytes in {1} delta 3", Grammar::filter),
            "a comparison has one delta, and 'in' has none");
  EXPECT_EQ(hint("bytes = 1 delta 3 delta 4", Grammar::filter),
            "a comparison has one delta, and 'in' has none");
}

TEST(ParseError, UnknownOperators) {
  EXPECT_EQ(filter("a =< 3"),
            "filter: unknown operator '=<' (did you mean '<='?)\n"
            "  a =< 3\n"
            "    ^~");
  EXPECT_EQ(filter("a => 3"),
            "filter: unknown operator '=>' (did you mean '>='?)\n"
            "  a => 3\n"
            "    ^~");
  EXPECT_EQ(filter("a <=> 3"),
            "filter: unknown operator '<=>' (one of = != < <= > >=)\n"
            "  a <=> 3\n"
            "    ^~~");
}

TEST(ParseError, WhatThePrototypeHadIsRefusedByName) {
  EXPECT_EQ(filter("a =~ 3"),
            "filter: operator '=~' is not supported\n"
            "  a =~ 3\n"
            "    ^~");
  EXPECT_EQ(filter("a << 3"),
            "filter: operator '<<' is not supported\n"
            "  a << 3\n"
            "    ^~");
  EXPECT_EQ(filter("a >> 3"),
            "filter: operator '>>' is not supported\n"
            "  a >> 3\n"
            "    ^~");
  EXPECT_EQ(filter("mac = aa:bb:cc:dd:ee:ff"),
            "filter: MAC literals such as 'aa:bb:cc:dd:ee:ff' are not supported\n"
            "  mac = aa:bb:cc:dd:ee:ff\n"
            "        ^~~~~~~~~~~~~~~~~");
  EXPECT_EQ(filter("mac = 00-1b-cc-dd-ee-ff"),
            "filter: MAC literals such as '00-1b-cc-dd-ee-ff' are not supported\n"
            "  mac = 00-1b-cc-dd-ee-ff\n"
            "        ^~~~~~~~~~~~~~~~~");
}

TEST(ParseError, BracketsPointAtTheirOpeningOne) {
  EXPECT_EQ(filter("a = 1 and (b = 2 or (c = 3)"),
            "filter: missing ')' for this '('\n"
            "  a = 1 and (b = 2 or (c = 3)\n"
            "            ^");
  EXPECT_EQ(filter("x = f(a, b"),
            "filter: missing ')' for this '('\n"
            "  x = f(a, b\n"
            "       ^");
  EXPECT_EQ(filter("x in {1, 2"),
            "filter: missing '}' for this '{'\n"
            "  x in {1, 2\n"
            "       ^");
  EXPECT_EQ(filter("a = 1)"),
            "filter: ')' without '('\n"
            "  a = 1)\n"
            "       ^");
  EXPECT_EQ(filter("x in {1 2}"),
            "filter: expected ',' or '}' before '2'\n"
            "  x in {1 2}\n"
            "          ^");
  EXPECT_EQ(filter("x = f(a = 1)"),
            "filter: expected ',' or ')' before '='\n"
            "  x = f(a = 1)\n"
            "          ^");
}

TEST(ParseError, EmptySet) {
  EXPECT_EQ(filter("a in { }"),
            "filter: a set needs at least one value\n"
            "  a in { }\n"
            "       ^~~");
  EXPECT_EQ(filter("a in {1,}"),
            "filter: expected a value after ','\n"
            "  a in {1,}\n"
            "          ^");
}

TEST(ParseError, Strings) {
  EXPECT_EQ(filter("a = \"x and b = 2"),
            "filter: string without a closing quote\n"
            "  a = \"x and b = 2\n"
            "      ^");
  EXPECT_EQ(filter(R"(a = "x\n")"),
            "filter: unknown escape in a string (only \\\" and \\\\ are known)\n"
            "  a = \"x\\n\"\n"
            "        ^~");
  EXPECT_EQ(filter("a in @ b"),
            "filter: expected a path after '@'\n"
            "  a in @ b\n"
            "        ^");
}

TEST(ParseError, LiteralsThatAreNone) {
  EXPECT_EQ(filter("a = 10.0.0.1x"),
            "filter: '10.0.0.1x' is no number, address or prefix\n"
            "  a = 10.0.0.1x\n"
            "      ^~~~~~~~~");
  EXPECT_EQ(filter("a = 10.0.0.256"),
            "filter: '10.0.0.256' is no address\n"
            "  a = 10.0.0.256\n"
            "      ^~~~~~~~~~");
  EXPECT_EQ(filter("a = 1::2::3"),
            "filter: '1::2::3' is no address\n"
            "  a = 1::2::3\n"
            "      ^~~~~~~");
  EXPECT_EQ(filter("a = 10/33"),
            "filter: '10/33' is no prefix\n"
            "  a = 10/33\n"
            "      ^~~~~");
  EXPECT_EQ(filter("a = 2012-02-30"),
            "filter: '2012-02-30' is no date or time\n"
            "  a = 2012-02-30\n"
            "      ^~~~~~~~~~");
  EXPECT_EQ(filter("a = 2012-02-01T10"),
            "filter: '2012-02-01T10' is no date or time (write 2012-05-01T10:00:00)\n"
            "  a = 2012-02-01T10\n"
            "      ^~~~~~~~~~~~~");
}

TEST(ParseError, Numbers) {
  EXPECT_EQ(filter("a = 5K"),
            "filter: unknown suffix 'K' on a number (one of k M G Ki Mi Gi us ms s m min h d)\n"
            "  a = 5K\n"
            "       ^");
  EXPECT_EQ(filter("a = 18446744073709551616"),
            "filter: '18446744073709551616' is out of range (from -9223372036854775808 to "
            "18446744073709551615)\n"
            "  a = 18446744073709551616\n"
            "      ^~~~~~~~~~~~~~~~~~~~");
  EXPECT_EQ(filter("a = 1e999"),
            "filter: '1e999' is out of range\n"
            "  a = 1e999\n"
            "      ^~~~~");
  EXPECT_NE(filter("a = 18446744073709551615k"), "no error");
  EXPECT_NE(filter("a = -9223372036854775809"), "no error");
  EXPECT_EQ(filter("duration > 30 s"),
            "filter: a unit follows its number without a blank: '30s'\n"
            "  duration > 30 s\n"
            "                ^");
}

TEST(ParseError, ExpressionsAreNoValues) {
  EXPECT_EQ(filter("(a = 1) & (b = 2)"),
            "filter: '&' computes with values (did you mean 'and'?)\n"
            "  (a = 1) & (b = 2)\n"
            "          ^");
  EXPECT_EQ(filter("(a = 1) = 2"),
            "filter: '(a = 1)' is true or false, not a value\n"
            "  (a = 1) = 2\n"
            "  ^~~~~~~");
  EXPECT_EQ(filter("a = (b = 1)"),
            "filter: '(b = 1)' is true or false, not a value\n"
            "  a = (b = 1)\n"
            "      ^~~~~~~");
  EXPECT_EQ(filter("a + {1} = 2"),
            "filter: '{1}' is a set, not a value to compute with\n"
            "  a + {1} = 2\n"
            "      ^~~");
  for (const char* const text :
       {"(a=1) in b", "(a=1) intersects b", "a in (b=1)", "f((a=1)) = 2", "a intersects (b=c)",
        "a + (b=c) = d", "(a=1) notin b", "(a=1) not in b"}) {
    EXPECT_NE(filter(text).find("is true or false, not a value"), std::string::npos) << text;
  }
  EXPECT_NE(merge("(A before B) before C").find("is true or false"), std::string::npos);
}

TEST(ParseError, Deltas) {
  EXPECT_EQ(filter("a = b delta c"),
            "filter: expected a number after 'delta'\n"
            "  a = b delta c\n"
            "             ^");
  EXPECT_EQ(filter("a = b delta -5"),
            "filter: a delta is a distance and has no sign\n"
            "  a = b delta -5\n"
            "              ^~");
  EXPECT_EQ(filter("a = b rdelta 5"),
            "filter: rdelta is only for group terms (did you mean 'delta'?)\n"
            "  a = b rdelta 5\n"
            "        ^~~~~~");
}

TEST(ParseError, GroupTerms) {
  EXPECT_EQ(group("srcip dstip"),
            "group: expected 'and' or 'or' before 'dstip'\n"
            "  srcip dstip\n"
            "        ^~~~~");
  EXPECT_EQ(group("prefix(srcip, 24) as"),
            "group: expected a name after 'as'\n"
            "  prefix(srcip, 24) as\n"
            "                      ^");
  EXPECT_EQ(group("srcip = srcip as x"),
            "group: expected 'and' or 'or' before 'as'\n"
            "  srcip = srcip as x\n"
            "                ^~");
}

TEST(ParseError, AllenTerms) {
  EXPECT_EQ(merge("A before"),
            "merge: expected a branch after 'before'\n"
            "  A before\n"
            "          ^");
  EXPECT_EQ(merge("A before B.x"),
            "merge: 'before' relates two branches, and 'B.x' is a field\n"
            "  A before B.x\n"
            "           ^~~");
  EXPECT_EQ(merge("A.x before B"),
            "merge: 'before' relates two branches, and 'A.x' is none\n"
            "  A.x before B\n"
            "  ^~~");
  EXPECT_EQ(filter("A before B"),
            "filter: expected a comparison after 'A'\n"
            "  A before B\n"
            "   ^");
}

TEST(ParseError, OnlyTheLineAtFaultIsShownAndTabsStay) {
  EXPECT_EQ(filter("a = 1 and\n\tb =\n or c = 2"),
            "filter: line 2: expected a value after '='\n"
            "  \tb =\n"
            "  \t   ^");
}

TEST(ParseError, NothingOfTheTextReachesATerminalRaw) {
  EXPECT_EQ(filter("a = 1 \x1b[31m"),
            "filter: expected 'and' or 'or' before '?'\n"
            "  a = 1 ?[31m\n"
            "        ^");
  EXPECT_EQ(filter(std::string_view("a = 1 \xff\xc2\x9b\0", 10)),
            "filter: expected 'and' or 'or' before '?'\n"
            "  a = 1 ???\n"
            "        ^");
  EXPECT_EQ(filter("a = \"é\" é"),
            "filter: expected 'and' or 'or' before 'é'\n"
            "  a = \"é\" é\n"
            "          ^");
}

TEST(ParseError, LongPiecesAreCut) {
  const std::string name(1000, 'x');
  EXPECT_EQ(filter(name), "filter: expected a comparison after '" + std::string(40, 'x') +
                              "…'\n  …" + std::string(96, 'x') + "\n   " + std::string(96, ' ') +
                              "^");
}

}  // namespace
}  // namespace nfql
