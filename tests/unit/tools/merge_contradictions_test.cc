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
              HasSubstr("merge: 'A before B delta 0' can never hold\n"));
  EXPECT_THAT(contradiction_error("gap(A.end, B.start) > 5s and A before B delta 5s"),
              HasSubstr("can never hold"));
}

TEST(Contradictions, AreFoundInTermsThatSayTheOppositeOfTheSame) {
  for (const char* text :
       {"A before B and not A before B", "not B after A and A before B",
        "A m B and A.end != B.start", "A m B and not A.end = B.start",
        "A equals B and A.start != B.start", "A.ip = B.ip and A.ip != B.ip",
        "A.ip = B.ip and B.ip = C.ip and not A.ip = C.ip", "A.real = B.real and B.real != A.real",
        "A.real < B.real and B.real <= A.real", "A.ip < B.ip and B.ip < C.ip and C.ip < A.ip",
        "A.port = 80 and A.port != 80", "A.port = http and not A.port = http",
        "A.port < 80 and A.port >= 80", "A.port in {1, 2} and A.port not in {1, 2}",
        "A.port + B.port > 5 and not A.port + B.port > 5",
        "A.number = B.number delta 3 and A.number != B.number delta 3",
        "A.small = B.small delta 2 and A.small != B.small delta 3"}) {
    EXPECT_THAT(contradiction_error(text), HasSubstr(" and ")) << text;
    EXPECT_THAT(contradiction_error(text), HasSubstr(" can never hold together")) << text;
  }
  EXPECT_THAT(contradiction_error("A.ip = B.ip and B.port = C.port and A.ip != B.ip"),
              HasSubstr("merge: 'A.ip = B.ip' and 'A.ip != B.ip' can never hold together\n"));
}

TEST(Contradictions, AreFoundInWhatIsComparedWithItself) {
  for (const char* text :
       {"A before A", "A m A", "A during A", "A.small < A.small", "A.ip != A.ip",
        "A.port + 1 > A.port + 1", "not A equals A", "A.small = A.small + 1", "not A.ip = A.ip"}) {
    EXPECT_THAT(contradiction_error(text), HasSubstr("' can never hold\n")) << text;
  }
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
        "A before B and not A after B", "not any", "A equals A", "A.real != A.real",
        "A.ip != B.ip and B.ip != C.ip", "not A.real < B.real and not A.real >= B.real",
        "A.end < A.start", "A before B and not A before B delta 5s",
        "A.small = B.small delta 3 and A.small != B.small delta 2",
        "A.ip = B.ip and B.ip = C.ip and A.ip <= C.ip", "A.port in {1, 2} and A.port not in {1}",
        "A.number < B.real and B.real < A.number + 1"}) {
    EXPECT_EQ(contradiction_error(text), "no error") << text;
  }
}

}  // namespace
}  // namespace nfql::test
