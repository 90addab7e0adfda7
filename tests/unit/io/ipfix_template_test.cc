// Templates of IPFIX: scopes, changes, biflows; and files that are damaged.
#include "tests/unit/io/ipfix_bytes.h"

namespace nfql::test {
namespace {

const std::string kPorts = ipfix_template(256, {{7, 2}, {11, 2}});

std::string ports(unsigned source, unsigned destination) {
  return ipfix_set(256, Big().u16(source).u16(destination).bytes());
}

std::string all_ports(const AllFlows& all) {
  std::string text;
  for (std::size_t i = 0; i < all.rows(); ++i) {
    text += row_of(all, i, {"srcport", "dstport"}) + ";";
  }
  return text + all.error;
}

TEST(IpfixTemplates, HoldInTheirDomainOnly) {
  const std::string swapped = ipfix_template(256, {{11, 2}, {7, 2}});
  const std::string bytes = ipfix_message(kPorts, 1) + ipfix_message(swapped, 2) +
                            ipfix_message(ports(1, 2), 1) + ipfix_message(ports(1, 2), 2) +
                            ipfix_message(ports(1, 2), 3);
  EXPECT_EQ(all_ports(read_ipfix(bytes)), "1 2;2 1;");
  EXPECT_EQ(ipfix_warnings(bytes),
            "x.ipfix: 1 set of records left out: no template says what is in them (the first at "
            "byte 128, of template 256 in domain 3)");
}

TEST(IpfixTemplates, MayBeDefinedAnewAndWithdrawn) {
  const std::string swapped = ipfix_template(256, {{11, 2}, {7, 2}});
  EXPECT_EQ(all_ports(read_ipfix(ipfix_message(kPorts + ports(1, 2) + swapped + ports(1, 2) +
                                               kPorts + kPorts + ports(1, 2)))),
            "1 2;2 1;1 2;");
  const auto withdrawal = [](unsigned set, unsigned number) {
    return ipfix_set(set, Big().u16(number).u16(0).bytes());
  };
  const auto rows_after = [&](const std::string& sets) {
    return read_ipfix(ipfix_message(kPorts + sets + ports(1, 2))).rows();
  };
  EXPECT_EQ(rows_after(withdrawal(2, 256)), 0U);
  EXPECT_EQ(rows_after(withdrawal(2, 257)), 1U);
  EXPECT_EQ(rows_after(withdrawal(2, 2)), 0U);
  EXPECT_EQ(rows_after(withdrawal(3, 3)), 1U) << "those of options";
  EXPECT_EQ(rows_after(withdrawal(2, 2) + kPorts), 1U);
}

TEST(IpfixTemplates, ThatComeLaterBringNoNewColumns) {
  const std::string bytes =
      ipfix_message(kPorts + ports(1, 2) + ipfix_template(256, {{7, 2}, {11, 2}, {5, 1}}) +
                    ipfix_set(256, Big().u16(3).u16(4).u8(5).bytes()));
  EXPECT_EQ(all_ports(read_ipfix(bytes)), "1 2;3 4;");
  EXPECT_EQ(ipfix_warnings(bytes),
            "x.ipfix: some flows have fields that the first ones lack, and that were left out; "
            "name them in --columns: tos");
  ReadOptions options;
  options.named = {element::kClassOfService};
  EXPECT_EQ(ipfix_warnings(bytes, options), "");
  EXPECT_EQ(read_ipfix(bytes, options).at(1, "tos"), "5");
}

TEST(IpfixTemplates, WithoutBytesHaveNoRecords) {
  const std::string bytes = ipfix_message(
      ipfix_template(300, {{7, 0}}) + ipfix_set(300, Big().u32(0).bytes()) + kPorts + ports(1, 2));
  EXPECT_EQ(all_ports(read_ipfix(bytes)), "1 2;");
  EXPECT_EQ(ipfix_warnings(bytes),
            "x.ipfix: 1 set of records left out: their template has no bytes");
}

TEST(IpfixTemplates, OfOptionsAndReservedSetsGiveNoFlows) {
  const std::string bytes = ipfix_message(kPorts + ipfix_options(300, 1, {{149, 4}, {41, 8}}) +
                                          ipfix_set(300, Big().u32(1).u64(2).bytes()) +
                                          ipfix_set(4, "abcd") + ipfix_set(256, "") + ports(1, 2));
  EXPECT_EQ(all_ports(read_ipfix(bytes)), "1 2;");
  EXPECT_EQ(ipfix_warnings(bytes), "");
}

TEST(IpfixTemplates, OfOptionsWithoutBytesAreHarmless) {
  const std::string bytes =
      ipfix_message(ipfix_options(256, 1, {{149, 0}}) + ipfix_set(256, std::string(8, '\0')));
  EXPECT_EQ(all_ports(read_ipfix(bytes)), "");
}

const std::string kBiflow = ipfix_template(256, {{8, 4},
                                                 {12, 4},
                                                 {7, 2},
                                                 {11, 2},
                                                 {4, 1},
                                                 {152, 8},
                                                 {153, 8},
                                                 {2, 4},
                                                 {6, 1},
                                                 {5, 1},
                                                 {2, 4, 29305},
                                                 {6, 1, 29305},
                                                 {21, 4, 6871},
                                                 {14, 1, 6871},
                                                 {16398, 1, 6871}});

std::string biflow(unsigned answers) {
  return Big()
      .u32(1)
      .u32(2)
      .u16(1000)
      .u16(80)
      .u8(6)
      .u64(5000)
      .u64(9000)
      .u32(10)
      .u8(2)
      .u8(3)
      .u32(answers)
      .u8(18)
      .u32(40)
      .u8(2)
      .u8(0x12)
      .bytes();
}

const std::vector<const char*> kShown = {"srcip",          "srcport", "dstip",   "dstport", "proto",
                                         "start",          "end",     "packets", "flags",   "tos",
                                         "initialTCPFlags"};

TEST(IpfixBiflows, AreOneFlowWithFieldsOfTheOtherDirection) {
  const AllFlows all = read_ipfix(ipfix_message(kBiflow + ipfix_set(256, biflow(7))));
  ASSERT_EQ(all.rows(), 1U);
  EXPECT_EQ(row_of(all, 0, kShown), "0.0.0.1 1000 0.0.0.2 80 6 5000 9000 10 2 3 2");
  EXPECT_EQ(row_of(all, 0,
                   {"outpackets", "reverseTcpControlBits", "e6871:16398",
                    "reverseFlowDeltaMilliseconds"}),
            "7 18 18 40");
}

TEST(IpfixBiflows, AreTwoFlowsWhereThatIsAskedFor) {
  ReadOptions options;
  options.split_biflow = true;
  const AllFlows all = read_ipfix(
      ipfix_message(kBiflow + ipfix_set(256, biflow(7) + biflow(0) + biflow(8))), options);
  ASSERT_EQ(all.rows(), 5U) << "no flow of no packets";
  for (const std::size_t row : {0U, 1U, 2U}) {
    EXPECT_EQ(row_of(all, row, kShown), "0.0.0.1 1000 0.0.0.2 80 6 5000 9000 10 2 3 2");
  }
  EXPECT_EQ(row_of(all, 3, kShown), "0.0.0.2 80 0.0.0.1 1000 6 5040 9000 7 18 ? 18");
  EXPECT_EQ(row_of(all, 4, kShown), "0.0.0.2 80 0.0.0.1 1000 6 5040 9000 8 18 ? 18");
  EXPECT_EQ(all.at(4, "flowId"), "4");
  EXPECT_FALSE(all.schema.find("outpackets"));
  EXPECT_EQ(read_ipfix(ipfix_message(kPorts + ports(1, 2)), options).rows(), 1U);
}

TEST(IpfixBiflows, AreAnsweredWhereAnyCounterOfTheAnswerSaysSo) {
  ReadOptions options;
  options.split_biflow = true;
  const auto answers = [&options](unsigned packets, unsigned octets) {
    return read_ipfix(ipfix_message(ipfix_template(256, {{7, 2}, {2, 4, 29305}, {1, 4, 29305}}) +
                                    ipfix_set(256, Big().u16(1).u32(packets).u32(octets).bytes())),
                      options)
               .rows() -
           1;
  };
  EXPECT_EQ(answers(0, 0), 0U);
  EXPECT_EQ(answers(0, 40), 1U);
  EXPECT_EQ(answers(1, 0), 1U);
}

std::string whole_file() {
  return ipfix_message(kPorts + ports(1, 2)) +
         ipfix_message(ports(3, 4) + ipfix_options(300, 1, {{149, 4}, {82, 65535}}) + ports(5, 6)) +
         ipfix_message(ipfix_template(301, {{82, 65535}, {7, 2}}) +
                       ipfix_set(301, Big().u8(2).raw("ab").u16(7).bytes()));
}

TEST(IpfixDamage, EveryPrefixGivesTheGoodFlowsAndSaysThatItIsCut) {
  const std::string whole = whole_file();
  const std::size_t first = 16 + 16 + 8;
  const std::size_t second = first + 16 + 8 + 18 + 8;
  ASSERT_EQ(read_ipfix(whole).error, "");
  ASSERT_EQ(read_ipfix(whole).rows(), 4U);
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const AllFlows all = read_ipfix(whole.substr(0, size));
    const bool at_message = size == first || size == second;
    EXPECT_EQ(all.error.empty(), at_message) << size;
    EXPECT_EQ(all.rows(), size < first            ? 0U
                          : size < first + 16 + 8 ? 1U
                          : size < second         ? 2U
                                                  : 3U)
        << size;
  }
}

TEST(IpfixDamage, FlippedBytesAreHarmless) {
  const std::string whole = whole_file();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const unsigned flip : {0x01U, 0x80U, 0xffU}) {
      std::string bytes = whole;
      bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ flip);
      EXPECT_LE(read_ipfix(bytes).rows(), 8U) << at;
    }
  }
}

TEST(IpfixDamage, IsSaidWithItsPlace) {
  const auto error_of = [](const std::string& sets) {
    const AllFlows all = read_ipfix(ipfix_message(kPorts + ports(1, 2) + sets));
    EXPECT_EQ(all.rows(), 1U) << "what is good comes first";
    return all.error;
  };
  EXPECT_EQ(error_of(Big().u16(256).u16(0).bytes()),
            "x.ipfix: set at byte 40 is 0 bytes, 4 are left of the message");
  EXPECT_EQ(error_of(Big().u16(256).u16(9).u32(0).bytes()),
            "x.ipfix: set at byte 40 is 9 bytes, 8 are left of the message");
  EXPECT_EQ(error_of("abc"),
            "x.ipfix: set at byte 40 has no header: 3 bytes are left of the message");
  EXPECT_EQ(error_of(ipfix_set(2, Big().u16(300).u16(2).u16(7).u16(2).bytes())),
            "x.ipfix: template at byte 44 does not fit into its set");
  EXPECT_EQ(error_of(ipfix_set(2, Big().u16(300).u16(1).u16(0x8007).u16(2).bytes())),
            "x.ipfix: template at byte 44 does not fit into its set");
  EXPECT_EQ(error_of(ipfix_set(2, Big().u16(255).u16(1).u16(7).u16(2).bytes())),
            "x.ipfix: template at byte 44 has the number 255, the least is 256");
  EXPECT_EQ(error_of(ipfix_options(300, 2, {{7, 2}})),
            "x.ipfix: template at byte 44 has 2 scope fields of 1 fields");
  EXPECT_EQ(error_of(ipfix_template(300, {{7, 2}, {82, 65535}}) +
                     ipfix_set(300, Big().u16(1).u8(4).raw("abc").bytes())),
            "x.ipfix: record at byte 60 does not fit into its set");
  const std::string good = ipfix_message(kPorts + ports(1, 2));
  EXPECT_EQ(read_ipfix(good + Big().u16(10).u16(15).u32(0).u64(0).bytes()).error,
            "x.ipfix: message at byte 40 is 15 bytes long, at least 16 are");
  EXPECT_EQ(read_ipfix(good + Big().u16(8).u16(40).u32(0).u64(0).bytes()).error,
            "x.ipfix: message at byte 40 is of version 8: 5, 9 and 10 are read");
}

TEST(IpfixDamage, EndsTheInputWithSalvage) {
  ReadOptions options;
  options.salvage = true;
  const std::string whole = whole_file();
  const auto reader = make_export_reader(input_of(whole.substr(0, whole.size() - 1), "x"), options);
  const AllFlows all = read_all(*reader);
  EXPECT_EQ(all.error, "");
  EXPECT_EQ(all.rows(), 3U);
  EXPECT_EQ(reader->fault(), "x: message at byte 90 is cut short: 40 of 41 bytes");
}

}  // namespace
}  // namespace nfql::test
