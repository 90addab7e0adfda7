#include "common/io/nfdump_reader.h"

#include <gtest/gtest.h>

#include <utility>

#include "tests/unit/io/nfdump_reads.h"

namespace nfql::test {
namespace {

using Values = std::vector<std::pair<const char*, const char*>>;

void expect_values(const AllFlows& all, std::size_t row, const Values& values) {
  for (const auto& [name, value] : values) {
    EXPECT_EQ(all.at(row, name), value) << name;
  }
}

TEST(NfdumpReader, ReadsWhatEveryFlowHas) {
  const AllFlows all = read_nfdump(nf_header() + nf_block({nf_flow({nf_ipv4(), nf_generic()})}));
  EXPECT_EQ(all.error, "");
  ASSERT_EQ(all.rows(), 1U);
  EXPECT_EQ(names_of(all.schema),
            "start end srcip srcport dstip dstport proto flags packets bytes tos engine_type "
            "engine_id exportversion received fwdstatus exid nf_flags flowId");
  expect_values(all, 0,
                {{"start", "1795344066515"},
                 {"end", "1795344067000"},
                 {"srcip", "10.77.0.1"},
                 {"srcport", "42500"},
                 {"dstip", "10.77.0.2"},
                 {"dstport", "80"},
                 {"proto", "6"},
                 {"flags", "27"},
                 {"packets", "6"},
                 {"bytes", "393"},
                 {"tos", "8"},
                 {"engine_type", "1"},
                 {"engine_id", "2"},
                 {"exportversion", "9"},
                 {"received", "1795344068329"},
                 {"fwdstatus", "64"},
                 {"exid", "3"},
                 {"nf_flags", "0"},
                 {"flowId", "0"}});
}

TEST(NfdumpReader, ReadsRoutingCountersAndLayer2) {
  const AllFlows all = read_nfdump(
      nf_header() +
      nf_block({nf_flow(
          {nf_generic(), nf_ipv4(),
           nf_element(4,
                      Bytes().u32(11).u32(12).u8(24).u8(16).u8(1).u8(9).u8(2).u8(3).u16(0).bytes()),
           nf_element(5, Bytes().u64(7).u64(70).u64(700).bytes()),
           nf_element(6, Bytes().u32(100).u32(200).bytes()),
           nf_element(7, Bytes().u32(65'001).u32(65'002).bytes()),
           nf_element(8, Bytes().u32(0x0a000008).bytes()),
           nf_element(10, Bytes().u32(0x0a00000a).bytes()),
           nf_element(12, Bytes().u32(0x0a00000c).bytes()),
           nf_element(14, Bytes()
                              .u32(1)
                              .u32(2)
                              .u32(3)
                              .u32(4)
                              .u32(5)
                              .u32(6)
                              .u32(7)
                              .u32(8)
                              .u32(9)
                              .u32(10)
                              .bytes()),
           nf_element(15, Bytes().u64(0x1).u64(0x2).u64(0x3).u64(0x4).bytes()),
           nf_element(16, Bytes().u32(31).u32(32).bytes()),
           nf_element(33, Bytes().u64(331).u32(332).u32(0).bytes()),
           nf_element(36, Bytes().u32(361).u32(362).bytes()),
           nf_element(38, Bytes()
                              .u16(381)
                              .u16(382)
                              .u16(383)
                              .u16(384)
                              .u32(385)
                              .u32(386)
                              .u64(387)
                              .u16(0x800)
                              .u8(4)
                              .u8(0)
                              .u32(0)
                              .bytes()),
           nf_element(42, Bytes().u8(0).u8(0x40).u8(60).u8(64).bytes())})}));
  expect_values(all, 0, {{"inif", "11"},           {"outif", "12"},
                         {"srcmask", "24"},        {"dstmask", "16"},
                         {"direction", "1"},       {"dsttos", "9"},
                         {"biflowdir", "2"},       {"endreason", "3"},
                         {"flows", "7"},           {"outpackets", "70"},
                         {"outbytes", "700"},      {"srcvlan", "100"},
                         {"dstvlan", "200"},       {"srcas", "65001"},
                         {"dstas", "65002"},       {"bgpnexthop", "10.0.0.8"},
                         {"nexthop", "10.0.0.10"}, {"exporter", "10.0.0.12"},
                         {"mpls1", "1"},           {"mpls10", "10"},
                         {"srcmac", "1"},          {"outdstmac", "2"},
                         {"dstmac", "3"},          {"outsrcmac", "4"},
                         {"nextas", "31"},         {"prevas", "32"},
                         {"pointid", "331"},       {"obsdomain", "332"},
                         {"outvrf", "361"},        {"invrf", "362"},
                         {"dot1qvlan", "381"},     {"customervlan", "382"},
                         {"outdot1qvlan", "383"},  {"outcustomervlan", "384"},
                         {"inphysif", "385"},      {"outphysif", "386"},
                         {"vxlan", "387"},         {"ethertype", "2048"},
                         {"ipversion", "4"},       {"fragment", "64"},
                         {"minttl", "60"},         {"maxttl", "64"}});
}

TEST(NfdumpReader, ReadsEventsOfFirewallsAndNat) {
  const std::string ports = nf_element(22, Bytes().u16(1001).u16(1002).bytes());
  const AllFlows all = read_nfdump(
      nf_header() +
      nf_block(
          {nf_flow({nf_generic(), nf_ipv4(),
                    nf_element(19, Bytes().u64(5000).u32(77).u16(1001).u8(2).u8(0).bytes()),
                    nf_element(20, Bytes().u32(0x0a000014).u32(0x0a000015).bytes()), ports}),
           nf_flow({nf_generic(), nf_ipv4(),
                    nf_element(25, Bytes().u64(6000).u32(88).u8(4).u8(0).u16(0).bytes()),
                    nf_element(26, Bytes().u16(1).u16(2).u16(3).u16(4).bytes())}),
           // The older form of the NAT event.
           nf_flow({nf_generic(), nf_ipv4(),
                    nf_element(
                        25, Bytes().u64(7000).u32(91).u32(92).u32(99).u8(5).u8(0).u16(0).bytes()),
                    nf_element(39, Bytes().u64(1ULL << 40).bytes())})}));
  expect_values(all, 0,
                {{"eventtime", "5000"},
                 {"connid", "77"},
                 {"fwxevent", "1001"},
                 {"fwevent", "2"},
                 {"natsrcip", "10.0.0.20"},
                 {"natdstip", "10.0.0.21"},
                 {"natsrcport", "1001"},
                 {"natdstport", "1002"},
                 {"natevent", "?"},
                 {"portstart", "?"}});
  expect_values(all, 1,
                {{"eventtime", "6000"},
                 {"natpool", "88"},
                 {"natevent", "4"},
                 {"portstart", "1"},
                 {"portend", "2"},
                 {"portstep", "3"},
                 {"portcount", "4"},
                 {"fwevent", "?"},
                 {"connid", "?"}});
  expect_values(all, 2,
                {{"eventtime", "7000"},
                 {"outvrf", "91"},
                 {"invrf", "92"},
                 {"natpool", "99"},
                 {"natevent", "5"},
                 {"connid", "1099511627776"}});
}

TEST(NfdumpReader, AColumnOfAddressesIsWideFromItsFirstIpv6AddressOn) {
  const AllFlows narrow = read_nfdump(nf_header() + nf_block({nf_flow({nf_generic(), nf_ipv4()})}));
  const std::size_t source = narrow.schema.find("srcip").value();
  EXPECT_EQ(narrow.batches[0].columns[source].width, 4);

  std::vector<std::string> flows(1500, nf_flow({nf_generic(), nf_ipv4()}));
  flows.push_back(nf_flow({nf_generic(), nf_ipv6()}));
  flows.push_back(nf_flow({nf_generic(), nf_ipv4()}));
  const AllFlows both = read_nfdump(nf_header() + nf_block(flows));
  EXPECT_EQ(both.batches[0].columns[source].width, 16);
  EXPECT_EQ(both.at(0, "srcip"), "10.77.0.1");
  EXPECT_EQ(both.at(1500, "srcip"), "2001:db8::1");
  EXPECT_EQ(both.at(1500, "dstip"), "2001:db8::2");
  EXPECT_EQ(both.at(1501, "dstip"), "10.77.0.2");
}

TEST(NfdumpReader, OfTwoFamiliesThePairCountsThatIsNotZero) {
  const std::string none6 = nf_element(3, std::string(32, '\0'));
  const AllFlows all =
      read_nfdump(nf_header() + nf_block({nf_flow({nf_generic(), nf_ipv4(), none6}),
                                          nf_flow({nf_ipv6(), nf_generic(), nf_ipv4(0, 0)}),
                                          nf_flow({nf_generic()})}));
  EXPECT_EQ(all.at(0, "srcip"), "10.77.0.1");
  EXPECT_EQ(all.at(1, "srcip"), "2001:db8::1");
  EXPECT_EQ(all.at(2, "srcip"), "?");
}

TEST(NfdumpReader, AFieldThatAFlowLacksIsUnknownAndAFlowIsOneFlow) {
  const std::string counters = nf_element(5, Bytes().u64(0).u64(1).u64(2).bytes());
  const AllFlows all =
      read_nfdump(nf_header() + nf_block({nf_flow({nf_generic(), nf_ipv4()}),
                                          nf_flow({nf_generic(), nf_ipv4(), counters}),
                                          nf_flow({nf_generic({.received = 0}), nf_ipv4()})}));
  expect_values(all, 0, {{"outpackets", "?"}, {"flows", "1"}, {"flowId", "0"}});
  expect_values(all, 1, {{"outpackets", "1"}, {"outbytes", "2"}, {"flows", "1"}});
  expect_values(all, 2, {{"outpackets", "?"}, {"received", "?"}, {"flowId", "2"}});
}

TEST(NfdumpReader, KnowsExportersAndSamplersByTheirRecords) {
  const std::string exporter =
      nf_record(7, Bytes().u32(9).u64(0).u64(0x7f00'0001).u16(2).u16(3).u32(5).bytes());
  const std::string sampler = nf_record(9, Bytes().u32(0xffffffff).u32(100).u16(1).u16(3).bytes());
  const std::string received6 = nf_element(13, Bytes().u64(0x2001'0db8'0000'0000).u64(9).bytes());
  const AllFlows all = read_nfdump(
      nf_header() + nf_block({exporter, sampler}) +
      nf_block({nf_flow({nf_generic(), nf_ipv4()}), nf_flow({nf_generic(), nf_ipv4(), received6}),
                nf_flow({nf_generic(), nf_ipv4(),
                         nf_element(18, Bytes().u64(4).u16(3).u16(0).u32(0).bytes())}),
                nf_flow({nf_generic(), nf_ipv4(),
                         nf_element(18, Bytes().u32(4).u32(50).u16(2).u16(3).bytes())})}));
  EXPECT_EQ(all.error, "");
  expect_values(all, 0, {{"exporter", "127.0.0.1"}, {"sampling", "100"}, {"sampler", "?"}});
  EXPECT_EQ(all.at(1, "exporter"), "2001:db8::9");
  EXPECT_EQ(all.at(0, "exporter"), "127.0.0.1");
  expect_values(all, 2, {{"sampler", "4"}, {"sampling", "?"}});  // no sampler of that number
  expect_values(all, 3, {{"sampler", "4"}, {"sampling", "50"}, {"samplingalgorithm", "2"}});
}

TEST(NfdumpReader, FindsTheSamplerOfAFlowByItsNumber) {
  const auto sampler = [](unsigned id, unsigned seen, unsigned passed) {
    return nf_record(15, Bytes().u16(3).u16(1).u64(id).u32(seen).u32(passed).bytes());
  };
  const auto flow = [](unsigned id) {
    return nf_flow(
        {nf_generic(), nf_ipv4(), nf_element(18, Bytes().u64(id).u16(3).u16(0).u32(0).bytes())});
  };
  const AllFlows all = read_nfdump(
      nf_header() + nf_block({sampler(1, 1, 99), sampler(2, 1, 999), sampler(3, 0, 1), flow(2),
                              flow(1), flow(3), nf_flow({nf_generic(), nf_ipv4()})}));
  EXPECT_EQ(all.at(0, "sampling"), "1000");
  EXPECT_EQ(all.at(1, "sampling"), "100");
  EXPECT_EQ(all.at(2, "sampling"), "0");
  EXPECT_EQ(all.at(3, "sampling"), "?");  // which of them is not said
}

TEST(NfdumpReader, GivesTypeAndCodeOfIcmpToWhoAsks) {
  ReadOptions options;
  options.wanted = {element::kIcmpTypeCode};
  const AllFlows all = read_nfdump(
      nf_header() + nf_block({nf_flow({nf_generic({.dport = 0x0301, .proto = 1}), nf_ipv4()}),
                              nf_flow({nf_generic({.dport = 0x8500, .proto = 58}), nf_ipv6()}),
                              nf_flow({nf_generic(), nf_ipv4()})}),
      options);
  EXPECT_EQ(names_of(all.schema), "icmptypecode");
  EXPECT_EQ(all.at(0, "icmptypecode"), "769");
  EXPECT_EQ(all.at(1, "icmptypecode"), "34048");
  EXPECT_EQ(all.at(2, "icmptypecode"), "?");
}

TEST(NfdumpReader, PassesOverElementsAndRecordsThatItDoesNotKnow) {
  const AllFlows all = read_nfdump(
      nf_header() +
      nf_block({nf_record(8, "statistics"), nf_record(12, "names"),
                nf_flow({nf_element(24, "user"), nf_generic(), nf_element(999, ""), nf_ipv4(),
                         nf_element(34, "name"), nf_element(4, "too short")}),
                nf_record(0x8001, "none")}) +
      nf_block({"an array"}, NfMethod::none, 4));
  EXPECT_EQ(all.error, "");
  ASSERT_EQ(all.rows(), 1U);
  EXPECT_EQ(all.at(0, "dstport"), "80");
  EXPECT_FALSE(all.schema.find("inif"));
}

}  // namespace
}  // namespace nfql::test
