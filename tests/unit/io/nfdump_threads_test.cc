// Nfdump files that several threads read and write.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "common/io/nfdump_writer.h"
#include "tests/unit/io/nfdump_reads.h"
#include "tests/unit/io/temporary_file.h"

namespace nfql::test {
namespace {

constexpr std::size_t kThreads = 4;

// Flows that are not compressed well, each with a port of its own. Behind what is read of it each
// has so many bytes that nobody knows.
std::vector<std::string> flows_of(unsigned number, unsigned count, std::size_t filling) {
  std::minstd_rand random(number);
  std::string filler(filling, '\0');
  std::vector<std::string> flows;
  for (unsigned i = 0; i < count; ++i) {
    NfGeneric generic;
    generic.sport = static_cast<std::uint16_t>(i);
    generic.packets = number;
    generic.bytes = random();
    generic.received = random();
    std::generate(filler.begin(), filler.end(), [&] { return static_cast<char>(random() >> 8U); });
    flows.push_back(
        nf_flow({nf_generic(generic), nf_ipv4(i * 0x9e37'79b9U), nf_element(99, filler)}));
  }
  return flows;
}

// A file that is large enough for threads.
std::string large_file(NfMethod method) {
  std::string bytes = nf_header(method);
  for (unsigned i = 0; i < 30; ++i) {
    bytes += nf_block(flows_of(i, 150, 250), method);
  }
  EXPECT_GT(bytes.size(), std::size_t{1} << 20);
  return bytes;
}

struct Reads {
  std::vector<std::string> values;  // of each flow
  std::vector<std::uint64_t> bytes_read;
  std::vector<Source> sources;
  std::string error;

  friend bool operator==(const Reads&, const Reads&) = default;
};

Reads reads_of(const std::string& bytes, std::size_t threads, bool salvage = false) {
  ReadOptions options;
  options.threads = threads;
  options.salvage = salvage;
  const auto reader = make_nfdump_reader(input_of(bytes), options);
  Reads reads;
  const std::vector<std::string> names = {"flowId", "srcport", "packets", "bytes", "srcip"};
  try {
    AllFlows one;
    one.schema = reader->header().flows();
    for (Block block; reader->next(block); block = Block()) {
      reads.bytes_read.push_back(reader->bytes_read());
      reads.sources.insert(reads.sources.end(), block.sources.begin(), block.sources.end());
      one.batches.clear();
      one.batches.push_back(std::move(block.batch));
      for (std::size_t row = 0; row < one.rows(); row += 11) {
        std::string& line = reads.values.emplace_back();
        for (const std::string& name : names) {
          line += one.at(row, name) + " ";
        }
      }
    }
  } catch (const Error& error) {
    reads.error = error.what();
  }
  reads.error += reader->fault().value_or("");
  return reads;
}

TEST(NfdumpThreads, ReadTheSameAsOne) {
  for (const NfMethod method : {NfMethod::none, NfMethod::bzip2, NfMethod::lz4, NfMethod::zstd}) {
    const std::string bytes = large_file(method);
    const Reads one = reads_of(bytes, 1);
    EXPECT_EQ(one.error, "");
    EXPECT_EQ(one.bytes_read.back(), bytes.size());
    EXPECT_EQ(reads_of(bytes, 2), one);
    EXPECT_EQ(reads_of(bytes, kThreads), one);
    EXPECT_EQ(reads_of(bytes + bytes, kThreads), reads_of(bytes + bytes, 1));
  }
}

TEST(NfdumpThreads, GiveTheFlowsBeforeAFaultAndThenTheSameMessage) {
  const std::string bytes = large_file(NfMethod::lz4);
  for (const std::string& bad :
       {bytes + "cut", bytes.substr(0, bytes.size() - 9),
        bytes + Bytes().u32(1).u32(3).u16(3).u16(0).raw("bad").bytes() + bytes.substr(40),
        bytes + nf_block({nf_record(11, "head")}, NfMethod::lz4) + bytes.substr(40)}) {
    for (const bool salvage : {false, true}) {
      const Reads one = reads_of(bad, 1, salvage);
      EXPECT_NE(one.error, "");
      EXPECT_FALSE(one.values.empty());
      EXPECT_EQ(reads_of(bad, kThreads, salvage), one);
    }
  }
}

TEST(NfdumpThreads, EndWithTheReader) {
  const std::string bytes = large_file(NfMethod::zstd);
  ReadOptions options;
  options.threads = kThreads;
  for (int blocks = 0; blocks < 3; ++blocks) {
    const auto reader = make_nfdump_reader(input_of(bytes), options);
    Block block;
    for (int i = 0; i < blocks; ++i) {
      ASSERT_TRUE(reader->next(block));
    }
  }
}

std::string written(const std::string& bytes, std::size_t threads, const std::string& compress) {
  const TemporaryFile file;
  const auto reader = make_nfdump_reader(input_of(bytes), {});
  WriteOptions options;
  options.threads = threads;
  options.compress = compress;
  const auto writer = make_nfdump_writer(OutputFile(file.path()), reader->header(), options);
  for (Block block; reader->next(block); block = Block()) {
    writer->put(std::move(block));
  }
  writer->finish();
  EXPECT_EQ(writer->bytes_written(), file.bytes().size());
  return file.bytes();
}

TEST(NfdumpThreads, WriteTheSameBytesAsOne) {
  // Several blocks of ours.
  std::string bytes = nf_header();
  const std::string block = nf_block(flows_of(1, 3000, 0));
  for (int i = 0; i < 12; ++i) {
    bytes += block;
  }
  for (const std::string compress : {"none", "lz4", "zstd"}) {
    const std::string one = written(bytes, 1, compress);
    EXPECT_EQ(written(bytes, kThreads, compress), one);
    EXPECT_EQ(reads_of(one, kThreads).values, reads_of(bytes, 1).values);
  }
}

}  // namespace
}  // namespace nfql::test
