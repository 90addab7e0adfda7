// Terms that can never hold together.
#include "common/base/error.h"
#include "nfql-merge/merge_stage.h"
#include "tests/unit/tools/merge_model.h"
#include "tests/unit/tools/merge_support.h"

namespace nfql::test {
namespace {

std::vector<std::string> contradiction_warnings(const std::string& text) {
  return MergeStage(options_of(text, 3, Emit::collection), std::vector(3, model_header(false)))
      .warnings();
}

std::string contradiction_error(const std::string& text) {
  try {
    static_cast<void>(contradiction_warnings(text));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::usage);
    return std::string(error.what()) + "\n" + error.hint();
  }
  return "no error";
}

TEST(Contradictions, AreErrorsThatNameTheTerms) {
  const std::string error = contradiction_error("A before B and B.ip = C.ip and A after B");
  EXPECT_THAT(error, HasSubstr("merge: 'A before B' and 'A after B' can never hold together"));
  EXPECT_THAT(error, HasSubstr("  A before B and B.ip = C.ip and A after B\n"
                               "                                 ^~~~~~~~~"));
}

TEST(Contradictions, AreFoundThroughOtherBranches) {
  EXPECT_THAT(contradiction_error("A before B and B before C and C before A"),
              HasSubstr("'A before B', 'B before C' and 'C before A' can never hold together"));
  EXPECT_THAT(contradiction_error("A during B and C contains B and C.end < A.start"),
              HasSubstr("can never hold together"));
}

TEST(Contradictions, AreFoundInDifferences) {
  EXPECT_THAT(contradiction_error("A.small < B.small and A.small > B.small"),
              HasSubstr("can never hold"));
  EXPECT_THAT(contradiction_error("A.small = B.small and A.small = B.small + 1"),
              HasSubstr("can never hold"));
  EXPECT_THAT(contradiction_error("A.large = B.small and not A.large < B.small + 2"),
              HasSubstr("'not A.large < B.small + 2' can never hold together"));
  EXPECT_THAT(contradiction_error("A before B delta 0"),
              HasSubstr("the parts of 'A before B delta 0' can never hold together"));
  EXPECT_THAT(contradiction_error("gap(A.end, B.start) > 5s and A before B delta 5s"),
              HasSubstr("can never hold"));
}

TEST(Contradictions, AreFoundByGroupsNotEndingBeforeTheyStart) {
  const std::string error = contradiction_error("A.end < B.start and B.end < A.start");
  EXPECT_THAT(error, HasSubstr("can never hold together"));
  EXPECT_THAT(error, HasSubstr("no group ends before it starts"));
}

TEST(Contradictions, InOneAlternativeAreWarnings) {
  EXPECT_THAT(contradiction_warnings("A.ip = C.ip and (A before B and A after B or A meets B)"),
              ElementsAre("merge: 'A before B' and 'A after B' can never hold together: an "
                          "alternative that is never true"));
  EXPECT_THAT(contradiction_error("A before B and A after B or B before C and B after C"),
              HasSubstr("can never hold together"));
}

TEST(Contradictions, AreNotSeenWhereTermsFitTogether) {
  for (const char* text :
       {"A before B and B before C and A before C", "A m B and B m C",
        "A.small = B.small delta 2 and A.small > B.small", "A s B delta 3s and A.start >= B.start",
        "A before B and not A after B", "not any"}) {
    EXPECT_EQ(contradiction_error(text), "no error") << text;
  }
}

}  // namespace
}  // namespace nfql::test
