// Nfdump files in several blocks and files, and those that are damaged.
#include <gtest/gtest.h>

#include "tests/unit/io/nfdump_reads.h"

namespace nfql::test {
namespace {

const std::string& flow() {
  static const std::string bytes = nf_flow({nf_generic(), nf_ipv4()});
  return bytes;
}

std::vector<std::string> flows(std::size_t count) {
  return std::vector<std::string>(count, flow());
}

TEST(NfdumpBlocks, AreReadWithEachCompression) {
  for (const NfMethod method : {NfMethod::none, NfMethod::bzip2, NfMethod::lz4, NfMethod::zstd}) {
    const AllFlows all =
        read_nfdump(nf_header(method) + nf_block(flows(3000), method) + nf_block(flows(5), method));
    EXPECT_EQ(all.error, "");
    EXPECT_EQ(all.rows(), 3005U);
    EXPECT_EQ(all.at(3004, "flowId"), "3004");
    EXPECT_EQ(all.at(3004, "dstip"), "10.77.0.2");
  }
}

TEST(NfdumpBlocks, FillBatchesWhateverTheirSize) {
  std::string bytes = nf_header();
  for (int i = 0; i < 10; ++i) {
    bytes += nf_block(flows(9999));
  }
  const AllFlows all = read_nfdump(bytes);
  ASSERT_EQ(all.batches.size(), 2U);
  EXPECT_EQ(all.batches[0].rows, kMaxRows);
  EXPECT_EQ(all.rows(), 99'990U);
  EXPECT_EQ(all.at(99'989, "flowId"), "99989");
}

TEST(NfdumpBlocks, FilesBehindEachOtherAreSourcesOfTheirOwn) {
  const std::string one = nf_header() + nf_block(flows(3));
  const std::string two = nf_header(NfMethod::lz4, 1) + nf_block(flows(2), NfMethod::lz4);
  const AllFlows all = read_nfdump(one + two + nf_header() + one);
  EXPECT_EQ(all.error, "");
  EXPECT_EQ(all.rows(), 8U);
  ASSERT_EQ(all.sources.size(), 4U);
  EXPECT_EQ(all.sources[1].first_flow, 3U);
  EXPECT_EQ(all.sources[2].first_flow, 5U);
  EXPECT_EQ(all.sources[3].first_flow, 5U);
  EXPECT_NE(all.sources[0].fingerprint, all.sources[1].fingerprint);
  EXPECT_EQ(all.sources[3].fingerprint, read_nfdump(one).sources[0].fingerprint);
}

TEST(NfdumpBlocks, TheLineThatNfdumpAddsWhenNothingMatchesIsNoBlock) {
  const std::string none = nf_header() + nf_block({nf_record(9, "")}) + "No matching flows\n";
  EXPECT_EQ(read_nfdump(none).error, "");
  EXPECT_EQ(read_nfdump(none).rows(), 0U);
  const AllFlows all = read_nfdump(none + nf_header() + nf_block(flows(2)) + none);
  EXPECT_EQ(all.error, "");
  EXPECT_EQ(all.rows(), 2U);
  EXPECT_EQ(all.sources.size(), 3U);
}

TEST(NfdumpDamage, EveryPrefixGivesTheGoodFlowsAndSaysThatItIsCut) {
  const std::string whole =
      nf_header(NfMethod::none, 3) + nf_block(flows(2)) + nf_block(flows(1)) + nf_block(flows(4));
  ASSERT_EQ(read_nfdump(whole).error, "");
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const AllFlows all = read_nfdump(whole.substr(0, size));
    EXPECT_NE(all.error, "") << size;
    EXPECT_EQ(all.error.rfind("nfcapd.1: ", 0), 0U) << all.error;
    const std::size_t block = 12 + flow().size();
    EXPECT_EQ(all.rows(), size >= 40 + 24 + 3 * flow().size()  ? 3U
                          : size >= 40 + block + flow().size() ? 2U
                                                               : 0U)
        << size;
  }
}

std::string error_of(const std::string& blocks, NfMethod method = NfMethod::none) {
  const AllFlows all = read_nfdump(nf_header(method) + nf_block(flows(1), method) + blocks);
  EXPECT_EQ(all.rows(), 1U) << "what is good comes first";
  return all.error;
}

TEST(NfdumpDamage, IsSaidWithItsPlace) {
  const auto header = [](unsigned records, unsigned size) {
    return Bytes().u32(records).u32(size).u16(3).u16(0).bytes();
  };
  EXPECT_EQ(error_of("short"),
            "nfcapd.1: block 1 at byte 128: ends in the middle of its header (5 of 12 bytes)");
  EXPECT_EQ(error_of(header(0, 80)),
            "nfcapd.1: block 1 at byte 128: its header is damaged (0 records in 80 bytes)");
  EXPECT_EQ(error_of(header(1, 0x7fffffff)),
            "nfcapd.1: block 1 at byte 128: its header is damaged (1 records in 2147483647 bytes)");
  EXPECT_EQ(error_of(header(1, 80) + "few"),
            "nfcapd.1: block 1 at byte 128: ends in the middle of it (15 of 92 bytes)");
  EXPECT_NE(error_of(header(1, 3) + "bad", NfMethod::lz4).find(": its LZ4 data is damaged"),
            std::string::npos);
  EXPECT_EQ(error_of(nf_block({Bytes().u16(11).u16(3).bytes()})),
            "nfcapd.1: block 1: record 0: is 3 bytes, 4 are left of the block");
  EXPECT_EQ(error_of(nf_block({nf_record(9, ""), Bytes().u16(11).u16(80).u32(0).bytes()})),
            "nfcapd.1: block 1: record 1: is 80 bytes, 8 are left of the block");
  EXPECT_EQ(error_of(nf_block({nf_record(11, "head")})),
            "nfcapd.1: block 1: record 0: its elements do not fit into it");
  EXPECT_EQ(error_of(nf_block({nf_flow({Bytes().u16(1).u16(500).bytes()})})),
            "nfcapd.1: block 1: record 0: its elements do not fit into it");
  EXPECT_EQ(error_of(nf_block({nf_flow({Bytes().u16(1).u16(0).bytes()})})),
            "nfcapd.1: block 1: record 0: its elements do not fit into it");
  EXPECT_EQ(error_of(nf_block({nf_record(10, "old")})),
            "nfcapd.1: block 1: record 0: is a flow as only other versions of nfdump know it");
  EXPECT_EQ(error_of(header(1, static_cast<unsigned>(nf_record(9, "").size() + 4)) +
                     nf_record(9, "") + "more"),
            "nfcapd.1: block 1: 4 bytes after its 1 records");
}

TEST(NfdumpDamage, OfCompressedDataIsSeen) {
  for (const NfMethod method : {NfMethod::lzo, NfMethod::bzip2, NfMethod::lz4, NfMethod::zstd}) {
    const std::string stored(100, '\x77');
    const AllFlows all =
        read_nfdump(nf_header(method) + Bytes().u32(1).u32(100).u16(3).u16(0).raw(stored).bytes());
    EXPECT_NE(all.error.find("data is damaged"), std::string::npos) << all.error;
  }
}

TEST(NfdumpDamage, FlowsBeforeADamagedRecordAreGiven) {
  std::vector<std::string> records = flows(1030);
  records.push_back(nf_record(11, "head"));
  records.push_back(flow());
  const AllFlows all = read_nfdump(nf_header() + nf_block(records));
  EXPECT_EQ(all.rows(), 1030U);
  EXPECT_EQ(all.error, "nfcapd.1: block 0: record 1030: its elements do not fit into it");
}

TEST(NfdumpDamage, BlocksThatTheHeaderCountsMustBeThere) {
  const AllFlows all = read_nfdump(nf_header(NfMethod::none, 3) + nf_block(flows(2)));
  EXPECT_EQ(all.rows(), 2U);
  EXPECT_EQ(all.error, "nfcapd.1: is incomplete: its header says 3 blocks, it has 1");
  EXPECT_EQ(
      read_nfdump(nf_header(NfMethod::none, 1) + nf_block(flows(2)) + nf_block(flows(2))).rows(),
      4U);
}

TEST(NfdumpDamage, IsAFaultWhenSalvaging) {
  ReadOptions options;
  options.salvage = true;
  const auto reader =
      make_nfdump_reader(input_of(nf_header() + nf_block(flows(2)) + "cut", "x"), options);
  const AllFlows all = read_all(*reader);
  EXPECT_EQ(all.error, "");
  EXPECT_EQ(all.rows(), 2U);
  EXPECT_EQ(reader->fault(),
            "x: block 1 at byte 204: ends in the middle of its header (3 of 12 bytes)");
}

TEST(NfdumpDamage, OfAHeaderIsAnErrorAtOnce) {
  EXPECT_EQ(read_nfdump(nf_header().substr(0, 20)).error,
            "nfcapd.1: ends in the middle of an nfdump file header at byte 20");
  std::string bytes = nf_header();
  bytes[17] = 1;
  EXPECT_EQ(read_nfdump(bytes).error, "nfcapd.1: is encrypted");
  bytes = nf_header();
  bytes[16] = 9;
  EXPECT_EQ(read_nfdump(bytes).error,
            "nfcapd.1: nfdump file header at byte 0 is damaged, or of an unknown compression");
}

}  // namespace
}  // namespace nfql::test
