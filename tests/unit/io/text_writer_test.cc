#include "common/io/text_writer.h"

#include <gtest/gtest.h>

#include "common/base/error.h"
#include "common/io/native.h"
#include "tests/unit/io/text_support.h"

namespace nfql {
namespace {

using test::blocks;
using test::format;
using test::number;
using test::Rows;
using test::written;

Rows flows() {
  Rows rows;
  rows.numbers<std::int64_t>(field_of(element::kStart), {1335771830057, 1335771830058})
      .numbers<std::int64_t>(field_of(element::kEnd), {1335771831000, std::nullopt})
      .addresses(field_of(element::kSourceAddress), {"10.0.0.1", "2001:db8::1"})
      .addresses(field_of(element::kDestinationAddress), {"10.0.0.2", "2001:db8::2"})
      .numbers<std::uint16_t>(field_of(element::kSourcePort), {40000, 53})
      .numbers<std::uint16_t>(field_of(element::kDestinationPort), {80, 40000})
      .numbers<std::uint8_t>(field_of(element::kProtocol), {6, 17})
      .numbers<std::uint8_t>(field_of(element::kTcpFlags), {0x1b, 0})
      .numbers<std::uint64_t>(field_of(element::kPackets), {10, 1})
      .numbers<std::uint64_t>(field_of(element::kOctets), {1500, 73})
      .numbers<std::uint8_t>(field_of(element::kClassOfService), {0, 0});
  return rows;
}

std::string flows_as(const WriteOptions& options) {
  Rows rows = flows();
  return written(flows_header(rows.schema), blocks(rows.block(BlockKind::flows)), options);
}

std::string no_flows_as(OutputFormat output) {
  return written(flows_header(flows().schema), blocks(), format(output));
}

TEST(TextWriter, WritesFlowsAsCsv) {
  EXPECT_EQ(flows_as(format(OutputFormat::csv)),
            "start,end,srcip,srcport,dstip,dstport,proto,flags,packets,bytes\n"
            "2012-04-30T07:43:50.057Z,2012-04-30T07:43:51.000Z,"
            "10.0.0.1,40000,10.0.0.2,80,6,27,10,1500\n"
            "2012-04-30T07:43:50.058Z,,2001:db8::1,53,2001:db8::2,40000,17,0,1,73\n");
}

TEST(TextWriter, WritesFlowsAsJson) {
  EXPECT_EQ(flows_as(format(OutputFormat::json)),
            R"({"start":"2012-04-30T07:43:50.057Z","end":"2012-04-30T07:43:51.000Z",)"
            R"("srcip":"10.0.0.1","srcport":40000,"dstip":"10.0.0.2","dstport":80,)"
            R"("proto":6,"flags":27,"packets":10,"bytes":1500})"
            "\n"
            R"({"start":"2012-04-30T07:43:50.058Z","end":null,)"
            R"("srcip":"2001:db8::1","srcport":53,"dstip":"2001:db8::2","dstport":40000,)"
            R"("proto":17,"flags":0,"packets":1,"bytes":73})"
            "\n");
}

TEST(TextWriter, WritesFlowsAsATable) {
  WriteOptions options = format(OutputFormat::table);
  options.columns = {"start", "srcip", "srcport", "proto", "flags", "bytes"};
  EXPECT_EQ(flows_as(options),
            "start                     srcip        srcport  proto  flags  bytes\n"
            "2012-04-30T07:43:50.057Z  10.0.0.1       40000  TCP    FSPA    1500\n"
            "2012-04-30T07:43:50.058Z  2001:db8::1       53  UDP    .         73\n");
}

TEST(TextWriter, LeavesNoBlanksAtTheEndOfALine) {
  WriteOptions options = format(OutputFormat::table);
  options.columns = {"bytes", "flags"};
  EXPECT_EQ(flows_as(options),
            "bytes  flags\n"
            " 1500  FSPA\n"
            "   73  .\n");
}

TEST(TextWriter, WritesNothingButTheHeadingsOfNoFlows) {
  EXPECT_EQ(no_flows_as(OutputFormat::csv),
            "start,end,srcip,srcport,dstip,dstport,proto,flags,packets,bytes\n");
  EXPECT_EQ(no_flows_as(OutputFormat::json), "");
  EXPECT_EQ(no_flows_as(OutputFormat::table),
            "start  end  srcip  srcport  dstip  dstport  proto  flags  packets  bytes\n");
}

TEST(TextWriter, QuotesNames) {
  const auto with_name = [](const char* name, OutputFormat output) {
    Rows rows;
    rows.numbers<std::uint64_t>(number(name), {1});
    return written(flows_header(rows.schema), blocks(rows.block(BlockKind::flows)), format(output));
  };
  EXPECT_EQ(with_name("prefix(srcip, 24)", OutputFormat::csv), "\"prefix(srcip, 24)\"\n1\n");
  EXPECT_EQ(with_name("a\"b", OutputFormat::json), "{\"a\\\"b\":1}\n");
}

TEST(TextWriter, MeasuresTheFirstRowsOfATable) {
  std::vector<std::optional<std::uint64_t>> values(1000, 1);
  values[999] = 1234;
  Rows first;
  first.numbers(number("a"), values).numbers(number("b"), values);
  Rows later;
  later.numbers<std::uint64_t>(number("a"), {5, 1234567})
      .numbers<std::uint64_t>(number("b"), {6, 7});
  const std::string text =
      written(flows_header(first.schema),
              blocks(first.block(BlockKind::flows), later.block(BlockKind::flows)),
              format(OutputFormat::table));
  EXPECT_EQ(text.substr(0, 22), "   a     b\n   1     1\n");
  const std::string end = "1234  1234\n   5     6\n1234567     7\n";
  EXPECT_EQ(text.substr(text.size() - end.size()), end);
}

TEST(TextWriter, LetsNoLongValueWidenATable) {
  Rows rows;
  std::vector<std::uint64_t> many(40);
  for (std::size_t i = 0; i < many.size(); ++i) {
    many[i] = 10 + i;
  }
  rows.sets<std::uint64_t>(test::set_of("ports", Type::u64), {many, {7}})
      .numbers<std::uint64_t>(number("x"), {1, 2});
  const std::string text = written(flows_header(rows.schema), blocks(rows.block(BlockKind::flows)),
                                   format(OutputFormat::table));
  const std::string end = "\n{7}" + std::string(45 + 2, ' ') + "2\n";
  EXPECT_EQ(text.substr(text.size() - end.size()), end);
}

// More rows than are printed at once, in blocks of several sizes.
TEST(TextWriter, WritesEveryRowWhateverTheBlocks) {
  std::string expected = "x\n";
  std::vector<Block> all;
  std::uint64_t next = 0;
  for (const std::size_t rows : {std::size_t{1}, std::size_t{1023}, std::size_t{1025}, kMaxRows}) {
    std::vector<std::optional<std::uint64_t>> values;
    for (std::size_t i = 0; i < rows; ++i) {
      expected += std::to_string(next) + "\n";
      values.emplace_back(next++);
    }
    Rows block;
    all.push_back(block.numbers(number("x"), values).block(BlockKind::flows));
  }
  EXPECT_EQ(written(flows_header(Schema({number("x")})), std::move(all), format(OutputFormat::csv)),
            expected);
}

TEST(TextWriter, StopsAtTheLimit) {
  const StreamHeader header = flows_header(Schema({number("x")}));
  const auto block = [](std::uint64_t x) {
    Rows two;
    return two.numbers<std::uint64_t>(number("x"), {x, x + 1}).block(BlockKind::flows);
  };
  WriteOptions options = format(OutputFormat::csv);
  options.limit = 3;
  EXPECT_EQ(written(header, blocks(block(1), block(3), block(5)), options), "x\n1\n2\n3\n");
  options.limit = 0;
  EXPECT_EQ(written(header, blocks(block(1)), options), "x\n");

  const test::TemporaryFile file;
  options.limit = 2;
  const auto writer = open_writer(OutputFile(file.path()), header, options);
  EXPECT_FALSE(writer->full());
  writer->put(block(1));
  EXPECT_TRUE(writer->full());
}

TEST(TextWriter, LeavesTheFileAsItWasUntilTheEnd) {
  const test::TemporaryFile file("before");
  Rows rows = flows();
  const StreamHeader header = flows_header(rows.schema);
  {
    const auto dropped = open_writer(OutputFile(file.path()), header, format(OutputFormat::csv));
    dropped->put(rows.block(BlockKind::flows));
  }
  EXPECT_EQ(file.bytes(), "before");
}

TEST(TextWriter, RefusesToCompress) {
  WriteOptions options = format(OutputFormat::csv);
  options.compress = "zstd";
  try {
    static_cast<void>(flows_as(options));
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::usage);
    EXPECT_STREQ(error.what(), "text output is not compressed");
  }
}

TEST(OpenWriter, MakesTheWriterOfTheFormat) {
  EXPECT_EQ(no_flows_as(OutputFormat::csv).substr(0, 6), "start,");
  EXPECT_EQ(no_flows_as(OutputFormat::table).substr(0, 6), "start ");
  const std::string native = no_flows_as(OutputFormat::native);
  EXPECT_TRUE(looks_native(std::as_bytes(std::span(native.data(), native.size()))));
  EXPECT_EQ(no_flows_as(OutputFormat::flow_tools).substr(0, 2), "\xcf\x10");
}

TEST(OutputFormat, IsFoundByName) {
  EXPECT_EQ(parse_output_format("nfql"), OutputFormat::native);
  EXPECT_EQ(parse_output_format("flow-tools"), OutputFormat::flow_tools);
  EXPECT_EQ(parse_output_format("nfdump"), OutputFormat::nfdump);
  EXPECT_EQ(parse_output_format("CSV"), OutputFormat::csv);
  EXPECT_EQ(parse_output_format("json"), OutputFormat::json);
  EXPECT_EQ(parse_output_format("table"), OutputFormat::table);
  try {
    static_cast<void>(parse_output_format("jsn"));
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::usage);
    EXPECT_STREQ(
        error.what(),
        "output format: 'jsn' is none of nfql, flow-tools, nfdump, ipfix, csv, json, table");
    EXPECT_EQ(error.hint(), "did you mean 'json'?");
  }
}

Rows many_rows() {
  std::vector<std::optional<std::int64_t>> times;
  std::vector<std::optional<std::uint64_t>> counts;
  for (std::int64_t i = 0; i < 30'001; ++i) {
    times.emplace_back(i * 60'000);
    counts.push_back(i % 7 == 0 ? std::nullopt : std::optional<std::uint64_t>(i * i));
  }
  Rows rows;
  rows.numbers(number("time", Type::i64, Meaning::time), times).numbers(number("n"), counts);
  return rows;
}

TEST(TextWriter, WritesTheSameOnManyThreads) {
  for (const OutputFormat output : {OutputFormat::csv, OutputFormat::json, OutputFormat::table}) {
    Rows rows = many_rows();
    const StreamHeader header = flows_header(rows.schema);
    const Block all = rows.block(BlockKind::flows);
    WriteOptions options = format(output);
    options.columns = {"time", "n"};
    options.limit = 50'000;  // in the second block
    const std::string one = written(header, blocks(borrow(all), borrow(all)), options);
    options.threads = 4;
    EXPECT_EQ(written(header, blocks(borrow(all), borrow(all)), options), one);
  }
}

TEST(TextWriter, StopsItsThreadsWhenTheOutputFails) {
  Rows rows = many_rows();
  WriteOptions options = format(OutputFormat::csv);
  options.columns = {"time", "n"};
  options.threads = 4;
  const auto writer = open_writer(OutputFile("/dev/full"), flows_header(rows.schema), options);
  EXPECT_THROW(writer->put(rows.block(BlockKind::flows)), Error);
}

}  // namespace
}  // namespace nfql
