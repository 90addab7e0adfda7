// Anything that can be written as the terms of a grouping gives groups or a usage error.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/tools/group_support.h"

namespace nfql {
namespace {

TEST(GroupTerms, AnyWordsGiveAStageOrAnError) {
  constexpr std::string_view kWords[] = {"srcip",
                                         "last.end",
                                         "first.bytes",
                                         "max.dstip",
                                         "min.start",
                                         "start",
                                         "bytes",
                                         "dstip",
                                         "=",
                                         "!=",
                                         "<",
                                         ">=",
                                         "in",
                                         "{1, 2..5}",
                                         "1..9",
                                         "10.0.0.0/8",
                                         "-",
                                         "+",
                                         "&",
                                         "(",
                                         ")",
                                         "gap(",
                                         "prefix(",
                                         ",",
                                         "and",
                                         "or",
                                         "not",
                                         "delta",
                                         "rdelta",
                                         "5",
                                         "3s",
                                         "1.5",
                                         "S/SA",
                                         "tcp",
                                         "2012-05-01",
                                         "any",
                                         "as",
                                         "x",
                                         "duration",
                                         "last.duration",
                                         "18446744073709551615",
                                         "@nofile",
                                         "flows",
                                         "last.flowId",
                                         "9223372036854775807"};
  std::mt19937_64 random(14);
  const std::vector<Flow> flows = random_trace(random, 40);
  std::size_t stages = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text;
    for (std::size_t words = 1 + random() % 9; words > 0; --words) {
      text += std::string(kWords[random() % std::size(kWords)]) + " ";
    }
    try {
      static_cast<void>(run(options(text, "g1.count"), flows));
      ++stages;
    } catch (const Error& error) {
      static_cast<void>(error);
    }
  }
  EXPECT_GT(stages, 500U);
}

}  // namespace
}  // namespace nfql
