#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/query/branch_names.h"
#include "common/query/mapped_text.h"
#include "common/query/problems.h"
#include "common/query/text_tokens.h"

namespace nfql {
namespace {

using testing::ElementsAre;

const QuerySource& source() {
  static const QuerySource kSource{"q", "one two\nthree four\n"};
  return kSource;
}

std::vector<std::string> all_of(const Problems& problems) {
  std::vector<std::string> result;
  try {
    problems.throw_if_any();
  } catch (const Errors& errors) {
    for (const Error& error : errors.all()) {
      result.emplace_back(error.what());
    }
  } catch (const Error& error) {
    result.emplace_back(error.what());
  }
  return result;
}

TEST(Problems, AreToldByTheirPlacesThoseWithoutLast) {
  Problems problems(source());
  EXPECT_NO_THROW(problems.throw_if_any());
  problems.add(Error(Exit::failed, "nowhere"));
  problems.add({14, 18}, "late", "do this");
  problems.add({4, 7}, "early");
  EXPECT_THAT(all_of(problems), ElementsAre("q:1:5: early\n  one two\n      ^~~",
                                            "q:2:7: late\n  three four\n        ^~~~", "nowhere"));
}

TEST(Problems, APlaceHasOne) {
  Problems problems(source());
  problems.add({4, 7}, "first");
  problems.add({4, 5}, "second");
  problems.add(Error(Exit::usage, "nowhere"));
  problems.add(Error(Exit::usage, "nowhere"));
  EXPECT_THAT(all_of(problems), ElementsAre("q:1:5: first\n  one two\n      ^~~", "nowhere"));
}

TEST(Problems, OneIsThrownAsItIs) {
  Problems problems(source());
  problems.add(Error(Exit::failed, "nowhere", "a hint"));
  try {
    problems.throw_if_any();
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_EQ(dynamic_cast<const Errors*>(&error), nullptr);
    EXPECT_EQ(error.code(), Exit::failed);
    EXPECT_EQ(error.hint(), "a hint");
  }
}

TEST(Problems, ExpressionsAreShownInTheSource) {
  Problems problems(source());
  MappedText text;
  text.add("(");
  text.add("four", 14);
  text.add(" and ");
  text.add("one", 0);
  text.add(" two", 3);
  const ExpressionText expression = std::move(text).take("filter f");
  EXPECT_EQ(expression.text, "(four and one two");
  EXPECT_EQ(expression.pieces.size(), 2U);  // what goes on in the source goes on
  problems.add(TextError({"other", {14, 17}, "wrong"}, expression.text, ""), expression);
  problems.add(Error(Exit::failed, "all of it"), expression);
  EXPECT_THAT(all_of(problems), ElementsAre("q:1:5: filter f: wrong\n  one two\n      ^~~",
                                            "q:2:7: filter f: all of it\n  three four\n        ^"));
}

TEST(Problems, AttemptsGoOn) {
  Problems problems(source());
  EXPECT_TRUE(problems.attempt([] {}));
  EXPECT_FALSE(problems.attempt([] { fail_at("x", source().text, {0, 3}, "wrong"); }));
  EXPECT_THAT(all_of(problems), ElementsAre("q:1:1: x: wrong\n  one two\n  ^~~"));
  problems.warn({8, 9}, "careful");
  EXPECT_THAT(problems.warnings(), ElementsAre("q:2:1: careful"));
}

// The branches that an expression names, each with what stands at its place.
std::string branches_of(const std::string& text) {
  const Expr expr = parse_expression(text, Grammar::merge, "merge");
  std::string result;
  for (const BranchName& branch : branch_names(expr, text)) {
    EXPECT_EQ(text.substr(branch.span.begin, branch.span.end - branch.span.begin), branch.name);
    result += fmt::format("{}@{} ", branch.name, branch.span.begin);
  }
  return result;
}

TEST(BranchNames, AreFoundWithTheirPlaces) {
  EXPECT_EQ(branches_of("A.x = B.y"), "A@0 B@6 ");
  EXPECT_EQ(branches_of("(m m o delta 5s) or not o < m"), "m@1 o@5 o@24 m@28 ");
  EXPECT_EQ(branches_of("A.sum(bytes) in {B.x, C.y..D.z} and bitAND(E.f, 1) = 1"),
            "A@0 B@17 C@22 D@27 E@43 ");
  EXPECT_EQ(branches_of("A.s intersects B.s and A.x + B.y = tcp"), "A@0 B@15 A@23 B@29 ");
  EXPECT_EQ(branches_of("any"), "");
}

TEST(TextTokens, AStatementEndsWithItsBracesOrItsLine) {
  const auto skip = [](std::string_view text, std::size_t at) {
    return skip_statement(text, 0, at);
  };
  EXPECT_EQ(skip("filter f { \"}\" # }\n } x", 5), 21U);
  EXPECT_EQ(skip("a -> b\nc -> d", 2), 7U);
  EXPECT_EQ(skip("a ->\n\n x\ny", 7), 9U);
  EXPECT_EQ(skip("filter f {\n x\n grouper g { y }", 5), 14U);
  EXPECT_EQ(skip("filter f { x", 5), std::nullopt);
  EXPECT_EQ(skip("a b", 2), 3U);
}

TEST(TextTokens, StagesAreFoundOutsideOfStringsAndComments) {
  std::string found;
  for (const StageHead& head :
       stage_heads("filter a {} # filter b {\n\"filter c {\" xfilter d { Grouper\ne {")) {
    found += fmt::format("{} {};", head.kind, head.name);
  }
  EXPECT_EQ(found, "filter a;Grouper e;");
}

}  // namespace
}  // namespace nfql
