#include "common/base/names.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.h"

namespace nfql {
namespace {

TEST(Names, CaseDoesNotMatter) {
  EXPECT_TRUE(same_name("dPkts", "DPKTS"));
  EXPECT_FALSE(same_name("dPkts", "dPkt"));
  EXPECT_EQ(lower("SourceIPv4"), "sourceipv4");
}

TEST(Names, SuggestsTheNearestAndNothingFarOff) {
  constexpr std::array<std::string_view, 3> kNames = {"srcport", "dstport", "packets"};
  EXPECT_EQ(nearest_name("srcprot", kNames), "srcport");
  EXPECT_EQ(nearest_name("dsport", kNames), "dstport");
  constexpr std::array<std::string_view, 2> kTied = {"sport", "dstport"};
  EXPECT_EQ(nearest_name("dsport", kTied), "dstport");  // the first letter decides
  EXPECT_EQ(nearest_name("packet", kNames), "packets");
  EXPECT_EQ(nearest_name("zzz", kNames), "");
  EXPECT_EQ(nearest_name(std::string(10'000'000, 'x'), kNames), "") << "at once";
}

TEST(Names, BranchesAreWords) {
  EXPECT_TRUE(is_branch_name("A"));
  EXPECT_TRUE(is_branch_name("0"));
  EXPECT_TRUE(is_branch_name("dns_reply2"));
  for (const char* name : {"", "a=b", "-x", "../x", "%b", "A.b", "a b"}) {
    EXPECT_FALSE(is_branch_name(name)) << name;
    EXPECT_THROW(check_branch_name(name, "query"), Error) << name;
  }
}

TEST(Names, HintsNameWhatIsLikelyElseAll) {
  const std::vector<std::string_view> known = {"total", "b"};
  EXPECT_EQ(hint_of("totl", known, "there are"), "did you mean 'total'?");
  EXPECT_EQ(hint_of("zzz", known, "there are"), "there are total, b");
  EXPECT_EQ(hint_of("zzz", {}, "there are"), "");
  // A single letter is near every other.
  EXPECT_EQ(likely_name("a", known), "");
  EXPECT_EQ(hint_of("a", known, "there are"), "there are total, b");
}

}  // namespace
}  // namespace nfql
