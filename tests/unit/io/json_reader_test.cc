#include "common/io/json_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/io/text_reads.h"

namespace nfql::test {
namespace {

using testing::ElementsAre;

std::string error_of(const std::string& text) {
  return read_text(text).flows.error;
}

TEST(JsonReader, ReadsOneObjectAFlow) {
  const char* const same[] = {
      "{\"srcip\":\"10.0.0.1\",\"bytes\":5}\n{\"srcip\":null,\"bytes\":6}\n",
      "{\"srcip\":\"10.0.0.1\",\"bytes\":5}\n{\"bytes\":\"6\"}",
      "[\n{\n\t\"srcip\" : \"10.0.0.1\",\n\t\"bytes\" : 5\n},\n{ \"bytes\" : 6 }]\n",
      " [{\"srcip\":\"10.0\\u002e0.1\",\"bytes\":5},{\"bytes\":6,\"srcip\":null}]",
      "{\"srcip\":\"10.0.0.1\",\"bytes\":5}{\"bytes\":6,\"srcip\":\"\"}\r\n\r\n",
  };
  for (const char* text : same) {
    const TextRead read = read_text(text);
    EXPECT_EQ(read.flows.error, "") << text;
    EXPECT_EQ(read.names(), "srcip,bytes,flowId") << text;
    EXPECT_THAT(read.rows(), ElementsAre("10.0.0.1 5", "? 6")) << text;
  }
}

TEST(JsonReader, ColumnsAreThoseOfTheFirstObjects) {
  const TextRead read = read_text(
      "{\"bytes\":1}\n{\"srcport\":7,\"bytes\":2}\n{\"label\":{\"a\":[1,2]},\"bytes\":3}\n");
  EXPECT_EQ(read.names(), "bytes,srcport,flowId");
  EXPECT_THAT(read.rows(), ElementsAre("1 ?", "2 7", "3 ?"));
  EXPECT_THAT(read.warnings, ElementsAre("x: column 'label': no field has that name; left out"));
}

TEST(JsonReader, WarnsOfColumnsThatComeLate) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) {
    text += "{\"bytes\":1}\n";
  }
  const TextRead read = read_text(text + "{\"bytes\":1,\"srcport\":5}\n");
  EXPECT_EQ(read.names(), "bytes,flowId");
  EXPECT_EQ(read.flows.rows(), 10'001U);
  EXPECT_THAT(read.warnings,
              ElementsAre("x: column 'srcport' first came in line 10001; left out, as columns are "
                          "those of the first 64 KiB"));
}

TEST(JsonReader, FieldsThatTheRequestNamesMayComeLate) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) {
    text += "{\"bytes\":1}\n";
  }
  text += "{\"bytes\":1,\"dport\":5}\n{\"dport\":6}\n";
  ReadOptions options;
  options.named = {element::kDestinationPort, element::kSourcePort, element::kOctets,
                   element::kDuration, element::kFlowId};
  const auto reader = open_reader(input_of(text, "x"), options);
  const AllFlows all = read_all(*reader);
  EXPECT_EQ(all.schema.size(), 4U);
  EXPECT_EQ(all.at(9'999, "dstport"), "?");
  EXPECT_EQ(all.at(10'000, "dstport"), "5");
  EXPECT_EQ(all.at(10'001, "dstport"), "6");
  EXPECT_THAT(reader->warnings(), ElementsAre());
  EXPECT_THAT(reader->missing_fields(), ElementsAre(element::kSourcePort));
}

TEST(JsonReader, AddressesOfTheOtherFamilyMayComeLate) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) {
    text += "{\"src4_addr\":\"10.0.0.1\"}\n";
  }
  const TextRead read = read_text(text +
                                  "{\"src6_addr\":\"2001:db8::1\",\"src4_addr\":\"0.0.0.0\"}\n"
                                  "{\"src4_addr\":\"10.0.0.2\",\"src6_addr\":\"::\"}\n"
                                  "{\"src6_addr\":\"2001:db8::2\"}\n");
  ASSERT_EQ(read.flows.rows(), 10'003U);
  EXPECT_EQ(read.flows.at(10'000, "srcip"), "2001:db8::1");
  EXPECT_EQ(read.flows.at(10'001, "srcip"), "10.0.0.2");
  EXPECT_EQ(read.flows.at(10'002, "srcip"), "2001:db8::2");
  EXPECT_THAT(read.warnings, ElementsAre());
}

TEST(JsonReader, NamesLineAndColumnOfAMistake) {
  EXPECT_EQ(error_of("{\"bytes\":1}\n{\"bytes\":-1}\n"),
            "x: line 2, column 'bytes': '-1' is not a number (0 to 2^64 - 1)");
  EXPECT_EQ(error_of("{\"bytes\":1}\n{\"bytes\":1.5}\n"),
            "x: line 2, column 'bytes': '1.5' is not a number (0 to 2^64 - 1)");
  EXPECT_EQ(error_of("{\"bytes\":1}\n\n{\"bytes\":[1]}\n"),
            "x: line 3, column 'bytes': '[' is not a number (0 to 2^64 - 1)");
  EXPECT_EQ(error_of("{\"srcip\":true}\n"), "x: line 1, column 'srcip': 'true' is not an address");
  EXPECT_EQ(error_of("{\"bytes\":1}\nfoo\n"), "x: line 2: expected a JSON object, found 'f'");
  EXPECT_EQ(error_of("{\"bytes\":1}\n\n{\"bytes\":"), "x: line 3: ends in the middle of an object");
  EXPECT_THAT(error_of("{\"bytes\":1}\n{bytes:1}\n"),
              testing::StartsWith("x: line 2: is no JSON object: "));
  EXPECT_EQ(error_of("[]"), "x: is a JSON document");
  EXPECT_EQ(error_of("{}"), "x: no name of a column is that of a field");
  EXPECT_EQ(error_of("\n{\"branches\": {}}"), "x: no name of a column is that of a field");
  EXPECT_EQ(error_of("{\"bytes\":1,\"octets\":1}"),
            "x: columns 'bytes' and 'octets' are the same field");
}

TEST(JsonReader, GivesTheRowsBeforeAMistakeFirst) {
  const std::string text = "{\"bytes\":1}\n{\"bytes\":2}\n{\"bytes\":\n";
  EXPECT_EQ(read_text(text).flows.rows(), 2U);
  ReadOptions options;
  options.salvage = true;
  EXPECT_EQ(read_text(text, options).flows.error, "");
}

TEST(JsonReader, ReadsWhatIsWantedOnly) {
  ReadOptions options;
  options.wanted = {element::kOctets};
  const TextRead read = read_text("{\"srcip\":[],\"bytes\":5}", options);
  EXPECT_EQ(read.names(), "bytes");
  EXPECT_THAT(read.rows(), ElementsAre("5"));
}

TEST(JsonReader, ReadsNfdumpsJson) {
  const TextRead read = read_text(R"([
{
	"type" : "FLOW",
	"sampled" : 0,
	"export_sysid" : 1,
	"first" : "2026-11-22T10:41:06.515",
	"last" : "2026-11-22T10:41:07.515",
	"in_packets" : 1,
	"in_bytes" : 56,
	"proto" : 58,
	"icmp_type" : 133,
	"icmp_code" : 1,
	"src6_addr" : "fe80::1",
	"dst6_addr" : "ff02::2",
	"src_net" : "",
	"label" : "<none>"
},
{
	"type" : "FLOW",
	"first" : "2026-11-22T10:41:06.515",
	"last" : "2026-11-22T10:41:06.515",
	"proto" : 6,
	"tcp_flags" : "...AP.SF",
	"src_port" : 1234,
	"dst_port" : 80,
	"src4_addr" : "10.0.0.1",
	"ip4_router" : "127.0.0.1",
	"aggr_flows" : 3
}]
)");
  EXPECT_EQ(read.flows.error, "");
  EXPECT_THAT(read.warnings, ElementsAre());
  EXPECT_EQ(read.flows.at(0, "end"), "1795344067515");
  EXPECT_EQ(read.flows.at(0, "dstport"), std::to_string(133 * 256 + 1));
  EXPECT_EQ(read.flows.at(0, "srcip"), "fe80::1");
  EXPECT_EQ(read.flows.at(0, "bytes"), "56");
  EXPECT_EQ(read.flows.at(0, "flags"), "?");
  EXPECT_EQ(read.flows.at(1, "srcip"), "10.0.0.1");
  EXPECT_EQ(read.flows.at(1, "dstip"), "?");
  EXPECT_EQ(read.flows.at(1, "flags"), "27");
  EXPECT_EQ(read.flows.at(1, "exporter"), "127.0.0.1");
  EXPECT_EQ(read.flows.at(1, "flows"), "3");
}

TEST(JsonReader, ReadsGoflow2OfBothVersions) {
  const TextRead two = read_text(
      R"({"type":"NETFLOW_V5","time_received_ns":1681583295157626000,"sequence_num":2999,)"
      R"("sampler_address":"192.168.0.1","time_flow_start_ns":1681583295157626000,)"
      R"("time_flow_end_ns":1681583296157626000,"bytes":1500,"packets":1,"src_addr":"2001:db8::1",)"
      R"("dst_addr":"2001:db8::2","etype":"IPv6","proto":"TCP","src_port":443,"dst_port":50001,)"
      R"("src_net":24})");
  EXPECT_EQ(two.flows.error, "");
  EXPECT_THAT(two.warnings, ElementsAre());
  EXPECT_EQ(two.flows.at(0, "start"), "1681583295157");
  EXPECT_EQ(two.flows.at(0, "end"), "1681583296157");
  EXPECT_EQ(two.flows.at(0, "srcip"), "2001:db8::1");
  EXPECT_EQ(two.flows.at(0, "proto"), "6");
  EXPECT_EQ(two.flows.at(0, "dstport"), "50001");
  EXPECT_EQ(two.flows.at(0, "srcmask"), "24");
  const TextRead one = read_text(
      R"({"Type":"NETFLOW_V9","TimeReceived":1681583295,"TimeFlowStart":1681583290,)"
      R"("TimeFlowEnd":1681583295,"SrcAddr":"10.0.0.1","TCPFlags":16,"Etype":2048,"Proto":6})");
  EXPECT_EQ(one.flows.at(0, "start"), "1681583290000");
  EXPECT_EQ(one.flows.at(0, "flags"), "16");
  EXPECT_EQ(one.flows.at(0, "proto"), "6");
}

TEST(JsonReader, ReadsManyRowsInBatches) {
  std::string text;
  for (std::size_t i = 0; i < kMaxRows + 10; ++i) {
    text +=
        "{\"bytes\":" + std::to_string(i) + ",\"label\":\"" + std::string(i % 50, '}') + "\"}\n";
  }
  const TextRead read = read_text(text);
  ASSERT_EQ(read.flows.batches.size(), 2U);
  for (const std::size_t row : {std::size_t{0}, kMaxRows - 1, kMaxRows, kMaxRows + 9}) {
    EXPECT_EQ(read.flows.at(row, "bytes"), std::to_string(row));
  }
}

TEST(JsonReader, AnObjectWithoutEndIsNoReasonToTakeAllMemory) {
  EXPECT_EQ(error_of("{\"bytes\":1,\"label\":\"" + std::string(3 * 1024 * 1024, 'x')),
            "x: line 1: an object is larger than one of a flow can be");
  const std::string blanks = "{\"bytes\":1}" + std::string(3 * 1024 * 1024, '\n') + "{\"bytes\":x}";
  EXPECT_EQ(error_of(blanks),
            "x: line 3145729, column 'bytes': 'x' is not a number (0 to 2^64 - 1)");
}

TEST(JsonReader, EveryPrefixIsRowsOrAMistake) {
  const std::string text = "[{\"srcip\":\"10.0.0.1\",\"x\":{\"\\\"\":[1]}},\n{\"srcip\":null}]";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    EXPECT_LE(read_text(text.substr(0, size)).flows.rows(), 2U);
  }
}

}  // namespace
}  // namespace nfql::test
