#include <gtest/gtest.h>

#include "tests/unit/io/netflow_bytes.h"

namespace nfql::test {
namespace {

const std::vector<Ie> kTimes9 = {{7, 2}, {22, 4}, {21, 4}};

std::string times9(unsigned port, std::uint32_t first, std::uint32_t last) {
  return Big().u16(port).u32(first).u32(last).bytes();
}

TEST(Netflow5, HasAllFieldsOfItsRecords) {
  const AllFlows all = read_export(netflow5({netflow5_record(1), netflow5_record(2)}));
  EXPECT_EQ(all.error, "");
  ASSERT_EQ(all.rows(), 2U);
  EXPECT_EQ(row_of(all, 1, {"start",       "end",       "srcip",   "srcport", "dstip",   "dstport",
                            "proto",       "flags",     "packets", "bytes",   "tos",     "input",
                            "output",      "nexthop",   "srcas",   "dstas",   "srcmask", "dstmask",
                            "engine_type", "engine_id", "flowId"}),
            "1795344122250 1795344126250 10.77.0.1 2 10.77.0.2 80 6 27 6 393 8 3 4 10.77.0.254 "
            "65001 65002 24 16 1 7 1");
  EXPECT_FALSE(all.schema.find("sampling").has_value());
}

TEST(Netflow5, SaysHowItWasSampled) {
  const AllFlows all = read_export(netflow5({netflow5_record(1)}, {0, 0, 0x4000 | 100}));
  EXPECT_EQ(row_of(all, 0, {"sampling"}), "100");
}

TEST(Netflow5, UptimesMayBeginAnewBetweenFlowAndExport) {
  const std::string record = netflow5_record(1, UINT32_MAX - 999, 500);
  const AllFlows all = read_export(netflow5({record}, {0, 0, 0, 2000}));
  EXPECT_EQ(row_of(all, 0, {"start", "end"}), "1795344124250 1795344125750");
}

TEST(Netflow5, LiesBackToBackOrInSlots) {
  const std::string one = netflow5({netflow5_record(1)});
  const std::string two = netflow5({netflow5_record(2), netflow5_record(3)}, {1});
  const std::string full = netflow5(std::vector<std::string>(30, netflow5_record(4)), {3});
  EXPECT_EQ(ports_of(read_export(one + two)), "1 2 3");
  EXPECT_EQ(read_export(one + two + full + one).rows(), 34U);
  const auto slot = [](std::string bytes, char filler) {
    bytes.resize(1464, filler);
    return bytes;
  };
  for (const char filler : {'\0', 'x'}) {
    EXPECT_EQ(ports_of(read_export(slot(one, filler) + slot(two, filler))), "1 2 3");
    EXPECT_EQ(read_export(slot(one, filler) + full + slot(two, filler)).rows(), 33U);
  }
  EXPECT_EQ(ports_of(read_export(one + std::string(3, '\0') + two + std::string(1, '\0'))),
            "1 2 3");
}

TEST(Netflow5, GivesWhatIsThereBeforeItIsCutShort) {
  const std::string bytes = netflow5({netflow5_record(1), netflow5_record(2)});
  EXPECT_EQ(ports_of(read_export(bytes.substr(0, bytes.size() - 1))),
            "1 ! x: message at byte 0 is cut short: 119 of 120 bytes");
  EXPECT_EQ(ports_of(read_export(bytes + bytes.substr(0, 23))),
            "1 2 ! x: message at byte 120 is cut short: 23 bytes of its header");
  EXPECT_EQ(ports_of(read_export(bytes + "abcd")),
            "1 2 ! x: message at byte 120 is of version 24930: 5, 9 and 10 are read");
}

TEST(Netflow5, CountsFlowsThatAreMissing) {
  std::string warnings;
  const auto message = [](std::uint32_t sequence) {
    return netflow5({netflow5_record(1), netflow5_record(1)}, {sequence});
  };
  static_cast<void>(read_export(message(10) + message(12) + message(14), &warnings));
  EXPECT_EQ(warnings, "");
  static_cast<void>(read_export(message(10) + message(15), &warnings));
  EXPECT_EQ(warnings, "x: 3 flows of NetFlow v5 did not arrive, by their sequence");
  // One came late, and another exporter began anew.
  static_cast<void>(read_export(
      message(10) + message(14) + message(12) + message(16) + message(900'000'000) + message(1),
      &warnings));
  EXPECT_EQ(warnings, "");
}

TEST(Netflow9, ReadsFlowsOfItsTemplates) {
  const std::string bytes = netflow9(
      template9(256, kTimes9) + ipfix_set(256, times9(1, kUptime - 20, kUptime - 10) +
                                                   times9(2, 0, kUptime) + std::string(2, '\0')),
      0, 77);
  const AllFlows all = read_export(bytes);
  ASSERT_EQ(ports_of(all), "1 2");
  EXPECT_EQ(row_of(all, 0, {"start", "end", "observationDomainId"}),
            "1795344126980 1795344126990 77");
  EXPECT_EQ(row_of(all, 1, {"start", "end"}), "1795340527000 1795344127000");
}

TEST(Netflow9, UptimesMayBeginAnewBetweenFlowAndExport) {
  const std::string sets =
      template9(256, kTimes9) + ipfix_set(256, times9(1, UINT32_MAX - 999, 500));
  EXPECT_EQ(row_of(read_export(netflow9(sets, 0, 0, 2000)), 0, {"start", "end"}),
            "1795344124000 1795344125500");
}

TEST(Netflow9, EndsWhereTheNextMessageBegins) {
  const std::string first = netflow9(template9(256, {{7, 2}}) + ipfix_set(256, "\1\1\2\2"));
  const std::string second = netflow9(ipfix_set(256, "\3\3"), 1);
  EXPECT_EQ(ports_of(read_export(first + second)), "257 514 771");
  for (const std::size_t zeros : {4U, 5U, 7U, 900U}) {
    const std::string tail(zeros, '\0');
    EXPECT_EQ(ports_of(read_export(first + tail + second + tail)), "257 514 771") << zeros;
  }
  EXPECT_EQ(ports_of(read_export(first + second.substr(0, second.size() - 1))),
            "257 514 ! x: message at byte 40 is cut short: 25 of 26 bytes");
}

TEST(Netflow9, PassesOverFieldsOfNoLength) {
  const std::string sets = template9(256, {{8, 0}, {7, 2}, {4, 0}}) + ipfix_set(256, "\1\1\2\2") +
                           template9(257, {{7, 0}}) + ipfix_set(257, "xxxx") + template9(258, {}) +
                           ipfix_set(258, "xxxx");
  std::string warnings;
  const AllFlows all = read_export(netflow9(sets), &warnings);
  EXPECT_EQ(ports_of(all), "257 514");
  EXPECT_EQ(row_of(all, 0, {"srcip", "proto"}), "? ?");
  EXPECT_EQ(warnings, "x: 1 set of records left out: their template has no bytes");
}

TEST(Netflow9, OptionsTellOfSamplingAndAreNoFlows) {
  const std::string flow = template9(256, {{7, 2}});
  const std::string options = options9(300, {{1, 4}}, {{48, 1}, {50, 4}});
  const auto sampler = [](unsigned number, unsigned interval) {
    return ipfix_set(300, Big().u32(9).u8(number).u32(interval).bytes());
  };
  const std::string record = ipfix_set(256, "\1\1");
  const AllFlows all = read_export(netflow9(flow + options + sampler(1, 512) + record));
  ASSERT_EQ(ports_of(all), "257");
  EXPECT_EQ(row_of(all, 0, {"sampling"}), "512");
  // Of two samplers nobody knows which took the packets.
  const AllFlows two =
      read_export(netflow9(flow + options + sampler(1, 512) + sampler(2, 64) + record));
  EXPECT_FALSE(two.schema.find("sampling").has_value());
  EXPECT_EQ(ports_of(read_export(netflow9(flow + options9(300, {}, {{34, 4}}) +
                                          ipfix_set(300, Big().u32(10).bytes()) + record))),
            "257");
}

TEST(Netflow9, OptionsOfNoLengthTellNothing) {
  const std::string sets = options9(300, {{1, 0}}, {{34, 0}}) + ipfix_set(300, "abcd") +
                           template9(256, {{7, 2}}) + ipfix_set(256, "\1\1");
  EXPECT_EQ(ports_of(read_export(netflow9(sets))), "257");
}

TEST(Netflow9, TypesOfCiscoAreElementsOfCisco) {
  const AllFlows all = read_export(netflow9(template9(256, {{7, 2}, {45'003, 4}}) +
                                            ipfix_set(256, Big().u16(1).u32(5).bytes())));
  EXPECT_EQ(row_of(all, 0, {"e9:12235"}), "5");
}

TEST(Netflow9, CountsDatagramsThatAreMissing) {
  std::string warnings;
  const std::string sets = template9(256, {{7, 2}}) + ipfix_set(256, "\1\1");
  static_cast<void>(
      read_export(netflow9(sets, 7) + netflow9(sets, 8) + netflow9(sets, 10) + netflow9(sets, 3, 1),
                  &warnings));
  EXPECT_EQ(warnings,
            "x: 1 datagram of NetFlow v9 did not arrive, by their sequence|x: some flows "
            "have fields that the first ones lack, and that were left out; name them in --columns: "
            "obsdomain");
}

TEST(Netflow9, RefusesDamage) {
  const auto error_of = [](const std::string& sets) { return read_export(netflow9(sets)).error; };
  EXPECT_EQ(error_of(ipfix_set(0, Big().u16(255).u16(1).u32(0x70002).bytes())),
            "x: template at byte 24 has the number 255, the least is 256");
  EXPECT_EQ(error_of(ipfix_set(0, Big().u16(300).u16(2).u32(0x70002).bytes())),
            "x: template at byte 24 does not fit into its set");
  EXPECT_EQ(error_of(Big().u16(256).u16(3).bytes()),
            "x: set at byte 20 is 3 bytes, 4 are left of the message");
}

TEST(Exports, OfAllVersionsMayBeInOneFile) {
  const std::string bytes = netflow5({netflow5_record(1)}) +
                            netflow9(template9(256, {{7, 2}}) + ipfix_set(256, "\2\2")) +
                            ipfix_message(ipfix_template(256, {{11, 2}}) + ipfix_set(256, "\3\3")) +
                            netflow9(ipfix_set(256, "\4\4")) + netflow5({netflow5_record(5)}, {1});
  EXPECT_EQ(ports_of(read_export(bytes)), "1 514 ? 1028 5");
}

}  // namespace
}  // namespace nfql::test
