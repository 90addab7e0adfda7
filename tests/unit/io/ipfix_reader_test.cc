#include "common/io/export_reader.h"

#include "tests/unit/io/ipfix_bytes.h"

namespace nfql::test {
namespace {

const std::string kUsual = "start end srcip srcport dstip dstport proto flags packets bytes flowId";

TEST(IpfixReader, ReadsTheUsualFieldsInAnyWidthAndOrder) {
  const std::string bytes = ipfix_message(
      ipfix_template(
          300,
          {{4, 1}, {12, 4}, {8, 4}, {153, 8}, {152, 8}, {11, 2}, {7, 2}, {6, 2}, {1, 3}, {2, 5}}) +
      ipfix_set(300, Big()
                         .u8(6)
                         .u32(0x0a4d0002)
                         .u32(0x0a4d0001)
                         .u64(1'795'344'067'000)
                         .u64(1'795'344'066'515)
                         .u16(80)
                         .u16(42'500)
                         .u16(0x011b)
                         .u24(0x010203)
                         .u8(1)
                         .u32(2)
                         .bytes()));
  const AllFlows all = read_ipfix(bytes);
  EXPECT_EQ(all.error, "");
  EXPECT_EQ(column_names(all.schema), kUsual);
  ASSERT_EQ(all.rows(), 1U);
  EXPECT_EQ(row_of(all, 0,
                   {"start", "end", "srcip", "srcport", "dstip", "dstport", "proto", "flags",
                    "packets", "bytes", "flowId"}),
            "1795344066515 1795344067000 10.77.0.1 42500 10.77.0.2 80 6 27 4294967298 66051 0");
  ASSERT_EQ(all.sources.size(), 1U);
  EXPECT_EQ(all.sources[0].name, "x.ipfix");
}

TEST(IpfixReader, KnowsNoFieldThatARecordDoesNotHave) {
  const std::string bytes = ipfix_message(
      ipfix_template(256, {{8, 4}}) + ipfix_template(257, {{7, 2}, {8, 4}}) +
      ipfix_set(257, Big().u16(1).u32(1).bytes()) + ipfix_set(256, Big().u32(2).u32(3).bytes()) +
      ipfix_set(257, Big().u16(4).u32(4).bytes()));
  const AllFlows all = read_ipfix(bytes);
  ASSERT_EQ(all.rows(), 4U);
  EXPECT_EQ(row_of(all, 0, {"srcport", "srcip"}), "1 0.0.0.1");
  EXPECT_EQ(row_of(all, 1, {"srcport", "srcip"}), "? 0.0.0.2");
  EXPECT_EQ(row_of(all, 2, {"srcport", "srcip", "start"}), "? 0.0.0.3 ?");
  EXPECT_EQ(row_of(all, 3, {"srcport", "srcip", "flowId"}), "4 0.0.0.4 3");
}

TEST(IpfixReader, ChoosesTheAddressesThatAreNotZero) {
  const std::string zero(16, '\0');
  const std::string network = Big().u64(0x20010db800000000).bytes();
  const std::vector<Ie> both = {{27, 16}, {28, 16}, {8, 4}, {12, 4}, {9, 1}, {29, 1}};
  const std::string ipv4 = zero + zero + Big().u32(1).u32(2).u8(24).u8(0).bytes();
  const std::string ipv6 =
      network + Big().u64(1).bytes() + network + Big().u64(2).u32(0).u32(0).u8(0).u8(64).bytes();
  const std::string from_any = zero + network + Big().u64(2).u32(0).u32(0).u16(0).bytes();
  const std::string head = ipfix_template(256, both);
  const std::vector<const char*> names = {"srcip", "dstip", "srcmask"};
  const AllFlows narrow = read_ipfix(ipfix_message(head + ipfix_set(256, ipv4)));
  EXPECT_EQ(narrow.batches[0].columns[2].width, 4);
  const AllFlows all =
      read_ipfix(ipfix_message(head + ipfix_set(256, ipv4 + ipv6 + from_any + ipv4)));
  EXPECT_EQ(row_of(all, 0, names), "0.0.0.1 0.0.0.2 24");
  EXPECT_EQ(row_of(all, 1, names), "2001:db8::1 2001:db8::2 64");
  EXPECT_EQ(row_of(all, 2, names), ":: 2001:db8::2 0");
  EXPECT_EQ(row_of(all, 3, names), "0.0.0.1 0.0.0.2 24");
}

TEST(IpfixReader, ReadsAnyElementOfFixedSize) {
  const std::string bytes = ipfix_message(ipfix_template(256, {{14, 1, 6871},
                                                               {999, 6, 6871},
                                                               {434, 4},
                                                               {85, 8},
                                                               {1, 8},
                                                               {56, 6},
                                                               {99, 4, 4242},
                                                               {43, 4},
                                                               {210, 3},
                                                               {320, 8},
                                                               {276, 1},
                                                               {5, 1, 29305}}) +
                                          ipfix_set(256, Big()
                                                             .u8(27)
                                                             .u16(1)
                                                             .u32(2)
                                                             .u32(static_cast<std::uint32_t>(-5))
                                                             .u64(85)
                                                             .u64(1)
                                                             .u16(0x0102)
                                                             .u32(0x03040506)
                                                             .u32(77)
                                                             .u32(0x01020304)
                                                             .u24(0)
                                                             .u64(0x3ff8000000000000)
                                                             .u8(2)
                                                             .u8(9)
                                                             .bytes()));
  const AllFlows all = read_ipfix(bytes);
  ASSERT_EQ(all.rows(), 1U);
  EXPECT_EQ(
      column_names(all.schema),
      "start end srcip srcport dstip dstport proto flags initialflags packets bytes srcmac flowId "
      "ipv4RouterSc octetTotalCount dataRecordsReliability absoluteError mibObjectValueInteger "
      "e4242:99 e6871:999 reverseIpClassOfService");
  EXPECT_EQ(row_of(all, 0,
                   {"ie43", "octetTotalCount", "ie276", "ie320", "mibObjectValueInteger",
                    "e4242:99", "INITIALtcpflags", "e6871:999", "e29305:5", "srcmac"}),
            "1.2.3.4 85 2 1.5 -5 77 27 4294967298 9 1108152157446");
}

// Exporters number flows too, as they like: two of theirs may be alike, two of ours never are.
TEST(IpfixReader, CountsFlowsItselfWhateverTheExportersNumbersAre) {
  const std::string bytes =
      ipfix_message(ipfix_template(256, {{148, 8}, {7, 2}}) +
                    ipfix_set(256, Big().u64(9).u16(1).u64(9).u16(2).bytes()));
  const AllFlows all = read_ipfix(bytes);
  ASSERT_EQ(all.rows(), 2U);
  EXPECT_EQ(row_of(all, 0, {"flowId", "connid", "srcport"}), "0 9 1");
  EXPECT_EQ(row_of(all, 1, {"flowId", "connid", "srcport"}), "1 9 2");
}

TEST(IpfixReader, TakesTotalsAndOtherPortsWhereThereIsNothingBetter) {
  const std::string bytes =
      ipfix_message(ipfix_template(256, {{85, 8}, {86, 4}, {182, 2}, {183, 2}}) +
                    ipfix_template(257, {{85, 8}, {1, 8}, {139, 2}}) +
                    ipfix_set(256, Big().u64(1).u32(2).u16(3).u16(4).bytes()) +
                    ipfix_set(257, Big().u64(5).u64(6).u16(0x8500).bytes()));
  const AllFlows all = read_ipfix(bytes);
  EXPECT_EQ(row_of(all, 0, {"bytes", "packets", "srcport", "dstport"}), "1 2 3 4");
  EXPECT_EQ(row_of(all, 1, {"bytes", "octetTotalCount", "dstport", "icmptypecode"}),
            "6 5 34048 34048");
}

TEST(IpfixReader, PassesOverTextAndLists) {
  const std::string bytes =
      ipfix_message(ipfix_template(256, {{82, 65535}, {7, 2}, {292, 65535}, {147, 4}, {11, 2}}) +
                    ipfix_set(256, Big()
                                       .u8(3)
                                       .raw("eth")
                                       .u16(1)
                                       .u8(255)
                                       .u16(300)
                                       .raw(std::string(300, 'x'))
                                       .raw("wlan")
                                       .u16(2)
                                       .u8(0)
                                       .u16(3)
                                       .u8(0)
                                       .raw("wlan")
                                       .u16(4)
                                       .raw("\0\0\0")
                                       .bytes()));
  const AllFlows all = read_ipfix(bytes);
  EXPECT_EQ(all.error, "");
  EXPECT_EQ(column_names(all.schema), kUsual);
  ASSERT_EQ(all.rows(), 2U);
  EXPECT_EQ(row_of(all, 0, {"srcport", "dstport"}), "1 2");
  EXPECT_EQ(row_of(all, 1, {"srcport", "dstport"}), "3 4");
}

TEST(IpfixReader, GivesTheColumnsThatAreWanted) {
  const std::string bytes = ipfix_message(ipfix_template(256, {{7, 2}, {11, 2}, {14, 1, 6871}}) +
                                              ipfix_set(256, Big().u16(1).u16(2).u8(3).bytes()),
                                          9);
  ReadOptions options;
  options.wanted = {element::kDestinationPort, element::kStream, {6871, 14}};
  options.named = {element::kDestinationPort, {6871, 15}, element::kObservationDomain};
  const auto reader = make_export_reader(input_of(bytes), options);
  const AllFlows all = read_all(*reader);
  EXPECT_EQ(column_names(all.schema), "dstport initialflags sessionflags obsdomain");
  EXPECT_EQ(row_of(all, 0, {"dstport", "obsdomain", "initialTCPFlags", "unionTCPFlags"}),
            "2 9 3 ?");
  EXPECT_EQ(reader->missing_fields(), (std::vector<ElementId>{{6871, 15}}));
  EXPECT_EQ(column_names(read_ipfix(bytes).schema),
            "start end srcip srcport dstip dstport proto flags initialflags packets bytes "
            "obsdomain flowId");
}

TEST(IpfixReader, FillsBatches) {
  std::string bytes = ipfix_message(ipfix_template(256, {{7, 2}}));
  std::string records;
  for (unsigned i = 0; i < 30'000; ++i) {
    records += Big().u16(i).bytes();
  }
  for (int i = 0; i < 5; ++i) {
    bytes += ipfix_message(ipfix_set(256, records));
  }
  const AllFlows all = read_ipfix(bytes);
  ASSERT_EQ(all.batches.size(), 3U);
  EXPECT_EQ(all.batches[0].rows, kMaxRows);
  EXPECT_EQ(all.rows(), 150'000U);
  EXPECT_EQ(row_of(all, 149'999, {"srcport", "flowId"}), "29999 149999");
  EXPECT_EQ(row_of(all, kMaxRows, {"srcport", "flowId"}), "5536 65536");
}

}  // namespace
}  // namespace nfql::test
