#include "common/io/nfdump_writer.h"

#include <gtest/gtest.h>

#include <limits>

#include "common/base/error.h"
#include "tests/unit/io/flow_table.h"
#include "tests/unit/io/nfdump_reads.h"
#include "tests/unit/io/temporary_file.h"

namespace nfql::test {
namespace {

// What the writer makes of a table as a file.
std::string written(Table&& table, WriteOptions options = {}) {
  const TemporaryFile file;
  const StreamHeader header = table.header();
  const auto writer = make_nfdump_writer(OutputFile(file.path()), header, options);
  writer->put(table.block());
  writer->finish();
  return file.bytes();
}

// Copies a file through reader and writer.
std::string copied(const std::string& bytes, const std::string& compress) {
  const TemporaryFile file;
  const auto reader = make_nfdump_reader(input_of(bytes), {});
  WriteOptions options;
  options.compress = compress;
  const auto writer = make_nfdump_writer(OutputFile(file.path()), reader->header(), options);
  for (Block block; reader->next(block);) {
    writer->put(std::move(block));
    block = Block();
  }
  writer->finish();
  return file.bytes();
}

template <class Call>
std::string error_of(Exit code, Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  return "";
}

const std::vector<std::string>& all_elements() {
  static const std::vector<std::string> elements = {
      nf_generic(),
      nf_ipv4(),
      nf_element(4, Bytes().u32(11).u32(12).u8(24).u8(16).u8(1).u8(9).u8(2).u8(3).u16(0).bytes()),
      nf_element(5, Bytes().u64(7).u64(70).u64(700).bytes()),
      nf_element(6, Bytes().u32(100).u32(200).bytes()),
      nf_element(7, Bytes().u32(65'001).u32(65'002).bytes()),
      nf_element(9, Bytes().u64(8).u64(9).bytes()),
      nf_element(10, Bytes().u32(0x0a00000a).bytes()),
      nf_element(12, Bytes().u32(0x0a00000c).bytes()),
      nf_element(15, Bytes().u64(0x1).u64(0x2).u64(0x3).u64(0x4).bytes()),
      nf_element(16, Bytes().u32(31).u32(32).bytes()),
      nf_element(19, Bytes().u64(5000).u32(77).u16(1001).u8(2).u8(0).bytes()),
      nf_element(21, Bytes().u64(1).u64(2).u64(3).u64(4).bytes()),
      nf_element(22, Bytes().u16(1001).u16(1002).bytes()),
      nf_element(25, Bytes().u64(5000).u32(88).u8(4).u8(0).u16(0).bytes()),
      nf_element(26, Bytes().u16(1).u16(2).u16(3).u16(4).bytes()),
      nf_element(33, Bytes().u64(331).u32(332).u32(0).bytes()),
      nf_element(36, Bytes().u32(361).u32(362).bytes()),
      nf_element(42, Bytes().u8(0).u8(0x40).u8(60).u8(64).bytes())};
  return elements;
}

TEST(NfdumpWriter, WritesRecordsBackByteForByte) {
  const std::string exporter =
      nf_record(7, Bytes().u32(9).u64(0).u64(0x0a00000c).u16(2).u16(3).u32(332).bytes());
  std::vector<std::string> records = {exporter, nf_flow(all_elements())};
  // Flows that lack one element or another, in the order in which we write them.
  for (std::size_t lacking = 2; lacking < all_elements().size(); ++lacking) {
    std::vector<std::string> elements = all_elements();
    elements.erase(elements.begin() + static_cast<std::ptrdiff_t>(lacking));
    // The exporter's address is known from its record; and one event without the other has no time.
    if (all_elements()[lacking][0] != 12) {
      records.push_back(nf_flow(elements));
    }
  }
  const std::string block = nf_block(records);
  const std::string copy = copied(nf_header() + block, "none");
  ASSERT_GT(copy.size(), 40 + block.size());
  EXPECT_EQ(copy.substr(40, block.size()), block);
}

TEST(NfdumpWriter, EndsWithTheSumsAndCountsItsBlocks) {
  const auto counters = [](unsigned flows) {
    return nf_element(5, Bytes().u64(flows).u64(5).u64(50).bytes());
  };
  const std::string records =
      nf_block({nf_flow({nf_generic({.first = 2000, .last = 9000}), nf_ipv4(), counters(3)}),
                nf_flow({nf_generic({.first = 1000, .last = 1500, .proto = 17}), nf_ipv4()}),
                nf_flow({nf_generic({.proto = 58}), nf_ipv6()}),
                nf_flow({nf_generic({.proto = 47}), nf_ipv4()})});
  const std::string copy = copied(nf_header() + records, "none");
  Bytes header;
  header.u16(0xa50c).u16(2).u32(0x0107'0100).u64(1'795'344'067).u8(0).u8(0).u16(1).u32(0);
  header.u64(40 + records.size()).u32(0).u32(1);
  EXPECT_EQ(copy.substr(0, 40), header.bytes());
  Bytes sums;
  sums.u64(6).u64(4 * 393 + 50).u64(4 * 6 + 5);
  sums.u64(3).u64(1).u64(1).u64(1);
  sums.u64(443).u64(393).u64(393).u64(393).u64(11).u64(6).u64(6).u64(6);
  sums.u64(1000).u64(1'795'344'067'000).u64(0);
  const std::string appendix =
      nf_block({nf_record(0x8001, std::string("none\0", 5)), nf_record(0x8002, sums.bytes())});
  EXPECT_EQ(copy.substr(40 + records.size()), appendix);
}

TEST(NfdumpWriter, WhatItWritesIsReadAgainWithEachCompression) {
  std::vector<std::string> flows(10'000, nf_flow(all_elements()));
  const std::string first = nf_block(flows);
  const std::string exporter = nf_element(12, Bytes().u32(0x0a00000c).bytes());
  flows[7'000] = nf_flow({nf_generic(), nf_ipv6(), exporter});
  const std::string bytes = nf_header() + first + nf_block(flows);
  for (const char* compress : {"", "none", "lz4", "lz4:9", "zstd", "zstd:1", "0", "9"}) {
    const std::string copy = copied(bytes, compress);
    const AllFlows all = read_nfdump(copy);
    EXPECT_EQ(all.error, "");
    EXPECT_EQ(all.rows(), 20'000U);
    EXPECT_EQ(all.at(16'999, "natsrcip"), "::1:0:0:0:2");
    EXPECT_EQ(all.at(17'000, "dstip"), "2001:db8::2");
    EXPECT_TRUE(copied(copy, "none") == copied(bytes, "none"));  // no dump of megabytes
  }
}

TEST(NfdumpWriter, UnknownFieldsAreLeftOutWithTheirElements) {
  Table table;
  table.column(field_of(element::kStart), Times{1000, std::nullopt, 3000, std::nullopt})
      .column(field_of(element::kEnd), Times{std::nullopt, 2000, 4000, std::nullopt})
      .column<Address>(field_of(element::kSourceAddress),
                       {mapped(1), Address{1, 2}, std::nullopt, std::nullopt})
      .column<Address>(field_of(element::kDestinationAddress),
                       {mapped(2), mapped(3), Address{3, 4}, std::nullopt})
      .column<std::uint32_t>(field_of(element::kSourceAs), {7, std::nullopt, std::nullopt, 8});
  const AllFlows all = read_nfdump(written(std::move(table)));
  EXPECT_EQ(all.at(0, "start") + " " + all.at(0, "end"), "1000 1000");
  EXPECT_EQ(all.at(1, "start") + " " + all.at(1, "end"), "2000 2000");
  EXPECT_EQ(all.at(3, "start"), "0");
  EXPECT_EQ(all.at(0, "srcip"), "0.0.0.1");
  EXPECT_EQ(all.at(1, "srcip"), "::1:0:0:0:2");
  EXPECT_EQ(all.at(1, "dstip"), "0.0.0.3");
  EXPECT_EQ(all.at(3, "srcip"), "?");
  EXPECT_EQ(all.at(1, "srcas"), "?");
  EXPECT_EQ(all.at(3, "srcas"), "8");
  EXPECT_FALSE(all.schema.find("outpackets"));
}

TEST(NfdumpWriter, OfAGroupWritesOneRecordOfAsManyFlows) {
  Table table(StreamKind::groups);
  table.column<Address>(field_of(element::kSourceAddress), {mapped(1)})
      .column(computed("sum_bytes", Type::u64), U64{std::uint64_t{1} << 40})
      .column(computed("sum(packets)", Type::u64), U64{9})
      .column(field_of(element::kStart), Times{1000})
      .column(field_of(element::kEnd), Times{5000})
      .column({"count", element::kCount}, U64{12});
  const AllFlows all = read_nfdump(written(std::move(table)));
  EXPECT_EQ(all.at(0, "srcip"), "0.0.0.1");
  EXPECT_EQ(all.at(0, "bytes"), "1099511627776");
  EXPECT_EQ(all.at(0, "packets"), "0");
  EXPECT_EQ(all.at(0, "flows"), "12");
}

TEST(NfdumpWriter, WritesSamplersAsRecordsOfTheirOwn) {
  Table table;
  table.column<std::uint16_t>(field_of(element::kNfdumpExporter), {5, 5, 6, 7})
      .column<Address>(field_of(element::kExporter),
                       {mapped(1), mapped(1), Address{1, 2}, std::nullopt})
      .column<std::uint32_t>(field_of(element::kSamplingInterval), {100, 100, 200, 300});
  const AllFlows all = read_nfdump(written(std::move(table)));
  EXPECT_EQ(all.at(1, "sampling"), "100");
  EXPECT_EQ(all.at(2, "sampling"), "200");
  EXPECT_EQ(all.at(2, "exporter"), "::1:0:0:0:2");
  EXPECT_EQ(all.at(3, "sampling"), "?");  // whose it would be is not known
}

TEST(NfdumpWriter, KeepsTheSamplerOfEachFlow) {
  Table table;
  table.column<std::uint16_t>(field_of(element::kNfdumpExporter), {5, 5, 5})
      .column<Address>(field_of(element::kExporter), {mapped(1), mapped(1), mapped(1)})
      .column(field_of(element::kSelectorId), U64{71, 72, std::nullopt})
      .column<std::uint32_t>(field_of(element::kSamplingInterval), {100, 200, 300});
  const AllFlows all = read_nfdump(written(std::move(table)));
  EXPECT_EQ(all.at(0, "sampler") + " " + all.at(0, "sampling"), "71 100");
  EXPECT_EQ(all.at(1, "sampler") + " " + all.at(1, "sampling"), "72 200");
  EXPECT_EQ(all.at(2, "sampler") + " " + all.at(2, "sampling"), "? 300");
}

TEST(NfdumpWriter, WritesNoMoreThanTheLimit) {
  WriteOptions options;
  options.limit = 2;
  Table table;
  table.column<std::uint16_t>(field_of(element::kSourcePort), {1, 2, 3});
  EXPECT_EQ(read_nfdump(written(std::move(table), options)).rows(), 2U);
}

TEST(NfdumpWriter, AValueWithoutRoomIsAnErrorThatNamesRowAndField) {
  const auto error = [](Table&& table) {
    const std::string message = error_of(Exit::failed, [&] { written(std::move(table)); });
    return message.substr(message.find(": ") + 2);
  };
  Table before;
  before.column(field_of(element::kStart), Times{0, -1});
  EXPECT_EQ(error(std::move(before)),
            "flow 1: start 1969-12-31T23:59:59.999Z cannot be written to an nfdump file (0 to "
            "18446744073709551615)");
  Table wide(StreamKind::groups);
  wide.column(computed("srcport", Type::u64), U64{65'536});
  EXPECT_EQ(error(std::move(wide)),
            "group 0: srcport 65536 cannot be written to an nfdump file (0 to 65535)");
}

TEST(NfdumpWriter, RefusesPipesTuplesAndColumns) {
  const TemporaryFile file;
  const auto refusal = [](const std::string& path, const StreamHeader& header,
                          const WriteOptions& options) {
    return error_of(Exit::usage, [&] {
      static_cast<void>(make_nfdump_writer(OutputFile(path), header, options));
    });
  };
  const StreamHeader flows = flows_header(Schema({field_of(element::kSourcePort)}));
  EXPECT_EQ(refusal("/dev/null", flows, {}),
            "/dev/null: nfdump reads regular files only, so that is what nfdump output needs");
  WriteOptions options;
  options.columns = {"srcport"};
  EXPECT_EQ(refusal(file.path(), flows, options), "--columns is not for nfdump output");
  StreamHeader tuples;
  tuples.kind = StreamKind::tuples;
  tuples.branches.resize(1);
  EXPECT_EQ(refusal(file.path(), tuples, {}), "nfdump files hold flows and groups, not tuples");
}

}  // namespace
}  // namespace nfql::test
