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

}  // namespace
}  // namespace nfql::test
