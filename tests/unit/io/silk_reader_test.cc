#include <gtest/gtest.h>

#include <utility>

#include "tests/unit/io/silk_reads.h"

namespace nfql::test {
namespace {

constexpr std::pair<const char*, const char*> kExpected[] = {{"start", "1234396800123"},
                                                             {"end", "1234396801623"},
                                                             {"srcip", "10.1.2.3"},
                                                             {"srcport", "40000"},
                                                             {"dstip", "192.168.1.2"},
                                                             {"dstport", "80"},
                                                             {"proto", "6"},
                                                             {"flags", "27"},
                                                             {"packets", "10"},
                                                             {"bytes", "1500"},
                                                             {"initialflags", "2"},
                                                             {"sessionflags", "25"},
                                                             {"inif", "3"},
                                                             {"outif", "4"},
                                                             {"nexthop", "10.0.0.254"},
                                                             {"application", "443"},
                                                             {"sensor", "7"},
                                                             {"flowtype", "2"},
                                                             {"tcpstate", "33"},
                                                             {"flowId", "0"}};

TEST(SilkReader, ReadsEveryFieldOfEveryLayoutInEitherByteOrder) {
  for (const SilkKind kind : kSilkKinds) {
    for (const Endian endian : {Endian::little, Endian::big}) {
      const AllFlows all =
          read_silk(silk_header(kind, SilkMethod::none, endian) + silk_record({}, kind, endian));
      ASSERT_EQ(all.error, "");
      ASSERT_EQ(all.rows(), 1U);
      EXPECT_EQ(all.schema.size(), std::size(kExpected));
      for (const auto& [name, value] : kExpected) {
        EXPECT_EQ(all.at(0, name), value) << name;
      }
    }
  }
}

TEST(SilkReader, CountersAndInterfacesOfVersion3AreWide) {
  SilkFlow f;
  f.packets = 5'000'000'000;
  f.bytes = 6'000'000'000'000;
  f.input = 70'000;
  f.output = 80'000;
  const AllFlows all =
      read_silk(silk_header(SilkKind::routing3) + silk_record(f, SilkKind::routing3));
  EXPECT_EQ(all.at(0, "packets"), "5000000000");
  EXPECT_EQ(all.at(0, "bytes"), "6000000000000");
  EXPECT_EQ(all.at(0, "inif"), "70000");
  EXPECT_EQ(all.at(0, "outif"), "80000");
}

TEST(SilkReader, ReadsEveryCompressionWhereverItsBlocksEnd) {
  for (const SilkMethod method : kSilkMethods) {
    for (const Endian endian : {Endian::little, Endian::big}) {
      std::string records;
      for (std::uint16_t i = 0; i < 10; ++i) {
        records += silk_record(silk_flow(i), SilkKind::routing1, endian);
      }
      const AllFlows all = read_silk(silk_header(SilkKind::routing1, method, endian) +
                                     silk_block(records.substr(0, 300), method) +
                                     silk_block(records.substr(300, 55), method) +
                                     silk_block(records.substr(355), method));
      ASSERT_EQ(all.error, "");
      ASSERT_EQ(all.rows(), 10U);
      for (std::size_t row = 0; row < 10; ++row) {
        EXPECT_EQ(all.at(row, "srcport"), std::to_string(row));
        EXPECT_EQ(all.at(row, "srcip"), "10.1.2.3");
      }
    }
  }
}

TEST(SilkReader, ABlockOfNoBytesEndsTheStream) {
  const std::string stream = silk_header(SilkKind::generic, SilkMethod::zlib) +
                             silk_block(silk_record({}), SilkMethod::zlib) + std::string(4, '\0');
  EXPECT_EQ(read_silk(stream).error, "");
  EXPECT_EQ(read_silk(stream + stream).rows(), 2U);
  EXPECT_EQ(read_silk(stream + "more").error,
            fmt::format("x.rw: block 1 at byte {}: it is empty, which ends a stream, but there is "
                        "more",
                        stream.size()));
}

TEST(SilkReader, AddressesAreAsWideAsTheFlowsNeed) {
  constexpr SilkKind kKind = SilkKind::routing1;
  const std::string header = silk_header(kKind);
  const AllFlows narrow = read_silk(header + silk_record(silk_flow(1), kKind));
  EXPECT_EQ(narrow.batches.at(0).columns.at(2).width, 4);
  const AllFlows all =
      read_silk(header + silk_record(silk_flow(1), kKind) + silk_record(silk_flow6(2), kKind) +
                silk_record(silk_flow(3), kKind));
  EXPECT_EQ(all.batches.at(0).columns.at(2).width, 16);
  EXPECT_EQ(all.at(0, "srcip"), "10.1.2.3");
  EXPECT_EQ(all.at(1, "srcip"), "2001:db8::1");
  EXPECT_EQ(all.at(1, "dstip"), "2001:db8::2");
  EXPECT_EQ(all.at(1, "nexthop"), "::");
  EXPECT_EQ(all.at(1, "tcpstate"), "33");
  EXPECT_EQ(all.at(2, "dstip"), "192.168.1.2");
}

TEST(SilkReader, WidensWhatEarlierPiecesOfTheBatchLeftNarrow) {
  constexpr SilkKind kKind = SilkKind::routing3;
  std::string bytes = silk_header(kKind);
  for (unsigned i = 0; i < 70'000; ++i) {
    bytes += silk_record(i == 65'000 ? silk_flow6(1) : silk_flow(2), kKind);
  }
  const AllFlows all = read_silk(bytes);
  ASSERT_EQ(all.rows(), 70'000U);
  EXPECT_EQ(all.batches.at(0).columns.at(2).width, 16);
  EXPECT_EQ(all.batches.at(1).columns.at(2).width, 4);
  EXPECT_EQ(all.at(0, "srcip"), "10.1.2.3");
  EXPECT_EQ(all.at(64'999, "nexthop"), "10.0.0.254");
  EXPECT_EQ(all.at(65'000, "srcip"), "2001:db8::1");
  EXPECT_EQ(all.at(65'001, "srcip"), "10.1.2.3");
  EXPECT_EQ(all.at(69'999, "flowId"), "69999");
}

TEST(SilkReader, WithoutTheirMarkAddressesAreOfIPv4Whatever) {
  SilkFlow f = silk_flow6(1);
  std::string record = silk_record(f, SilkKind::routing1);
  record[23] = 0x21;
  EXPECT_EQ(read_silk(silk_header(SilkKind::routing1) + record).at(0, "srcip"), "0.0.0.1");
  f = silk_flow(1);
  record = silk_record(f, SilkKind::routing1);
  record[23] = static_cast<char>(0xa1);
  EXPECT_EQ(read_silk(silk_header(SilkKind::routing1) + record).at(0, "srcip"), "10.1.2.3");
}

TEST(SilkReader, KnowsWhatIsNotKnown) {
  SilkFlow merged;  // flags not told apart
  merged.state = 0x20;
  merged.initial = merged.rest = 0;
  SilkFlow nobody;  // as records are that no sensor sent
  nobody.sensor = 0xffff;
  nobody.flow_type = 0xff;
  nobody.input = nobody.output = 0;
  nobody.next_hop = std::string(4, '\0');
  const AllFlows all = read_silk(silk_header() + silk_record(merged) + silk_record(nobody));
  EXPECT_EQ(all.at(0, "initialflags"), "?");
  EXPECT_EQ(all.at(0, "sessionflags"), "?");
  EXPECT_EQ(all.at(0, "flags"), "27");
  EXPECT_EQ(all.at(0, "sensor"), "7");
  EXPECT_EQ(all.at(1, "initialflags"), "2");
  EXPECT_EQ(all.at(1, "sensor"), "?");
  EXPECT_EQ(all.at(1, "flowtype"), "?");
  EXPECT_EQ(all.at(1, "inif"), "0");
  EXPECT_EQ(all.at(1, "nexthop"), "0.0.0.0");
}

TEST(SilkReader, GivesWhatIsWantedAndNoMore) {
  ReadOptions options;
  options.wanted = {element::kFlowCount, element::kIcmpTypeCode, element::kDestinationPort};
  SilkFlow ping;
  ping.proto = 1;
  ping.dport = 0x0800;
  const AllFlows all = read_silk(silk_header() + silk_record(ping) + silk_record({}), options);
  ASSERT_EQ(all.schema.size(), 3U);
  EXPECT_EQ(all.at(0, "flows"), "1");
  EXPECT_EQ(all.at(0, "icmptypecode"), "2048");
  EXPECT_EQ(all.at(0, "dstport"), "2048");
  EXPECT_EQ(all.at(1, "icmptypecode"), "?");
  options.wanted.emplace();
  EXPECT_EQ(read_silk(silk_header() + silk_record({}), options).rows(), 1U);
}

TEST(SilkReader, ReadsStreamAfterStream) {
  const std::string first = silk_header() + silk_record(silk_flow(0)) + silk_record(silk_flow(1));
  const std::string second =
      silk_header(SilkKind::routing1, SilkMethod::snappy, Endian::big) +
      silk_block(silk_record(silk_flow6(2), SilkKind::routing1, Endian::big), SilkMethod::snappy);
  const AllFlows all = read_silk(first + second + silk_header());
  ASSERT_EQ(all.error, "");
  ASSERT_EQ(all.rows(), 3U);
  for (std::size_t row = 0; row < 3; ++row) {
    EXPECT_EQ(all.at(row, "srcport"), std::to_string(row));
    EXPECT_EQ(all.at(row, "flowId"), std::to_string(row));
  }
  EXPECT_EQ(all.at(2, "srcip"), "2001:db8::1");
  ASSERT_EQ(all.sources.size(), 3U);
  EXPECT_EQ(all.sources[0].name, "x.rw");
  EXPECT_EQ(all.sources[1].first_flow, 2U);
  EXPECT_EQ(all.sources[2].first_flow, 3U);
  EXPECT_NE(all.sources[0].fingerprint, all.sources[1].fingerprint);
}

TEST(SilkReader, TimesBeforeTheEpochAndBeyondAllTime) {
  SilkFlow early;
  early.start = -1000;
  SilkFlow late;
  late.start = INT64_MAX;
  const AllFlows all = read_silk(silk_header() + silk_record(early) + silk_record(late));
  EXPECT_EQ(all.at(0, "start"), "-1000");
  EXPECT_EQ(all.at(0, "end"), "500");
  EXPECT_EQ(all.at(1, "start"), "9223372036854775807");
}

TEST(SilkReader, GoesPastAnyNumberOfHeaderEntriesOfAnyLength) {
  const std::string start = silk_start(0x16, 5, 52);
  Packed entries(Endian::big);
  entries.u32(3).u32(8 + 500'000).raw(std::string(500'000, 'n')).u32(77).u32(8);
  entries.u32(0).u32(8);
  const AllFlows all = read_silk(start + entries.bytes() + silk_record({}));
  EXPECT_EQ(all.error, "");
  EXPECT_EQ(all.rows(), 1U);
}

}  // namespace
}  // namespace nfql::test
