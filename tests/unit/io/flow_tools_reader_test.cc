#include "common/io/flow_tools_reader.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>

#include "common/base/error.h"
#include "common/base/hash.h"
#include "tests/unit/io/flow_tools_reads.h"

namespace nfql::test {
namespace {

void expect_whole(const AllFlows& all, const std::string& what) {
  SCOPED_TRACE(what);
  ASSERT_EQ(all.error, "");
  ASSERT_EQ(all.rows(), 2U);
  const std::pair<const char*, const char*> expected[] = {{"start", "1335772181057"},
                                                          {"end", "1335772186057"},
                                                          {"srcip", "10.0.0.1"},
                                                          {"dstip", "192.168.0.2"},
                                                          {"srcport", "7"},
                                                          {"dstport", "80"},
                                                          {"proto", "6"},
                                                          {"flags", "27"},
                                                          {"packets", "10"},
                                                          {"bytes", "1500"},
                                                          {"tos", "8"},
                                                          {"inif", "3"},
                                                          {"outif", "4"},
                                                          {"nexthop", "10.0.0.254"},
                                                          {"flowId", "1"},
                                                          {"exporter", "10.77.0.1"},
                                                          {"First", "90000"},
                                                          {"Last", "95000"},
                                                          {"exportSeconds", "1335772191"},
                                                          {"exportNanoseconds", "57000000"},
                                                          {"exportSysUpTime", "100000"},
                                                          {"flowToolsPadding", "0"}};
  for (const auto& [name, value] : expected) {
    EXPECT_EQ(all.at(1, name), value) << name;
  }
  EXPECT_EQ(all.at(0, "srcport"), "40000");
  EXPECT_EQ(all.at(0, "flowId"), "0");
}

TEST(FlowToolsReader, ReadsEveryVersionInBothOrdersPlainAndCompressed) {
  for (const int version : {1, 5, 6, 7, 1005}) {
    for (const Endian endian : {Endian::little, Endian::big}) {
      const std::string records = record({}, version, endian) + record(flow(7), version, endian);
      const AllFlows plain = read(header3(version, kStreaming, endian) + records);
      const AllFlows packed =
          read(header3(version, kStreaming | kCompressed, endian) + deflated(records));
      const std::string what = fmt::format("v{} order {}", version, static_cast<int>(endian));
      expect_whole(plain, what);
      expect_whole(packed, what + " compressed");
      for (const auto& [name, value] : {std::pair{"engine_type", "1"},
                                        {"engine_id", "2"},
                                        {"srcmask", "24"},
                                        {"dstmask", "16"},
                                        {"srcas", "65001"},
                                        {"dstas", "65002"}}) {
        EXPECT_EQ(packed.at(1, name), version == 1 ? "?" : value) << what << name;
      }
    }
  }
}

TEST(FlowToolsReader, ReadsStreamVersion1) {
  RawFlow f = flow(7);
  f.secs = 1'335'700'000;
  f.nsecs = 250;  // milliseconds
  f.first = 3'000'000'000;
  f.last = 3'000'001'000;
  for (const Endian endian : {Endian::little, Endian::big}) {
    for (const int version : {1, 5, 65535}) {
      const std::string records = record1(f, endian);
      for (const AllFlows& all :
           {read(header1(version, kDone, endian, 1) + records),
            read(header1(version, kCompressed, endian) + deflated(records))}) {
        ASSERT_EQ(all.error, "");
        ASSERT_EQ(all.rows(), 1U);
        EXPECT_EQ(all.at(0, "start"), "1338700000250") << "uptimes count from the time given";
        EXPECT_EQ(all.at(0, "end"), "1338700001250");
        EXPECT_EQ(all.at(0, "exportNanoseconds"), "250000000");
        EXPECT_EQ(all.at(0, "exportSysUpTime"), "0");
        EXPECT_EQ(all.at(0, "flags"), "27");
        EXPECT_EQ(all.at(0, "srcport"), "7");
        EXPECT_EQ(all.at(0, "exporter"), "?");
        EXPECT_EQ(all.at(0, "srcas"), version == 5 ? "65001" : "?");
        EXPECT_EQ(all.at(0, "dstmask"), version == 5 ? "16" : "?");
      }
    }
  }
}

TEST(FlowToolsReader, HasTheSameColumnsForAllVersions) {
  const auto reader = make_flow_tools_reader(input_of(header3(1, kStreaming)), {});
  std::string names;
  for (const Field& field : reader->header().flows().fields()) {
    names += field.name + " ";
  }
  EXPECT_EQ(names,
            "start end srcip srcport dstip dstport proto flags packets bytes tos inif outif "
            "nexthop srcas dstas srcmask dstmask exporter engine_type engine_id First Last flowId "
            "unix_secs unix_nsecs sysuptime ft_pad ");
}

TEST(FlowToolsReader, DecodesOnlyWhatIsWanted) {
  ReadOptions options;
  options.wanted = {element::kFlowId, element::kOctets, element::kStart, element::kDuration,
                    element::kFlowCount};
  const AllFlows all = read(header3(5, kStreaming) + record({}), options);
  ASSERT_EQ(all.schema.size(), 4U);
  EXPECT_EQ(all.schema[0].name, "start");
  EXPECT_EQ(all.at(0, "flows"), "1") << "no column of the file, but there for who asks";
  EXPECT_EQ(all.at(0, "bytes"), "1500");
  EXPECT_EQ(all.at(0, "flowId"), "0");
}

TEST(FlowToolsReader, SeesThatTheUptimeWrapped) {
  RawFlow f;
  f.uptime = 5'000;
  f.first = 4'294'967'000;  // 296 ms before the wrap
  f.last = 1'000;
  const AllFlows all = read(header3(5, kStreaming) + record(f));
  EXPECT_EQ(all.at(0, "start"), "1335772185761");
  EXPECT_EQ(all.at(0, "end"), "1335772187057");
  EXPECT_EQ(all.at(0, "First"), "4294967000") << "what the router said stays";
}

TEST(FlowToolsReader, WrapsOnlyBeyondHalfTheRange) {
  RawFlow f;
  f.uptime = 0;
  f.first = 0x8000'0000;  // exactly half: as it stands
  f.last = 0x8000'0001;
  const AllFlows all = read(header3(5, kStreaming) + record(f));
  EXPECT_EQ(all.at(0, "start"), "1337919674705");
  EXPECT_EQ(all.at(0, "end"), "1333624707410");
}

TEST(FlowToolsReader, KeepsAnEndBeforeTheStart) {
  RawFlow f;
  std::swap(f.first, f.last);
  const AllFlows all = read(header3(5, kStreaming) + record(f));
  EXPECT_EQ(all.at(0, "start"), "1335772186057");
  EXPECT_EQ(all.at(0, "end"), "1335772181057");
}

TEST(FlowToolsReader, AnnouncesTheFileAsASource) {
  const std::string bytes = header3(5, kStreaming) + record({});
  const AllFlows all = read(bytes);
  ASSERT_EQ(all.sources.size(), 1U);
  EXPECT_EQ(all.sources[0].name, "trace.ft");
  EXPECT_EQ(all.sources[0].first_flow, 0U);
  EXPECT_EQ(all.sources[0].fingerprint, xxh3(std::as_bytes(std::span(bytes.data(), bytes.size()))));
}

TEST(FlowToolsReader, FingerprintsTheFirst64KiBytes) {
  std::string bytes = header3(5, kStreaming);
  for (int i = 0; i < 2000; ++i) {
    bytes += record({});
  }
  const AllFlows all = read(bytes);
  EXPECT_EQ(all.rows(), 2000U);
  EXPECT_EQ(all.sources[0].fingerprint, xxh3(std::as_bytes(std::span(bytes.data(), 64 * 1024))));
}

TEST(FlowToolsReader, CutsBatchesAtTheirLargestSize) {
  std::string records;
  for (unsigned i = 0; i < kMaxRows + 10; ++i) {
    RawFlow f;
    f.packets = i;
    records += record(f);
  }
  for (const std::string& bytes : {header3(5, kStreaming) + records,
                                   header3(5, kStreaming | kCompressed) + deflated(records)}) {
    const AllFlows all = read(bytes);
    ASSERT_EQ(all.batches.size(), 2U);
    EXPECT_EQ(all.batches[0].rows, kMaxRows);
    EXPECT_EQ(all.batches[1].rows, 10U);
    for (const std::size_t row : {std::size_t{0}, std::size_t{1023}, std::size_t{1024},
                                  kMaxRows - 1, kMaxRows, kMaxRows + 9}) {
      EXPECT_EQ(all.at(row, "packets"), std::to_string(row));
      EXPECT_EQ(all.at(row, "flowId"), std::to_string(row));
    }
  }
}

TEST(FlowToolsReader, ReusesTheMemoryOfTheBlockItIsGiven) {
  std::string bytes = header3(5, kStreaming);
  for (std::size_t i = 0; i < 3 * kMaxRows; ++i) {
    bytes += record(flow(static_cast<std::uint16_t>(i / kMaxRows)));
  }
  const auto reader = make_flow_tools_reader(input_of(bytes), {});
  Block block;
  ASSERT_TRUE(reader->next(block));
  for (std::uint16_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(reader->next(block));
    ASSERT_EQ(block.batch.rows, kMaxRows);
    EXPECT_EQ(block.batch.columns[3].values<std::uint16_t>()[kMaxRows - 1], i);
  }
  EXPECT_FALSE(reader->next(block));
  EXPECT_EQ(reader->bytes_read(), bytes.size());
  EXPECT_EQ(reader->bytes_total(), bytes.size());
}

TEST(FlowToolsReader, ReadsStreamsBehindEachOtherAsSources) {
  const std::string plain = header3(5, kStreaming) + record(flow(1)) + record(flow(2));
  const std::string packed =
      header3(7, kDone | kCompressed, Endian::big, 1) + deflated(record(flow(3), 7, Endian::big));
  const std::string empty = header3(5, kStreaming);
  const std::string old = header1(5, 0) + record1(flow(4));
  const AllFlows all = read(plain + packed + empty + old + plain);
  ASSERT_EQ(all.error, "");
  ASSERT_EQ(all.rows(), 6U);
  ASSERT_EQ(all.sources.size(), 5U);
  const std::uint64_t firsts[] = {0, 2, 3, 3, 4};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(all.sources[i].first_flow, firsts[i]);
  }
  const char* ports[] = {"1", "2", "3", "4", "1", "2"};
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(all.at(i, "srcport"), ports[i]);
    EXPECT_EQ(all.at(i, "flowId"), std::to_string(i));
  }
  EXPECT_EQ(all.at(3, "engine_id"), "?") << "stream version 1 has none";
}

TEST(FlowToolsReader, TakesAFlowOf1971ThatLooksLikeAHeaderForAFlow) {
  RawFlow f;
  f.secs = 0x030110cf;  // cf 10 01 03
  for (const std::uint32_t nsecs : {0U, 7U, 24U, 20'000U, 4'000'000'000U}) {
    f.nsecs = nsecs;  // where a header has its size
    const AllFlows all =
        read(header3(5, kStreaming) + record({}) + record(f) + record({}) + record(f) + record({}));
    ASSERT_EQ(all.error, "") << nsecs;
    EXPECT_EQ(all.rows(), 5U);
    EXPECT_EQ(all.sources.size(), 1U);
  }
}

TEST(FlowToolsReader, CountsBytesAfterTheEndOfTheDeflateStream) {
  const std::string bytes = header3(5, kStreaming | kCompressed) + deflated(record({}));
  const AllFlows all = read(bytes + "rest");
  EXPECT_EQ(all.rows(), 1U) << "the good records come first";
  EXPECT_EQ(all.error,
            fmt::format("trace.ft: 4 bytes after the end of the stream at byte {}", bytes.size()));
}

TEST(FlowToolsReader, ComparesTheCountInTheHeaderOfAFinishedFile) {
  const std::string two = record({}) + record({});
  EXPECT_EQ(read(header3(5, kDone, Endian::little, 2) + two).error, "");
  EXPECT_EQ(read(header3(5, kDone, Endian::little, 3) + two).error,
            "trace.ft: is incomplete: its header says 3 records, it has 2");
  EXPECT_EQ(read(header3(5, kDone, Endian::little, 0) + two).error,
            "trace.ft: is incomplete: its header says 0 records, it has 2");
  EXPECT_EQ(read(header3(5, 0, Endian::little, 0) + two).error, "") << "not finished: not known";
  EXPECT_EQ(read(header3(5, kDone | kStreaming, Endian::little, 0) + two).error, "");
  EXPECT_EQ(read(header3(5, kDone) + two).error, "");
}

TEST(FlowToolsReader, AnEmptyStreamIsComplete) {
  for (const std::string& bytes : {header3(5, kStreaming), header1(5, 0),
                                   header3(5, kStreaming | kCompressed) + deflated("")}) {
    const AllFlows all = read(bytes);
    EXPECT_EQ(all.error, "");
    EXPECT_EQ(all.rows(), 0U);
    EXPECT_EQ(all.sources.size(), 1U);
  }
}

TEST(FlowToolsReader, RefusesAggregatesAndSaysOfWhat) {
  const std::string header = Packed(Endian::big)
                                 .raw("\xcf\x10\x02\x03")
                                 .u32(28)
                                 .u16(2)
                                 .u16(2)
                                 .u16(8)
                                 .u16(3)
                                 .u16(1)
                                 .u8(2)
                                 .u16(4)
                                 .u16(1)
                                 .u8(3)
                                 .raw(std::string(4, '\0'))
                                 .bytes();
  EXPECT_EQ(read(header).error,
            "trace.ft: flow-tools version 8.3 (source prefix aggregates): holds sums over flows, "
            "no flows");
}

TEST(FlowToolsReader, RefusesUnknownVersions) {
  EXPECT_EQ(read(header3(9, kStreaming)).error,
            "trace.ft: flow-tools version 9 is unknown (known are 1, 5, 6, 7 and 1005)");
  EXPECT_EQ(read(header1(7, 0)).error,
            "trace.ft: flow-tools version 7 is unknown (known are 1 and 5)");
  std::string bytes = header3(5, kStreaming);
  bytes[3] = 2;
  EXPECT_EQ(
      read(bytes).error,
      "trace.ft: flow-tools header at byte 0 is damaged or of an unknown version: cf 10 01 02 "
      "18 00 00 00");
}

TEST(FlowToolsReader, RefusesDamagedHeaders) {
  const std::string good = header3(5, kStreaming) + record({});
  const auto with = [&](std::size_t at, int value) {
    std::string bytes = good;
    bytes[at] = static_cast<char>(value);
    return read(bytes).error;
  };
  EXPECT_NE(with(2, 3), "") << "byte order";
  EXPECT_NE(with(4, 4), "") << "size below the least";
  EXPECT_NE(with(4, 26), "") << "size no multiple of 4";
  EXPECT_NE(with(6, 1), "") << "size over the most";
  EXPECT_EQ(
      with(10, 200),
      "trace.ft: flow-tools header at byte 0 is damaged: its part 0x2 at byte 8 is longer than "
      "the header");
  EXPECT_EQ(with(8, 99),
            "trace.ft: flow-tools header at byte 0 is damaged: it does not say which version its "
            "records have");
  EXPECT_EQ(with(16, 2),
            "trace.ft: flow-tools header at byte 0 is damaged: its part 0x8 has 2 of 4 bytes");
}

TEST(FlowToolsReader, ReadsAnInputThatGivesByteByByte) {
  const std::string bytes =
      header3(5, kStreaming | kCompressed) + deflated(record({}) + record({}));
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);  // a read gives what a write gave
  InputFile input(Fd{ends[0]}, "<stdin>");
  for (const char c : bytes) {
    ASSERT_EQ(::write(ends[1], &c, 1), 1);
  }
  ::close(ends[1]);
  const auto reader = make_flow_tools_reader(std::move(input), {});
  EXPECT_EQ(reader->bytes_total(), 0U);
  EXPECT_EQ(read_all(*reader).rows(), 2U);
}

}  // namespace
}  // namespace nfql::test
