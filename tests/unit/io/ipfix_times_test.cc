// Times of IPFIX: all the ways to say when a flow began and ended, and those that say too much.
#include "tests/unit/io/ipfix_bytes.h"

namespace nfql::test {
namespace {

// Start and end of one flow.
std::string times_of(const std::vector<Ie>& fields, const std::string& record) {
  const AllFlows all =
      read_ipfix(ipfix_message(ipfix_template(256, fields) + ipfix_set(256, record)));
  return all.rows() == 1 ? row_of(all, 0, {"start", "end"}) : all.error;
}

TEST(IpfixTimes, ReadsEveryKindOfTime) {
  EXPECT_EQ(times_of({{150, 4}, {151, 4}}, Big().u32(1000).u32(1001).bytes()), "1000000 1001000");
  EXPECT_EQ(times_of({{152, 8}, {153, 8}}, Big().u64(1234).u64(5678).bytes()), "1234 5678");
  // 0.5 s and 0.25 s after 2036-02-07T06:28:16 and after 1970.
  EXPECT_EQ(times_of({{154, 8}, {155, 8}},
                     Big().u32(2'208'988'800).u32(0x40000000).u32(0).u32(0x80000000).bytes()),
            "250 2085978496500");
  // 0.999 s as it is cut off in NTP's fraction, in microseconds and in nanoseconds.
  EXPECT_EQ(
      times_of({{154, 8}, {157, 8}},
               Big().u32(2'208'988'801).u32(0xffbe7000).u32(2'208'988'801).u32(0xffbe76c8).bytes()),
      "1999 1999");
  EXPECT_EQ(times_of({{158, 4}, {159, 4}}, Big().u32(2'500'000).u32(1).bytes()),
            "1795344124500 1795344126999");
  EXPECT_EQ(times_of({{152, 8}, {161, 4}}, Big().u64(5000).u32(70).bytes()), "5000 5070");
  EXPECT_EQ(times_of({{153, 8}, {162, 4}}, Big().u64(5000).u32(70'999).bytes()), "4930 5000");
  EXPECT_EQ(times_of({{150, 4}, {152, 8}, {157, 8}}, Big().u32(1).u64(1500).u64(0).bytes()),
            "1500 2085978496000");
  EXPECT_EQ(
      times_of({{160, 8}, {22, 4}, {21, 4}}, Big().u64(1'795'344'000'000).u32(5).u32(7).bytes()),
      "1795344000005 1795344000007");
}

TEST(IpfixTimes, CountsUptimesFromWhenTheExporterSaysItStarted) {
  constexpr std::uint64_t kExportMs = std::uint64_t{kExported} * 1000;
  const std::string flow = ipfix_template(256, {{22, 4}, {21, 4}});
  const std::string record = ipfix_set(256, Big().u32(1000).u32(1500).bytes());
  const auto options = [](std::uint64_t boot) {
    return ipfix_options(400, 1, {{149, 4}, {160, 8}}) +
           ipfix_set(400, Big().u32(0).u64(boot).bytes());
  };
  const AllFlows said = read_ipfix(ipfix_message(options(kExportMs - 9000) + flow + record));
  EXPECT_EQ(row_of(said, 0, {"start", "end"}), "1795344119000 1795344119500");
  // After 2^32 ms uptimes begin anew.
  const AllFlows wrapped =
      read_ipfix(ipfix_message(options(kExportMs - (1ULL << 32) - 2000) + flow + record));
  EXPECT_EQ(row_of(wrapped, 0, {"start", "end"}), "1795344126000 1795344126500");
  // Of another domain: then the latest flow ended when it was exported.
  const std::string guessed = ipfix_message(options(5), 7) + ipfix_message(flow + record);
  EXPECT_EQ(row_of(read_ipfix(guessed), 0, {"start", "end"}), "1795344126500 1795344127000");
  EXPECT_EQ(ipfix_warnings(guessed),
            "x.ipfix: times are uptimes, and it does not say since when: they are those at which "
            "flows were exported, or earlier");
}

TEST(IpfixTimes, GoBackToBeforeUptimesBeganAnew) {
  // Of an exporter that does not say when it started: it began 796 ms before the export.
  EXPECT_EQ(times_of({{22, 4}, {21, 4}}, Big().u32(4'294'967'000).u32(500).bytes()),
            "1795344126204 1795344127000");
  // Of one that says it in the record, 2^32 ms and 2 s before the export.
  const std::uint64_t boot = std::uint64_t{kExported} * 1000 - (1ULL << 32U) - 2000;
  EXPECT_EQ(
      times_of({{160, 8}, {22, 4}, {21, 4}}, Big().u64(boot).u32(4'294'967'000).u32(1500).bytes()),
      "1795344124704 1795344126500");
}

TEST(IpfixTimes, AreUnknownWhereTheUptimeIsNoNumber) {
  EXPECT_EQ(times_of({{160, 8}, {22, 16}, {21, 4}},
                     Big().u64(1'795'344'000'000).raw(std::string(16, 'x')).u32(7).bytes()),
            "? 1795344000007");
}

TEST(IpfixTimes, EndWithWhatIsTheLast) {
  const std::string last = "9223372036854775807";
  EXPECT_EQ(times_of({{152, 8}, {153, 8}}, Big().u64(1ULL << 63U).u64(~0ULL).bytes()),
            last + " " + last);
  EXPECT_EQ(times_of({{150, 8}, {152, 8}}, Big().u64(1).u64(~0ULL >> 1U).bytes()), last + " ?");
  EXPECT_EQ(times_of({{150, 8}, {151, 8}}, Big().u64(1ULL << 62U).u64(~0ULL).bytes()),
            "9223372036854775000 9223372036854775000");
  EXPECT_EQ(times_of({{152, 8}, {161, 8}}, Big().u64(5).u64(~0ULL).bytes()), "5 " + last);
  EXPECT_EQ(times_of({{153, 8}, {161, 8}}, Big().u64(5).u64(~0ULL).bytes()),
            "-9223372036854775808 5");
  EXPECT_EQ(
      times_of({{160, 8}, {22, 8}, {21, 4}}, Big().u64(5).u64(~0ULL).u32(1).bytes()).find('-'),
      std::string::npos);
}

}  // namespace
}  // namespace nfql::test
