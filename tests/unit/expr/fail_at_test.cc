// Where carets go, whatever text and place they are for.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "common/base/error.h"
#include "common/expr/parse.h"

namespace nfql {
namespace {

std::string fail_at_message(std::string_view text, Span span, std::string_view what = "filter") {
  try {
    fail_at(what, text, span, "wrong", "a hint");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::usage);
    EXPECT_EQ(error.hint(), "a hint");
    return error.what();
  }
}

TEST(FailAt, UnderlinesTheSpan) {
  EXPECT_EQ(fail_at_message("abc def ghi", {4, 7}), "filter: wrong\n  abc def ghi\n      ^~~");
  EXPECT_EQ(fail_at_message("abc", {1, 1}), "filter: wrong\n  abc\n   ^");
  EXPECT_EQ(fail_at_message("abc", {0, 3}, ""), "wrong\n  abc\n  ^~~");
}

TEST(FailAt, TakesSpansThatLeaveTheTextOrTheLine) {
  EXPECT_EQ(fail_at_message("abc", {3, 9}), "filter: wrong\n  abc\n     ^");
  EXPECT_EQ(fail_at_message("abc", {7, 9}), "filter: wrong\n  abc\n     ^");
  EXPECT_EQ(fail_at_message("", {0, 0}), "filter: wrong\n  \n  ^");
  EXPECT_EQ(fail_at_message("ab\ncd", {1, 5}), "filter: line 1: wrong\n  ab\n   ^");
  EXPECT_EQ(fail_at_message("ab\n", {3, 4}), "filter: line 2: wrong\n  \n  ^");
}

TEST(FailAt, CutsLongLinesAroundTheCaret) {
  std::string text(300, 'x');
  text.replace(150, 3, "bad");
  const std::string expected = "filter: wrong\n  …" + std::string(48, 'x') + "bad" +
                               std::string(45, 'x') + "…\n   " + std::string(48, ' ') + "^~~";
  EXPECT_EQ(fail_at_message(text, {150, 153}), expected);
  EXPECT_EQ(fail_at_message(text, {0, 300}),
            "filter: wrong\n  " + std::string(96, 'x') + "…\n  ^" + std::string(95, '~'));
  EXPECT_EQ(fail_at_message(text, {300, 300}),
            "filter: wrong\n  …" + std::string(96, 'x') + "\n   " + std::string(96, ' ') + "^");
}

}  // namespace
}  // namespace nfql
