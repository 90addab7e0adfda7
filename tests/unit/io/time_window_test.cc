#include "common/io/time_window.h"

#include <gtest/gtest.h>

#include "common/flow/time.h"
#include "tests/unit/io/flow_tools_bytes.h"
#include "tests/unit/io/temporary_file.h"

namespace nfql::test {
namespace {

constexpr std::int64_t kHour = 3'600'000;
constexpr std::int64_t kDay = 24 * kHour;

std::int64_t at(const char* text) {
  return parse_time(text).value();
}

// A header of a finished file of version 5 with capture times in seconds.
std::string captured_header(unsigned start, unsigned end, unsigned flags, unsigned count) {
  Packed p(Endian::little);
  p.raw("\xcf\x10").u8(1).u8(3).u32(8 + 6 + 4 * 8 + 2);
  p.u16(2).u16(2).u16(5).u16(8).u16(4).u32(flags).u16(10).u16(4).u32(count);
  return p.u16(6).u16(4).u32(start).u16(7).u16(4).u32(end).u16(0).bytes();
}

std::optional<CaptureTime> of_header(const std::string& bytes) {
  const TemporaryFile file(bytes);
  InputFile input = InputFile::open(file.path());
  const std::optional<CaptureTime> captured = capture_time_of_header(input);
  EXPECT_EQ(input.offset(), 0U);
  return captured;
}

TEST(CaptureTime, ReadsTheNamesOfNfcapd) {
  const std::int64_t begin = at("2026-11-22T10:40:00Z");
  const CaptureTime around{begin - 14 * kHour, begin + 14 * kHour + kDay};
  EXPECT_EQ(capture_time_of_name("nfcapd.202611221040"), around);
  EXPECT_EQ(capture_time_of_name("nfcapd.20261122104000"), around);
  for (const char* name :
       {"nfcapd.current.77", "nfcapd.2026112210", "nfcapd.202613221040", "nfcapd.20261122104x",
        "nfcapd.", "nfcapd.-02611221040", "x.202611221040", "nfcapd.202611221040.gz", ""}) {
    EXPECT_EQ(capture_time_of_name(name), std::nullopt) << name;
  }
}

TEST(CaptureTime, ReadsTheNamesOfFlowCapture) {
  const std::int64_t begin = at("2026-11-22T09:40:30Z");
  const CaptureTime day{begin, begin + kDay};
  EXPECT_EQ(capture_time_of_name("ft-v05.2026-11-22.104030+0100"), day);
  EXPECT_EQ(capture_time_of_name("ft-v07.2026-11-22.044030-0500"), day);
  for (const char* name :
       {"ft-v05.2026-11-22.104030", "ft-v05.2026-11-22.104030+01000",
        "tmp-v05.2026-11-22.104030+0100", "ft-v05.2026-13-22.104030+0100",
        "ft-v05.2026-11-22.996030+0100", "ft-", "ft-vxx.2026-11-22.104030+0100"}) {
    EXPECT_EQ(capture_time_of_name(name), std::nullopt) << name;
  }
}

TEST(CaptureTime, ReadsHeadersOfFinishedFilesThatEndWithTheirRecords) {
  const std::string records = record({}) + record({});
  const std::string header = captured_header(1000, 2000, kDone, 2);
  EXPECT_EQ(of_header(header + records), (CaptureTime{1'000'000, 2'000'000}));
  EXPECT_EQ(of_header(header + records + header), std::nullopt) << "another file behind it";
  EXPECT_EQ(of_header(header + record({})), std::nullopt);
  EXPECT_EQ(of_header(captured_header(1000, 2000, kStreaming, 2) + records), std::nullopt);
  EXPECT_EQ(of_header(captured_header(1000, 2000, kDone | kCompressed, 2) + records), std::nullopt);
  EXPECT_EQ(of_header(captured_header(0, 0, kDone, 2) + records), std::nullopt);
  EXPECT_EQ(of_header(captured_header(2000, 1000, kDone, 2) + records), std::nullopt);
  EXPECT_EQ(of_header(""), std::nullopt);
  EXPECT_EQ(of_header("text, of more than a few bytes"), std::nullopt);
  for (std::size_t size = 0; size < header.size(); ++size) {
    EXPECT_EQ(of_header(header.substr(0, size)), std::nullopt);
  }
}

TEST(SurelyOutside, LeavesTwoDaysOnBothSides) {
  const CaptureTime captured{100 * kDay, 101 * kDay};
  TimeWindow since;
  since.since = 103 * kDay;
  EXPECT_FALSE(surely_outside(captured, since, 0));
  since.since = 103 * kDay + 1;
  EXPECT_TRUE(surely_outside(captured, since, 0));
  EXPECT_FALSE(surely_outside(captured, since, 1)) << "times will be corrected";
  TimeWindow until;
  until.until = 98 * kDay;
  EXPECT_TRUE(surely_outside(captured, until, 0));
  EXPECT_FALSE(surely_outside(captured, until, 1));
  until.until = 98 * kDay + 1;
  EXPECT_FALSE(surely_outside(captured, until, 0));
  EXPECT_FALSE(surely_outside(captured, {}, 0));
}

}  // namespace
}  // namespace nfql::test
