// Real files, beside the project where it is developed; elsewhere these tests are skipped.
#include <gtest/gtest.h>

#include <filesystem>

#include "common/base/error.h"
#include "common/io/flow_tools_reader.h"
#include "tests/unit/io/read_all.h"

namespace nfql::test {
namespace {

struct Sample {
  const char* file;
  std::size_t rows;
  const char* error;  // its end; "" for none
};

std::ostream& operator<<(std::ostream& out, const Sample& sample) {
  return out << sample.file;
}

class FlowToolsSamples : public testing::TestWithParam<Sample> {};

TEST_P(FlowToolsSamples, AreReadOrRefused) {
  const std::string path = std::string(NFQL_SHARED_DATA "/") + GetParam().file;
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << "no " << path;
  }
  AllFlows all;
  try {
    const auto reader = make_flow_tools_reader(InputFile::open(path), {});
    all = read_all(*reader);
  } catch (const Error& error) {
    all.error = error.what();
  }
  EXPECT_EQ(all.rows(), GetParam().rows);
  if (all.error.empty()) {
    EXPECT_STREQ(GetParam().error, "");
  } else {
    EXPECT_EQ(all.error, path + ": " + GetParam().error);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, FlowToolsSamples,
    testing::Values(
        Sample{"trace-2009.ftz", 556, ""}, Sample{"trace-2012.ftz", 276'449, ""},
        Sample{"lab/v5.ft", 278, ""},
        Sample{"samples/anomaly_ftv5.2016-03-15.compress2.bigend.empty", 0, ""},
        Sample{"samples/anomaly_ftv5.2016-03-15.compress9.bigend.empty", 0, ""},
        Sample{"samples/anomaly_ftv5.2016-03-15.compress9.bigend.records1", 1, ""},
        Sample{"samples/anomaly_ftv5.2016-03-15.nocompress.bigend.empty", 0, ""},
        Sample{"samples/anomaly_ftv5.2016-04-09.compress9.large-byte-start", 1000, ""},
        Sample{"samples/correct_ftv5.2016-01-13.compress.9.sample", 1000, ""},
        Sample{"samples/correct_ftv5.2016-01-13.nocompress.bigend.sample", 1000, ""},
        Sample{"samples/correct_ftv7.2016-02-14.compress.9.bigend.sample", 1000, ""},
        Sample{"samples/correct_ftv7.2016-02-14.compress.9.litend.sample", 1000, ""},
        Sample{"samples/correct_ftv7.2016-02-14.nocompress.bigend.sample", 1000, ""},
        Sample{"samples/corrupt_ftv5.2016-01-13.compress.9.sample-00", 553,
               "record 553: deflate stream is cut short at byte 10240 (62 of 64 bytes)"},
        Sample{"samples/corrupt_ftv5.2016-01-13.compress.9.sample-01", 0,
               "flow-tools header at byte 0 is damaged or of an unknown version: 38 ed d5 b7 fe 1f "
               "17 81"},
        Sample{"samples/unsupport_ftv8.2016-01-17.compress.7.bigend.sample", 0,
               "flow-tools version 8.1 (AS aggregates): holds sums over flows, no flows"}));

}  // namespace
}  // namespace nfql::test
