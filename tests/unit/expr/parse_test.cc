#include "common/expr/parse.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.h"
#include "tests/unit/expr/dump_tree.h"

namespace nfql {
namespace {

std::string filter(std::string_view text) {
  return test::dump(parse_expression(text, Grammar::filter, "filter"));
}
std::string group(std::string_view text) {
  return test::dump(parse_expression(text, Grammar::group_terms, "group terms"));
}
std::string merge(std::string_view text) {
  return test::dump(parse_expression(text, Grammar::merge, "merge expression"));
}
/// The right side of `x = TEXT`.
std::string value(const std::string& text) {
  const Expr expr = parse_expression("x = " + text, Grammar::filter, "filter");
  return test::dump(std::get<Comparison>(expr.node).right);
}

TEST(Parse, BlankTextHoldsAlways) {
  EXPECT_EQ(filter(""), "any");
  EXPECT_EQ(filter(" \t\n "), "any");
  EXPECT_EQ(filter("# only a comment"), "any");
  EXPECT_EQ(group(""), "any");
  EXPECT_EQ(merge("\n"), "any");
}

TEST(Parse, EveryComparisonHasItsSpellings) {
  EXPECT_EQ(filter("a = b"), "(= a b)");
  EXPECT_EQ(filter("a == b"), "(= a b)");
  EXPECT_EQ(filter("a != b"), "(!= a b)");
  EXPECT_EQ(filter("a <> b"), "(!= a b)");
  EXPECT_EQ(filter("a < b"), "(< a b)");
  EXPECT_EQ(filter("a <= b"), "(<= a b)");
  EXPECT_EQ(filter("a > b"), "(> a b)");
  EXPECT_EQ(filter("a >= b"), "(>= a b)");
}

TEST(Parse, JoiningWordsHaveTheirSpellings) {
  for (const char* const text : {"a=1 and b=1", "a=1 AND b=1", "a=1 And b=1", "a=1 && b=1",
                                 "a=1&&b=1", "a=1, b=1", "a=1,b=1"}) {
    EXPECT_EQ(filter(text), "(and (= a (int 1)) (= b (int 1)))") << text;
  }
  for (const char* const text : {"a=1 or b=1", "a=1 OR b=1", "a=1 || b=1", "a=1||b=1"}) {
    EXPECT_EQ(filter(text), "(or (= a (int 1)) (= b (int 1)))") << text;
  }
  for (const char* const text : {"not a=1", "NOT a=1", "! a=1", "!a=1", "not(a=1)", "!(a=1)"}) {
    EXPECT_EQ(filter(text), "(not (= a (int 1)))") << text;
  }
}

TEST(Parse, OrBindsLooserThanAndThanNot) {
  EXPECT_EQ(filter("a=b or not c=d and e=f or g=h"),
            "(or (= a b) (and (not (= c d)) (= e f)) (= g h))");
  EXPECT_EQ(filter("(a=b or c=d), e=f"), "(and (or (= a b) (= c d)) (= e f))");
  EXPECT_EQ(filter("not (a=b and c=d)"), "(not (and (= a b) (= c d)))");
  EXPECT_EQ(filter("not not ! a=b"), "(not (not (not (= a b))))");
}

TEST(Parse, ListsOfTermsAreFlatAndParenthesesKeepTheirs) {
  EXPECT_EQ(filter("a=b and c=d and e=f"), "(and (= a b) (= c d) (= e f))");
  EXPECT_EQ(filter("(a=b and c=d) and e=f"), "(and (and (= a b) (= c d)) (= e f))");
  EXPECT_EQ(filter("a=b and (c=d and e=f)"), "(and (= a b) (and (= c d) (= e f)))");
}

TEST(Parse, ParenthesesGroupOperandsAndExpressions) {
  EXPECT_EQ(filter("(flags & S) != 0"), "(!= (& flags S) (int 0))");
  EXPECT_EQ(filter("((flags & S) != 0)"), "(!= (& flags S) (int 0))");
  EXPECT_EQ(filter("(a = 1 or b = 2)"), "(or (= a (int 1)) (= b (int 2)))");
  EXPECT_EQ(filter("((a)) = ((b))"), "(= a b)");
  EXPECT_EQ(filter("not (a) = b"), "(not (= a b))");
  EXPECT_EQ(filter("((a) = (b)) and (((c)) in d)"), "(and (= a b) (in c d))");
}

TEST(Parse, ArithmeticHasOnePrecedenceLeftToRight) {
  EXPECT_EQ(filter("a & b | c + d - e = 0"), "(= (- (+ (| (& a b) c) d) e) (int 0))");
  EXPECT_EQ(filter("a - (b - c) = 0"), "(= (- a (- b c)) (int 0))");
  EXPECT_EQ(filter("a -1 = -1"), "(= (- a (int 1)) (int -1))");
  EXPECT_EQ(filter("a - -1 = 0"), "(= (- a (int -1)) (int 0))");
  EXPECT_EQ(filter("a=b&1"), "(= a (& b (int 1)))");
}

TEST(Parse, Integers) {
  EXPECT_EQ(value("0"), "(int 0)");
  EXPECT_EQ(value("010"), "(int 10)");
  EXPECT_EQ(value("0x13"), "(int 19)");
  EXPECT_EQ(value("0XfF"), "(int 255)");
  EXPECT_EQ(value("-5"), "(int -5)");
  EXPECT_EQ(value("18446744073709551615"), "(int 18446744073709551615)");
  EXPECT_EQ(value("-9223372036854775808"), "(int -9223372036854775808)");
}

TEST(Parse, MultipliersAreDecimalOrBinary) {
  EXPECT_EQ(value("3k"), "(int 3000)");
  EXPECT_EQ(value("5M"), "(int 5000000)");
  EXPECT_EQ(value("2G"), "(int 2000000000)");
  EXPECT_EQ(value("4Ki"), "(int 4096)");
  EXPECT_EQ(value("1Mi"), "(int 1048576)");
  EXPECT_EQ(value("1Gi"), "(int 1073741824)");
  EXPECT_EQ(value("1.5M"), "(float 1500000)");
}

TEST(Parse, UnitsStayWithTheirNumber) {
  for (const char* const unit : {"us", "ms", "s", "m", "min", "h", "d"}) {
    EXPECT_EQ(value(fmt::format("60{}", unit)), fmt::format("(int 60 {})", unit));
  }
  EXPECT_EQ(value("-5s"), "(int -5 s)");
  EXPECT_EQ(value("0.5s"), "(float 0.5 s)");
}

TEST(Parse, Floats) {
  EXPECT_EQ(value("1.5"), "(float 1.5)");
  EXPECT_EQ(value("-0.25"), "(float -0.25)");
  EXPECT_EQ(value("1e3"), "(float 1000)");
  EXPECT_EQ(value("2.5E-1"), "(float 0.25)");
  EXPECT_EQ(value("3e+2s"), "(float 300 s)");
  EXPECT_EQ(value("0x1e+2"), "(+ (int 30) (int 2))");
}

TEST(Parse, AddressesAndPrefixesOfBothFamilies) {
  EXPECT_EQ(value("10.0.0.1"), "(address 10.0.0.1)");
  EXPECT_EQ(value("::"), "(address ::)");
  EXPECT_EQ(value("fe80::1"), "(address fe80::1)");
  EXPECT_EQ(value("dead:beef::CAFE"), "(address dead:beef::cafe)");
  EXPECT_EQ(value("::ffff:10.0.0.1"), "(address 10.0.0.1)");
  EXPECT_EQ(value("10.0.0.0/8"), "(prefix 10.0.0.0/104)");
  EXPECT_EQ(value("10/8"), "(prefix 10.0.0.0/104)");
  EXPECT_EQ(value("10.1/16"), "(prefix 10.1.0.0/112)");
  EXPECT_EQ(value("10.1.2.3/16"), "(prefix 10.1.0.0/112)");
  EXPECT_EQ(value("fe80::/10"), "(prefix fe80::/10)");
  EXPECT_EQ(value("::/0"), "(prefix ::/0)");
}

TEST(Parse, ElementsMayBeNumbers) {
  EXPECT_EQ(filter("ie85 > 1"), "(> ie85 (int 1))");
  EXPECT_EQ(filter("e6871:14 = E29305:5"), "(= e6871:14 E29305:5)");
  EXPECT_EQ(value("A.e6871:14"), "(of A e6871:14)");
  EXPECT_EQ(value("e1::2"), "(address e1::2)");
  EXPECT_EQ(value("e1:2:3:4:5:6:7:8"), "(address e1:2:3:4:5:6:7:8)");
}

TEST(Parse, StringsKeepEveryByteAndKnowTwoEscapes) {
  EXPECT_EQ(value(R"("tcp")"), "(string tcp)");
  EXPECT_EQ(value(R"("")"), "(string )");
  EXPECT_EQ(value(R"("a \"b\" \\ # and é")"), "(string a \"b\" \\ # and é)");
  EXPECT_EQ(value("\"two\nlines\""), "(string two\nlines)");
}

TEST(Parse, TimesMayStandBareOrQuoted) {
  for (const char* const time :
       {"2012-05-01", "2012-05-01T10:00", "2012-05-01T10:00:00", "2012-05-01T10:00:00.5Z",
        "2012-05-01t10:00:00.123456", "2012-05-01T10:00:00+02:00", "2012-05-01T10:00:00-0530"}) {
    EXPECT_EQ(value(time), fmt::format("(word {})", time));
    EXPECT_EQ(value(fmt::format("\"{}\"", time)), fmt::format("(string {})", time));
  }
  EXPECT_EQ(value("\"2012-05-01 10:00\""), "(string 2012-05-01 10:00)");
  EXPECT_EQ(value("2012-05-01 + 1d"), "(+ (word 2012-05-01) (int 1 d))");
}

TEST(Parse, FlagLettersAreNamesUntilTheyHaveAMask) {
  EXPECT_EQ(value("S"), "S");
  EXPECT_EQ(value("S/SA"), "(word S/SA)");
  EXPECT_EQ(value("\"SA/SAFR\""), "(string SA/SAFR)");
}

TEST(Parse, NamesMayBeQualifiedAlsoByKeywordsAndNumbers) {
  EXPECT_EQ(value("tcp_flags2"), "tcp_flags2");
  EXPECT_EQ(value("A.srcip"), "(of A srcip)");
  EXPECT_EQ(value("last.end"), "(of last end)");
  EXPECT_EQ(value("0.srcip"), "(of 0 srcip)");
  EXPECT_EQ(value("10.e5"), "(of 10 e5)");
  for (const char* const word : {"m", "o", "and", "or", "not", "in", "notin", "any", "delta"}) {
    EXPECT_EQ(value(fmt::format("{}.x", word)), fmt::format("(of {} x)", word));
    EXPECT_EQ(filter(fmt::format("{}.x = y", word)), fmt::format("(= (of {} x) y)", word));
  }
}

TEST(Parse, KeywordsAreNamesWhereNoKeywordCanStand) {
  EXPECT_EQ(filter("any = 3"), "(= any (int 3))");
  EXPECT_EQ(filter("delta > 5 and as = as"), "(and (> delta (int 5)) (= as as))");
  EXPECT_EQ(filter("intersects intersects rdelta"), "(intersects intersects rdelta)");
  EXPECT_EQ(filter("android = orange"), "(= android orange)");
  EXPECT_EQ(filter("note = inside"), "(= note inside)");
}

TEST(Parse, CallsKeepTheirArguments) {
  EXPECT_EQ(value("protocol(\"tcp\")"), "(call protocol (string tcp))");
  EXPECT_EQ(value("Port ( \"http\" )"), "(call port (string http))");
  EXPECT_EQ(value("prefix(ip, 24)"), "(call prefix ip (int 24))");
  EXPECT_EQ(value("bitAND(flags, 0x13)"), "(call bitand flags (int 19))");
  EXPECT_EQ(value("gap(last.end, start)"), "(call gap (of last end) start)");
  EXPECT_EQ(value("f()"), "(call f)");
  EXPECT_EQ(value("f(g(a + 1), (b))"), "(call f (call g (+ a (int 1))) b)");
  EXPECT_EQ(value("g1.sum(bytes)"), "(call (of g1 sum) bytes)");
  EXPECT_EQ(filter("or(flags) = 3 or and(flags) = 1"),
            "(or (= (call or flags) (int 3)) (= (call and flags) (int 1)))");
}

TEST(Parse, MembershipInPrefixesSetsRangesFilesAndOperands) {
  EXPECT_EQ(filter("srcip in 10/8"), "(in srcip (prefix 10.0.0.0/104))");
  EXPECT_EQ(filter("srcport in 1..1024"), "(in srcport (range (int 1) (int 1024)))");
  EXPECT_EQ(filter("srcport in {80, 443, 8000..8999, http}"),
            "(in srcport (set (int 80) (int 443) (range (int 8000) (int 8999)) http))");
  EXPECT_EQ(filter("srcip in {10.0.0.0/8,::1,10.0.0.0 .. 10.0.0.9}"),
            "(in srcip (set (prefix 10.0.0.0/104) (address ::1) (range (address 10.0.0.0) (address "
            "10.0.0.9))))");
  EXPECT_EQ(filter("x in ports"), "(in x ports)");
  EXPECT_EQ(filter("x IN union(srcport)"), "(in x (call union srcport))");
  EXPECT_EQ(filter("ports intersects {80}"), "(intersects ports (set (int 80)))");
  EXPECT_EQ(filter("start in 2012-05-01..2012-05-02"),
            "(in start (range (word 2012-05-01) (word 2012-05-02)))");
  EXPECT_EQ(filter("x in ::1..::5"), "(in x (range (address ::1) (address ::5)))");
  EXPECT_EQ(filter("x in -5..0x10"), "(in x (range (int -5) (int 16)))");
  EXPECT_EQ(filter("x in 1.5..2.5"), "(in x (range (float 1.5) (float 2.5)))");
  EXPECT_EQ(filter("x in domain..http"), "(in x (range domain http))");
}

TEST(Parse, MembershipIsNegatedInFourSpellings) {
  for (const char* const text : {"a not in b", "a notin b", "a NOT\nIN b", "a ! in b", "a !in b"}) {
    EXPECT_EQ(filter(text), "(notin a b)") << text;
  }
  EXPECT_EQ(filter("not a in b"), "(not (in a b))");
}

TEST(Parse, FilesEndAtABlankOrAreQuoted) {
  EXPECT_EQ(filter("srcip in @lists/bad-hosts.txt and a=b"),
            "(and (in srcip (file lists/bad-hosts.txt)) (= a b))");
  EXPECT_EQ(filter("(srcip in @a.txt)"), "(in srcip (file a.txt))");
  EXPECT_EQ(filter("srcip in @a.txt,a=b"), "(and (in srcip (file a.txt)) (= a b))");
  EXPECT_EQ(filter("srcip in @\"my, (file)\""), "(in srcip (file my, (file)))");
}

TEST(Parse, BlanksNewlinesAndCommentsAreFree) {
  EXPECT_EQ(filter("a=1&&b=2"), filter("  a\n=\t1 # one\n  && # two\n b = 2 # end"));
  EXPECT_EQ(filter("x in{1,2}"), filter("x in { 1 , # c\n 2 }"));
}

TEST(Parse, ComparisonsMayHaveADelta) {
  EXPECT_EQ(filter("a = b delta 5"), "(= a b delta (int 5))");
  EXPECT_EQ(filter("a < b delta 5s"), "(< a b delta (int 5 s))");
  EXPECT_EQ(filter("a < b DELTA 5 min and c=d"), "(and (< a b delta (int 5 min)) (= c d))");
  EXPECT_EQ(filter("a < b delta 0.5 s"), "(< a b delta (float 0.5 s))");
  EXPECT_EQ(group("end < start rdelta 1s"), "(< end start rdelta (int 1 s))");
  EXPECT_EQ(group("end < start delta 1 and a"), "(and (< end start delta (int 1)) (bare a))");
}

TEST(Parse, GroupTermsMayBeBareAndNamed) {
  EXPECT_EQ(group("srcip, dstip"), "(and (bare srcip) (bare dstip))");
  EXPECT_EQ(group("prefix(srcip, 24) as net"), "(bare (call prefix srcip (int 24)) as net)");
  EXPECT_EQ(group("srcip and end < start rdelta 1s or (dstip)"),
            "(or (and (bare srcip) (< end start rdelta (int 1 s))) (bare dstip))");
  EXPECT_EQ(group("gap(max.end, start) < 30s"), "(< (call gap (of max end) start) (int 30 s))");
  EXPECT_EQ(group("first.srcip = srcip"), "(= (of first srcip) srcip)");
  EXPECT_EQ(group("any"), "any");
}

TEST(Parse, AllenTermsByEveryWord) {
  struct Case {
    const char* words;
    const char* relation;
  };
  constexpr Case kCases[] = {{"before <", "bf"},      {"after >", "af"},
                             {"meets m M", "m"},      {"met-by met_by mi", "mi"},
                             {"overlaps o", "o"},     {"overlapped-by overlapped_by oi", "oi"},
                             {"starts s", "s"},       {"started-by started_by si", "si"},
                             {"during d", "d"},       {"contains di", "di"},
                             {"finishes f", "f"},     {"finished-by finished_by fi FI", "fi"},
                             {"equals eq = ==", "eq"}};
  for (const Case& c : kCases) {
    std::string_view words = c.words;
    while (!words.empty()) {
      const std::string_view word = words.substr(0, words.find(' '));
      words.remove_prefix(std::min(words.size(), word.size() + 1));
      EXPECT_EQ(merge(fmt::format("A {} B", word)), fmt::format("(allen A {} B)", c.relation));
    }
  }
}

TEST(Parse, AllenTermsMixWithComparisonsAndTakeADelta) {
  EXPECT_EQ(merge("B oi A OR B d A"), "(or (allen B oi A) (allen B d A))");
  EXPECT_EQ(merge("A before B delta 5 s and not A.x=B.x"),
            "(and (allen A bf B delta (int 5 s)) (not (= (of A x) (of B x))))");
  EXPECT_EQ(merge("A < B delta 1m"), "(allen A bf B delta (int 1 m))");
  EXPECT_EQ(merge("m m m"), "(allen m m m)");
  EXPECT_EQ(merge("0 o 1 and 0.x < 1.x"), "(and (allen 0 o 1) (< (of 0 x) (of 1 x)))");
}

TEST(Parse, OnlyBareNamesInAMergeAreBranches) {
  EXPECT_EQ(merge("A.start < B"), "(< (of A start) B)");
  EXPECT_EQ(merge("A.x = 5"), "(= (of A x) (int 5))");
  EXPECT_EQ(merge("A <= B"), "(<= A B)");
  EXPECT_EQ(filter("A < B"), "(< A B)");
}

TEST(Parse, SpansCoverWhatWasWritten) {
  const Expr expr = parse_expression("a=1 or not (flags & S) != 0x1", Grammar::filter, "filter");
  EXPECT_EQ(expr.span.begin, 0U);
  EXPECT_EQ(expr.span.end, 29U);
  const Expr& negation = std::get<Or>(expr.node).parts.at(1);
  EXPECT_EQ(negation.span.begin, 7U);
  EXPECT_EQ(negation.span.end, 29U);
  const auto& comparison = std::get<Comparison>(std::get<Not>(negation.node).part->node);
  EXPECT_EQ(comparison.left.span.begin, 11U);
  EXPECT_EQ(comparison.left.span.end, 22U);
  EXPECT_EQ(comparison.right.span.begin, 26U);
  EXPECT_EQ(comparison.right.span.end, 29U);
}

TEST(Parse, KeepsTheTextThatMessagesQuote) {
  const ExpressionText parsed = parse("a = 1", Grammar::filter, "filter");
  EXPECT_EQ(parsed.what, "filter");
  EXPECT_EQ(parsed.text, "a = 1");
  EXPECT_EQ(test::dump(parsed.expr), "(= a (int 1))");
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string result;
  result.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) {
    result += text;
  }
  return result;
}

TEST(Parse, NestingHasALimit) {
  const auto nested = [](std::size_t depth) {
    return repeated("(", depth) + "a=1" + repeated(")", depth);
  };
  EXPECT_EQ(filter(nested(200)), "(= a (int 1))");
  const auto too_deep = [](const std::string& text) {
    try {
      filter(text);
    } catch (const Error& error) {
      return std::string_view(error.what()).find("nested too deeply (at most 200 levels)") !=
             std::string_view::npos;
    }
    return false;
  };
  EXPECT_TRUE(too_deep(nested(201)));
  EXPECT_TRUE(too_deep(nested(1000)));
  EXPECT_TRUE(too_deep(repeated("not ", 1000) + "a=1"));
  EXPECT_TRUE(too_deep(repeated("f(", 1000)));
  EXPECT_TRUE(too_deep("x = " + repeated("a+", 1000) + "a"));
  EXPECT_TRUE(too_deep(repeated("(", 150) + "a=1 and b=" + repeated("a+", 150) + "a" +
                       repeated(") and c=d", 150)));
}

TEST(Parse, LongTextsAreNoLongerByForce) {
  constexpr std::size_t kLength = 100'000;
  const Expr list =
      parse_expression(repeated("a = 1 and ", kLength / 10) + "b=2", Grammar::filter, "filter");
  EXPECT_EQ(std::get<And>(list.node).parts.size(), kLength / 10 + 1);
  const Expr set =
      parse_expression("a in {" + repeated("1,", kLength / 2) + "2}", Grammar::filter, "filter");
  const Operand& right = std::get<Membership>(set.node).right;
  EXPECT_EQ(std::get<SetLiteral>(right.node).items.size(), kLength / 2 + 1);
  EXPECT_EQ(filter(repeated(" ", kLength) + "a = # " + repeated("(", kLength) + "\n1"),
            "(= a (int 1))");
  const std::string deep =
      repeated("(" + repeated(" ", 500), 200) + "a=1" + repeated(repeated(" ", 500) + ")", 200);
  EXPECT_EQ(filter(deep), "(= a (int 1))");
  for (const char* const piece :
       {"(", "1.", "1:", "a/", "a.", "1", "\"", "{", "=", "&", "@", "f("}) {
    EXPECT_THROW(filter(repeated(piece, kLength)), Error) << piece;
  }
}

}  // namespace
}  // namespace nfql
