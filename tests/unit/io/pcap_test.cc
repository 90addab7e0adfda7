#include <gtest/gtest.h>

#include "common/io/ip_fragments.h"
#include "tests/unit/io/netflow_bytes.h"

namespace nfql::test {
namespace {

const std::string kFlow = netflow5({netflow5_record(1)});

std::string nfql_tag(unsigned type) {
  return Big().u16(type).u16(7).bytes();
}

TEST(Pcap, GivesTheFlowsOfItsDatagrams) {
  const std::string sets = template9(256, {{7, 2}}) + ipfix_set(256, "\2\2");
  const std::string messages =
      ipfix_message(ipfix_template(256, {{7, 2}}) + ipfix_set(256, "\3\3"));
  const std::string bytes =
      pcap({ethernet(ipv4(udp(kFlow))), ethernet(ipv4(udp("a name server's"))),
            ethernet(ipv4(udp(netflow9(sets)))), ethernet("arp", 0x0806),
            ethernet(ipv6(udp(messages)), 0x86dd)});
  const AllFlows all = read_export(bytes);
  ASSERT_EQ(ports_of(all), "1 514 771");
  EXPECT_EQ(row_of(all, 0, {"exporter", "flowId"}), "192.0.2.1 0");
  EXPECT_EQ(row_of(all, 2, {"exporter", "flowId"}), "2001:db8::1 2");
  EXPECT_EQ(all.sources[0].name, "x");
}

TEST(Pcap, HasEitherOrderOfBytesAndEitherUnitOfTime) {
  for (const Endian endian : {Endian::little, Endian::big}) {
    for (const std::uint32_t magic : {0xa1b2c3d4U, 0xa1b23c4dU}) {
      EXPECT_EQ(ports_of(read_export(pcap({ethernet(ipv4(udp(kFlow)))}, 1, endian, magic))), "1");
    }
  }
}

TEST(Pcap, KnowsTheUsualLinks) {
  const std::string four = ipv4(udp(kFlow));
  const std::string six = ipv6(udp(kFlow));
  const auto ports = [](const std::string& frame, unsigned link, Endian endian = Endian::little) {
    return ports_of(read_export(pcap({frame}, link, endian)));
  };
  EXPECT_EQ(ports(ethernet(four, 0x0800, nfql_tag(0x8100)), 1), "1");
  EXPECT_EQ(ports(ethernet(six, 0x86dd, nfql_tag(0x88a8) + nfql_tag(0x8100)), 1), "1");
  EXPECT_EQ(ports(Packed(Endian::little).u32(2).raw(four).bytes(), 0), "1");
  EXPECT_EQ(ports(Packed(Endian::big).u32(30).raw(six).bytes(), 0, Endian::big), "1");
  EXPECT_EQ(ports(Packed(Endian::big).u32(2).raw(four).bytes(), 108), "1");
  EXPECT_EQ(ports(four, 101), "1");
  EXPECT_EQ(ports(six, 101), "1");
  EXPECT_EQ(ports(std::string(14, 'c') + Big().u16(0x0800).bytes() + four, 113), "1");
  EXPECT_EQ(ports(Big().u16(0x86dd).bytes() + std::string(18, 'c') + six, 276), "1");
  EXPECT_EQ(ports(four, 105), "! x: is of link type 105, whose frames nobody here knows");
}

TEST(Pcap, PutsFragmentsTogether) {
  const std::string datagram = udp(kFlow);
  const std::string first = datagram.substr(0, 32);
  const std::string last = datagram.substr(32);
  const std::string a = ethernet(ipv4(first, 0x2000));
  const std::string b = ethernet(ipv4(last, 4));
  EXPECT_EQ(ports_of(read_export(pcap({a, b}))), "1");
  EXPECT_EQ(ports_of(read_export(pcap({b, a, ethernet(ipv4(udp(kFlow)))}))), "1 1");
  EXPECT_EQ(ports_of(read_export(pcap({a, a, b}))), "1");
  std::string warnings;
  const std::string other = ethernet(ipv4(last, 4, 2));
  EXPECT_EQ(ports_of(read_export(pcap({a, other}), &warnings)), "");
  EXPECT_EQ(warnings, "x: 2 datagrams left out: not all fragments are there");
  const auto fragment6 = [](unsigned offset, unsigned more) {
    return Big().u8(17).u8(0).u16(offset | more).u32(9).bytes();
  };
  EXPECT_EQ(ports_of(read_export(pcap({ethernet(ipv6(fragment6(0, 1) + first, 44), 0x86dd),
                                       ethernet(ipv6(fragment6(32, 0) + last, 44), 0x86dd)}))),
            "1");
  // Behind a header of options.
  const std::string hop = Big().u8(17).u8(0).u16(0).u32(0).bytes();
  EXPECT_EQ(ports_of(read_export(pcap({ethernet(ipv6(hop + datagram, 0), 0x86dd)}))), "1");
}

TEST(IpFragments, GivesUpWhatWasBegunFirst) {
  IpFragments fragments;
  const std::string bytes(8, 'x');
  IpPacket part;
  part.payload = std::as_bytes(std::span(bytes));
  part.more = true;
  for (part.id = 0; part.id < 100; ++part.id) {
    EXPECT_TRUE(fragments.add(part).empty());
  }
  EXPECT_EQ(fragments.incomplete(), 100U);
  part.id = 36;
  part.offset = 8;
  part.more = false;
  EXPECT_EQ(fragments.add(part).size(), 16U);
  part.id = 35;
  EXPECT_TRUE(fragments.add(part).empty());
  part.offset = 65'528;
  EXPECT_TRUE(fragments.add(part).empty());
}

TEST(Pcap, TemplatesAreThoseOfTheExporter) {
  const std::string a = netflow9(template9(256, {{7, 2}}) + ipfix_set(256, "\1\1"));
  const std::string b = netflow9(template9(256, {{11, 2}}) + ipfix_set(256, "\2\2"));
  const std::string records = netflow9(ipfix_set(256, "\3\3"), 1);
  const std::string bytes = pcap({ipv4(udp(a)), ipv6(udp(b)), ipv4(udp(records)),
                                  ipv6(udp(records)), ipv4(udp(records, 9996))},
                                 101);
  std::string warnings;
  const AllFlows all = read_export(bytes, &warnings);
  EXPECT_EQ(ports_of(all), "257 ? 771 ?");
  EXPECT_EQ(row_of(all, 3, {"dstport"}), "771");
  EXPECT_EQ(warnings.substr(0, 72),
            "x: 1 set of records left out: no template says what is in them (the firs");
}

TEST(Pcap, LeavesDamagedMessagesOut) {
  const std::string cut =
      netflow9(template9(256, {{7, 2}}) + ipfix_set(256, "\1\1") + Big().u16(256).u16(9).bytes());
  std::string warnings;
  const std::string whole = netflow9(ipfix_set(256, "\2\2"), 1);
  const AllFlows all = read_export(pcap({ipv4(udp(cut)), ipv4(udp(whole))}, 101), &warnings);
  EXPECT_EQ(ports_of(all), "257 514");
  EXPECT_EQ(warnings,
            "x: 1 damaged message, left out from there on: x: set at byte 106 is 9 bytes, 4 are "
            "left of the message");
}

TEST(Pcap, RefusesACaptureOfSomethingElse) {
  EXPECT_EQ(ports_of(read_export(pcap({ipv4(udp("GET /"))}, 101))),
            "! x: is a capture without NetFlow or IPFIX in it");
  EXPECT_EQ(ports_of(read_export(pcap({}))), "");
}

TEST(Pcap, EndsWhereItIsDamaged) {
  const std::string bytes = pcap({ipv4(udp(kFlow)), ipv4(udp(kFlow))}, 101);
  EXPECT_EQ(ports_of(read_export(bytes.substr(0, bytes.size() - 1))),
            "1 ! x: packet at byte 140 is cut short: 115 of 116 bytes");
  EXPECT_EQ(ports_of(read_export(bytes + std::string(7, 'x'))),
            "1 1 ! x: packet at byte 256 is cut short: 7 of 16 bytes");
  EXPECT_EQ(ports_of(read_export(bytes + std::string(16, 'x'))),
            "1 1 ! x: packet at byte 256 has 2021161080 bytes, more than any");
  EXPECT_EQ(ports_of(read_export(bytes.substr(0, 20))),
            "! x: is cut short: 20 bytes of its header");
}

TEST(Pcap, SurvivesEveryPrefixAndFlippedByte) {
  const std::string bytes = pcap(
      {ethernet(ipv4(udp(kFlow))),
       ethernet(ipv6(udp(netflow9(template9(256, {{7, 2}}) + ipfix_set(256, "\1\1")))), 0x86dd)});
  for (std::size_t i = 1; i < bytes.size(); ++i) {
    static_cast<void>(read_export(bytes.substr(0, i)));
    for (const unsigned flip : {1U, 0x80U, 0xffU}) {
      std::string flipped = bytes;
      flipped[i] = static_cast<char>(static_cast<unsigned char>(flipped[i]) ^ flip);
      EXPECT_LE(read_export(flipped).rows(), 30U);
    }
  }
}

}  // namespace
}  // namespace nfql::test
