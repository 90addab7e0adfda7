// What files of IPFIX make the reader take: memory and time for the flows that are there only.
#include "tests/unit/io/ipfix_bytes.h"

namespace nfql::test {
namespace {

// Elements that nobody knows, of one byte each.
std::vector<Ie> strange_elements(unsigned count, std::uint32_t enterprise) {
  std::vector<Ie> fields;
  for (unsigned i = 1; i <= count; ++i) {
    fields.push_back({i, 1, enterprise});
  }
  return fields;
}

std::size_t bytes_of(const Batch& batch) {
  std::size_t bytes = 0;
  for (const Buffer& buffer : batch.memory) {
    bytes += buffer.capacity();
  }
  return bytes;
}

const std::string kManyColumns = ipfix_template(300, strange_elements(4000, 4242));
const std::string kOneByte = ipfix_template(301, {{4, 1}});

TEST(IpfixRoom, IsNotTakenByColumnsThatNoFlowHasAValueFor) {
  const AllFlows all = read_ipfix(ipfix_message(kManyColumns) +
                                  ipfix_message(kOneByte + ipfix_set(301, std::string(900, 6))));
  ASSERT_EQ(all.rows(), 900U);
  EXPECT_GE(all.schema.size(), 4000U);
  EXPECT_EQ(row_of(all, 899, {"proto", "e4242:1", "e4242:4000", "srcip", "flowId"}), "6 ? ? ? 899");
  ASSERT_EQ(all.batches.size(), 1U);
  EXPECT_LT(bytes_of(all.batches[0]), 100'000U);
}

TEST(IpfixRoom, IsBoundedWhereFewFlowsHaveManyColumns) {
  std::string bytes =
      ipfix_message(kManyColumns + ipfix_set(300, std::string(4000, 7))) + ipfix_message(kOneByte);
  for (int i = 0; i < 3; ++i) {
    bytes += ipfix_message(ipfix_set(301, std::string(2000, 6)));
  }
  bytes += ipfix_message(ipfix_set(300, std::string(4000, 8)));
  const AllFlows all = read_ipfix(bytes);
  ASSERT_EQ(all.rows(), 6002U);
  EXPECT_EQ(row_of(all, 0, {"proto", "e4242:1", "e4242:4000", "flowId"}), "? 7 7 0");
  EXPECT_EQ(row_of(all, 1, {"proto", "e4242:1", "e4242:4000", "flowId"}), "6 ? ? 1");
  EXPECT_EQ(row_of(all, 6000, {"proto", "e4242:1", "e4242:4000", "flowId"}), "6 ? ? 6000");
  EXPECT_EQ(row_of(all, 6001, {"proto", "e4242:1", "e4242:4000", "flowId"}), "? 8 8 6001");
  for (const Batch& batch : all.batches) {
    EXPECT_LT(bytes_of(batch), 80'000'000U);
  }
}

TEST(IpfixRoom, IsNotTakenByNamesOfFieldsThatCameTooLate) {
  std::string bytes =
      ipfix_message(ipfix_template(256, {{8, 4}}) + ipfix_set(256, Big().u32(1).bytes()));
  const auto more = [&bytes](unsigned templates) {
    for (unsigned i = 0; i < templates; ++i) {
      bytes += ipfix_message(ipfix_template(300, strange_elements(4000, 100'000 + i)) +
                             ipfix_set(300, std::string(4000, 7)));
    }
    return ipfix_warnings(bytes);
  };
  const std::string head =
      "x.ipfix: some flows have fields that the first ones lack, and that were left out; name them "
      "in --columns: e100000:1, e100000:2, e100000:3, e100000:4, e100000:5 and ";
  EXPECT_EQ(more(1), head + "3995 more");
  EXPECT_EQ(more(3), head + "at least 9995 more");
}

TEST(IpfixRoom, OfAColumnIsNotGivenToADomainThatComesLater) {
  const std::string flows = ipfix_template(256, {{8, 4}}) + ipfix_set(256, Big().u32(1).bytes());
  EXPECT_EQ(ipfix_warnings(ipfix_message(flows) + ipfix_message(flows, 7)),
            "x.ipfix: some flows have fields that the first ones lack, and that were left out; "
            "name them in --columns: obsdomain");
  EXPECT_EQ(ipfix_warnings(ipfix_message(flows, 7) + ipfix_message(flows)), "");
}

}  // namespace
}  // namespace nfql::test
