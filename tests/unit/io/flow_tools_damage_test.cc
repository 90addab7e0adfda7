#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/unit/io/flow_tools_reads.h"

namespace nfql::test {
namespace {

// At every byte: a whole stream, or an error; and only records that are there.
void cut_everywhere(const std::string& bytes, const std::vector<std::size_t>& whole) {
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const AllFlows all = read(bytes.substr(0, size));
    const bool complete = std::find(whole.begin(), whole.end(), size) != whole.end();
    EXPECT_EQ(all.error == "", complete) << size << ": " << all.error;
    EXPECT_TRUE(all.error.empty() || all.error.starts_with("trace.ft: ")) << all.error;
    for (std::size_t row = 0; row < all.rows(); ++row) {
      EXPECT_EQ(all.at(row, "srcport"), std::to_string(row + 1)) << size;
    }
  }
}

TEST(FlowToolsDamage, NoticesACutAtEveryByte) {
  const std::string records = record(flow(1)) + record(flow(2)) + record(flow(3));
  cut_everywhere(header3(5, kStreaming) + records, {24, 24 + 64, 24 + 128});
  cut_everywhere(header3(5, kDone, Endian::little, 3) + records, {});
  cut_everywhere(header3(5, kStreaming | kCompressed) + deflated(records), {});
  const std::string first = header3(5, kStreaming) + record(flow(1));
  cut_everywhere(first + header3(5, kStreaming) + record(flow(2)),
                 {24, first.size(), first.size() + 24});
  const std::string packed = header3(5, kStreaming | kCompressed) + deflated(record(flow(1)));
  cut_everywhere(packed + header1(5, 0), {packed.size()});
}

TEST(FlowToolsDamage, SaysWhereAFileIsCut) {
  const std::string bytes = header3(5, kStreaming) + record({}) + record({});
  EXPECT_EQ(read(bytes.substr(0, 128)).error,
            "trace.ft: ends in the middle of record 1 at byte 88 (40 of 64 bytes)");
  EXPECT_EQ(read(bytes.substr(0, 20)).error,
            "trace.ft: ends in the middle of a flow-tools header at byte 20 (20 of 24 bytes)");
  const std::string header = header3(5, kStreaming | kCompressed);
  const std::string packed = header + deflated(record({}) + record({}));
  EXPECT_EQ(read(header).error,
            "trace.ft: record 0: deflate stream is cut short at byte 24 (0 of 64 bytes)");
  EXPECT_EQ(
      read(packed.substr(0, packed.size() - 1)).error,
      fmt::format("trace.ft: record 2: deflate stream is cut short at byte {} (0 of 64 bytes)",
                  packed.size() - 1));
  const std::string odd = header + deflated(record({}) + "abc");
  EXPECT_EQ(read(odd).error,
            fmt::format("trace.ft: record 1: deflate stream ends at byte {} in the middle of it (3 "
                        "of 64 bytes)",
                        odd.size()));
}

TEST(FlowToolsDamage, NoticesADamagedDeflateStream) {
  std::string packed = header3(5, kStreaming | kCompressed) + deflated(record({}) + record({}));
  packed.back() = static_cast<char>(packed.back() + 1);  // of the checksum
  const AllFlows all = read(packed);
  EXPECT_EQ(all.rows(), 2U);
  EXPECT_TRUE(all.error.starts_with("trace.ft: record 2: deflate stream is corrupt at byte "))
      << all.error;
  EXPECT_EQ(read(header3(5, kStreaming | kCompressed) + record({})).rows(), 0U);
}

TEST(FlowToolsDamage, SalvageEndsAtAFaultAndTellsIt) {
  ReadOptions options;
  options.salvage = true;
  const std::string bytes = (header3(5, kStreaming) + record({}) + record({})).substr(0, 128);
  const auto reader = make_flow_tools_reader(input_of(bytes), options);
  EXPECT_EQ(reader->fault(), std::nullopt);
  const AllFlows all = read_all(*reader);
  EXPECT_EQ(all.error, "");
  EXPECT_EQ(all.rows(), 1U);
  EXPECT_EQ(reader->fault(),
            "trace.ft: ends in the middle of record 1 at byte 88 (40 of 64 bytes)");
}

// Large enough for threads: records that do not deflate.
std::string many_records(std::size_t count) {
  std::mt19937 random(1);
  std::string records;
  while (records.size() < count * 64) {
    RawFlow f = flow(static_cast<std::uint16_t>(records.size() / 64));
    for (std::uint32_t* field : {&f.src, &f.dst, &f.nexthop, &f.packets, &f.bytes, &f.uptime}) {
      *field = static_cast<std::uint32_t>(random());
    }
    records += record(f);
  }
  return records;
}

TEST(FlowToolsDamage, ThreadsGiveTheSameFlowsAndFaults) {
  const std::string records = many_records(70'000);
  const std::string good = header3(5, kStreaming | kCompressed) + deflated(records);
  ASSERT_GT(good.size(), 1024U * 1024U);
  std::string damaged = good;
  damaged[good.size() / 2] = static_cast<char>(damaged[good.size() / 2] ^ 0x55);
  const std::string odd = header3(5, kStreaming | kCompressed) + deflated(records + "abc");
  for (const std::string& bytes : {good, good + good, good.substr(0, good.size() - 9), damaged, odd,
                                   good + "rubbish", header3(5, kStreaming) + records}) {
    const AllFlows alone = read(bytes);
    for (const std::size_t threads : {2U, 3U}) {
      ReadOptions options;
      options.threads = threads;
      const AllFlows all = read(bytes, options);
      EXPECT_EQ(all.error, alone.error);
      ASSERT_EQ(all.rows(), alone.rows());
      for (std::size_t row = 0; row < all.rows(); row += 997) {
        ASSERT_EQ(all.at(row, "srcip"), alone.at(row, "srcip"));
      }
    }
  }
}

}  // namespace
}  // namespace nfql::test
