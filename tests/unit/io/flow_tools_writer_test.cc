#include "common/io/flow_tools_writer.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <optional>
#include <thread>

#include "common/base/error.h"
#include "common/io/flow_tools_reader.h"
#include "tests/unit/io/flow_table.h"
#include "tests/unit/io/flow_tools_bytes.h"
#include "tests/unit/io/read_all.h"
#include "tests/unit/io/temporary_file.h"

namespace nfql::test {
namespace {

// What the writer makes of a table as a plain file, header and all.
std::string written(Table&& table, WriteOptions options = {}) {
  const TemporaryFile file;
  if (options.compress.empty()) {
    options.compress = "0";
  }
  const StreamHeader header = table.header();
  const auto writer = make_flow_tools_writer(OutputFile(file.path()), header, options);
  writer->put(table.block());
  writer->finish();
  return file.bytes();
}

constexpr std::size_t kFileHeader = 48;

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

AllFlows read(const std::string& bytes) {
  const auto reader = make_flow_tools_reader(input_of(bytes), {});
  return read_all(*reader);
}

// Copies a file through reader and writer.
std::string copied(const std::string& bytes, const std::string& compress) {
  const TemporaryFile file;
  const auto reader = make_flow_tools_reader(input_of(bytes), {});
  WriteOptions options;
  options.compress = compress;
  const auto writer = make_flow_tools_writer(OutputFile(file.path()), reader->header(), options);
  for (Block block; reader->next(block);) {
    writer->put(std::move(block));
    block = Block();
  }
  writer->finish();
  return file.bytes();
}

TEST(FlowToolsWriter, WritesRecordsOfVersion5BackByteForByte) {
  std::string records;
  std::uint32_t state = 1;
  const auto any = [&] { return state = state * 1664525 + 1013904223; };
  const auto small = [&] { return static_cast<std::uint8_t>(any() >> 24); };
  const auto medium = [&] { return static_cast<std::uint16_t>(any() >> 16); };
  for (int i = 0; i < 3000; ++i) {
    records +=
        record({any(),   any(),   any(),   any(),   any(),    any(),    any(),   medium(), medium(),
                any(),   any(),   any(),   any(),   medium(), medium(), small(), small(),  small(),
                small(), small(), small(), small(), small(),  medium(), medium()});
  }
  const std::string plain = copied(header3(5, kStreaming) + records, "0");
  EXPECT_TRUE(plain.substr(kFileHeader) == records);
  const std::string packed = copied(plain, "9");
  EXPECT_EQ(packed[kFileHeader], '\x78') << "a zlib stream";
  EXPECT_TRUE(copied(packed, "0").substr(kFileHeader) == records);
}

TEST(FlowToolsWriter, TurnsBigEndianRecordsIntoLittleEndianOnes) {
  EXPECT_EQ(copied(header3(5, kStreaming, Endian::big) + record({}, 5, Endian::big), "0")
                .substr(kFileHeader),
            record({}));
}

TEST(FlowToolsWriter, AFilesHeaderTellsCountAndTimes) {
  RawFlow late;
  late.secs += 10;
  const std::string file = copied(header3(5, kStreaming) + record({}) + record(late), "");
  const std::string expected = Packed(Endian::little)
                                   .raw("\xcf\x10\x01\x03")
                                   .u32(48)
                                   .u16(2)
                                   .u16(2)
                                   .u16(5)
                                   .u16(6)
                                   .u16(4)
                                   .u32(1'335'772'181)  // 181.057
                                   .u16(7)
                                   .u16(4)
                                   .u32(1'335'772'197)  // 196.057
                                   .u16(8)
                                   .u16(4)
                                   .u32(kDone | kCompressed)
                                   .u16(10)
                                   .u16(4)
                                   .u32(2)
                                   .u16(0)
                                   .bytes();
  EXPECT_EQ(file.substr(0, kFileHeader), expected);
  EXPECT_EQ(file.substr(kFileHeader, 1), "\x78") << "a zlib stream";
}

TEST(FlowToolsWriter, AnEmptyFileIsComplete) {
  for (const char* level : {"", "0", "1"}) {
    const AllFlows all = read(copied(header3(5, kStreaming), level));
    EXPECT_EQ(all.error, "");
    EXPECT_EQ(all.rows(), 0U);
  }
}

// What comes out of a pipe.
std::string piped(const std::string& bytes, const std::string& compress) {
  const TemporaryFile file;
  std::remove(file.path().c_str());
  EXPECT_EQ(::mkfifo(file.path().c_str(), 0600), 0);
  std::string result;
  std::thread drain([&] { result = file.bytes(); });
  const auto reader = make_flow_tools_reader(input_of(bytes), {});
  WriteOptions options;
  options.compress = compress;
  {
    const auto writer = make_flow_tools_writer(OutputFile(file.path()), reader->header(), options);
    for (Block block; reader->next(block);) {
      writer->put(std::move(block));
      block = Block();
    }
    writer->finish();
  }
  drain.join();
  return result;
}

TEST(FlowToolsWriter, APipeGetsWhatFlowCatWouldWrite) {
  const std::string stream = header3(5, kStreaming) + record({}) + record({});
  EXPECT_EQ(piped(header3(5, kDone, Endian::little, 2) + record({}) + record({}), ""), stream);
  EXPECT_EQ(header3(5, kStreaming),
            std::string("\xcf\x10\x01\x03\x18\0\0\0\2\0\2\0\5\0\10\0\4\0\10\0\0\0\0\0", 24));
  const std::string packed = piped(stream, "6");
  EXPECT_EQ(packed.substr(0, 24), header3(5, kStreaming | kCompressed));
  EXPECT_EQ(read(packed).rows(), 2U);
}

TEST(FlowToolsWriter, MakesTheRoutersTimesWhereThereAreNone) {
  struct Case {
    std::optional<std::int64_t> start, end;
    std::uint32_t secs, nsecs, uptime, first, last;
  };
  const Case cases[] = {
      {1'000'500, 1'003'250, 1003, 250'000'000, 2750, 0, 2750},
      {1'003'250, 1'000'500, 1003, 250'000'000, 2750, 2750, 0},  // ends before it starts
      {1'000'500, std::nullopt, 1000, 500'000'000, 0, 0, 0},
      {std::nullopt, 1'000'500, 1000, 500'000'000, 0, 0, 0},
      {std::nullopt, std::nullopt, 0, 0, 0, 0, 0},
      {0, 4'294'967'295, 4'294'967, 295'000'000, 4'294'967'295, 0, 4'294'967'295},
      {4'294'967'295'999, 4'294'967'295'999, 4'294'967'295, 999'000'000, 0, 0, 0}};
  for (const Case& c : cases) {
    Table table;
    table.column<std::int64_t>(field_of(element::kStart), {c.start});
    table.column<std::int64_t>(field_of(element::kEnd), {c.end});
    const std::string file = written(std::move(table));
    Packed expected(Endian::little);
    expected.u32(c.secs).u32(c.nsecs).u32(c.uptime).raw(std::string(28, '\0'));
    expected.u32(c.first).u32(c.last).raw(std::string(16, '\0'));
    EXPECT_EQ(file.substr(kFileHeader), expected.bytes());
    const AllFlows back = read(file);
    if (c.start && c.end) {
      EXPECT_EQ(back.at(0, "start"), std::to_string(*c.start));
      EXPECT_EQ(back.at(0, "end"), std::to_string(*c.end));
    }
  }
}

TEST(FlowToolsWriter, MakesTimesInRowsWhereOneOfTheRoutersIsUnknown) {
  using U32 = std::vector<std::optional<std::uint32_t>>;
  Table table;
  table.column<std::int64_t>(field_of(element::kStart), Times{5000, 5000});
  table.column<std::int64_t>(field_of(element::kEnd), Times{6000, 6000});
  table.column<std::uint32_t>(field_of(element::kExportSeconds), U32{7, 7});
  table.column<std::uint32_t>(field_of(element::kExportNanoseconds), U32{0, 0});
  table.column<std::uint32_t>(field_of(element::kExportUptime), U32{3000, std::nullopt});
  table.column<std::uint32_t>(field_of(element::kStartUptime), U32{1000, 1000});
  table.column<std::uint32_t>(field_of(element::kEndUptime), U32{2000, 2000});
  const AllFlows back = read(written(std::move(table)));
  EXPECT_EQ(back.at(0, "exportSeconds"), "7");
  EXPECT_EQ(back.at(0, "First"), "1000");
  EXPECT_EQ(back.at(1, "exportSeconds"), "6");
  EXPECT_EQ(back.at(1, "First"), "0");
  EXPECT_EQ(back.at(1, "start"), "5000");
}

TEST(FlowToolsWriter, WritesUnknownValuesAsZero) {
  Table table;
  table.column<std::uint8_t>(field_of(element::kProtocol), U8{17, std::nullopt});
  const AllFlows back = read(written(std::move(table)));
  EXPECT_EQ(back.at(0, "proto"), "17");
  EXPECT_EQ(back.at(1, "proto"), "0");
  EXPECT_EQ(back.at(0, "dstip"), "0.0.0.0");
}

TEST(FlowToolsWriter, WritesOneRecordAGroup) {
  Table table(StreamKind::groups);
  table.column<Address>(field_of(element::kSourceAddress), {mapped(0x0a000001)});
  table.column<std::uint64_t>(computed("max_bytes", Type::u64), U64{9});
  table.column<std::uint64_t>(computed("sum_octets", Type::u64), U64{1500});
  table.column<std::uint64_t>(computed("pkts", Type::u64), U64{12});
  table.column<std::uint64_t>(computed("sum_packets", Type::u64), U64{13});
  table.column<std::uint8_t>(computed("and_flags", Type::u8), U8{1});
  table.column<std::uint8_t>(computed("bitOR_tcp_flags", Type::u8), U8{3});
  table.column<double>(computed("avg_packets", Type::f64), {0.5});
  table.column<std::uint64_t>(computed("max_dstport", Type::u64), U64{80});
  table.column<std::int64_t>(field_of(element::kStart), Times{1000});
  table.column<std::int64_t>(field_of(element::kEnd), Times{3000});
  table.column<std::uint64_t>({"count", element::kCount, Type::u64}, U64{5});
  const AllFlows back = read(written(std::move(table)));
  ASSERT_EQ(back.rows(), 1U);
  EXPECT_EQ(back.at(0, "srcip"), "10.0.0.1");
  EXPECT_EQ(back.at(0, "bytes"), "1500");
  EXPECT_EQ(back.at(0, "packets"), "12") << "the field's own name comes before a function's";
  EXPECT_EQ(back.at(0, "flags"), "3");
  EXPECT_EQ(back.at(0, "dstport"), "0") << "only counters and flags are taken by function";
  EXPECT_EQ(back.at(0, "start"), "1000");
  EXPECT_EQ(back.at(0, "end"), "3000");
  EXPECT_EQ(back.at(0, "First"), "0");
  EXPECT_EQ(back.at(0, "Last"), "2000");
}

TEST(FlowToolsWriter, TakesTheElementBeforeAnyName) {
  Table table(StreamKind::groups);
  table.column<std::uint64_t>(computed("sum_bytes", Type::u64), U64{1});
  table.column<std::uint64_t>({"total", element::kOctets, Type::u64}, U64{2});
  EXPECT_EQ(read(written(std::move(table))).at(0, "bytes"), "2");
}

TEST(FlowToolsWriter, TakesNoMaximumForACounterUnlessItIsCalledSo) {
  Table table(StreamKind::groups);
  table.column<std::uint64_t>(computed("max_bytes", Type::u64), U64{1});
  table.column<std::uint64_t>(computed("min_packets", Type::u64), U64{2});
  table.column<std::uint8_t>(computed("and_flags", Type::u8), U8{3});
  const AllFlows back = read(written(std::move(table)));
  EXPECT_EQ(back.at(0, "bytes") + back.at(0, "packets") + back.at(0, "flags"), "000");
}

TEST(FlowToolsWriter, RoundsMeansAndLeavesOutSets) {
  Table table(StreamKind::groups);
  table.column<double>(computed("bytes", Type::f64), {1499.6});
  Field ports = field_of(element::kSourcePort);
  ports.type = Type::set;
  ports.element_type = Type::u16;
  ColumnBuilder builder(ports);
  const StreamHeader header = [&] {
    StreamHeader h = table.header();
    h.branches[0].groups.add(ports);
    return h;
  }();
  const std::uint16_t two[] = {1, 2};
  builder.push_set(std::span<const std::uint16_t>(two));
  Block block = table.block();
  builder.move_to(block.batch);
  const TemporaryFile file;
  const auto writer = make_flow_tools_writer(OutputFile(file.path()), header, {});
  writer->put(std::move(block));
  writer->finish();
  const AllFlows back = read(file.bytes());
  EXPECT_EQ(back.at(0, "bytes"), "1500");
  EXPECT_EQ(back.at(0, "srcport"), "0");
}

TEST(FlowToolsWriter, StopsAtTheLimit) {
  WriteOptions options;
  options.limit = 2;
  Table table;
  table.column<std::uint8_t>(field_of(element::kProtocol), U8{1, 2, 3});
  const AllFlows back = read(written(std::move(table), options));
  EXPECT_EQ(back.error, "") << "the header's count is that of the records";
  EXPECT_EQ(back.rows(), 2U);
}

TEST(FlowToolsWriter, RefusesWhatTheFormatCannotHold) {
  const auto make = [](StreamKind kind, const WriteOptions& options) {
    const TemporaryFile file;
    return error_of(Exit::usage, [&] {
      static_cast<void>(
          make_flow_tools_writer(OutputFile(file.path()), {kind, false, {{}, {}}}, options));
    });
  };
  EXPECT_EQ(make(StreamKind::tuples, {}), "flow-tools files hold flows and groups, not tuples");
  EXPECT_NE(make(StreamKind::collection, {}), "");
  WriteOptions columns;
  columns.columns = {"srcip"};
  EXPECT_EQ(make(StreamKind::flows, columns), "--columns is not for flow-tools output");
  for (const char* level : {"lz4", "10", "-1", "x"}) {
    WriteOptions options;
    options.compress = level;
    EXPECT_EQ(make(StreamKind::flows, options),
              fmt::format("-z '{}' is not for flow-tools output", level));
  }
}

TEST(FlowToolsWriter, LeavesNoFileWithoutFinish) {
  const TemporaryFile file("before");
  Table table;
  table.column<std::uint8_t>(field_of(element::kProtocol), U8{1});
  {
    const auto writer = make_flow_tools_writer(OutputFile(file.path()), table.header(), {});
    writer->put(table.block());
  }
  EXPECT_EQ(file.bytes(), "before");
}

}  // namespace
}  // namespace nfql::test
