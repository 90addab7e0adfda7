#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/io/flow_tools_header.h"
#include "common/io/flow_tools_reader.h"
#include "common/io/flow_tools_writer.h"
#include "tests/unit/io/flow_table.h"
#include "tests/unit/io/flow_tools_bytes.h"
#include "tests/unit/io/read_all.h"
#include "tests/unit/io/temporary_file.h"

namespace nfql::test {
namespace {

using testing::ElementsAre;
using testing::EndsWith;

// What became of a table that has rows for which records have no room.
struct Attempt {
  std::string bytes;
  std::string error;  // less the name of the file
  std::vector<std::string> warnings;

  [[nodiscard]] AllFlows flows() const {
    const auto reader = make_flow_tools_reader(input_of(bytes), {});
    return read_all(*reader);
  }
};

Attempt attempt(Table&& table, const WriteOptions& options) {
  const TemporaryFile file("before");
  const auto writer = make_flow_tools_writer(OutputFile(file.path()), table.header(), options);
  Attempt made;
  try {
    writer->put(table.block());
    writer->finish();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::failed);
    const std::string text = error.what();
    made.error = text.substr(text.find(": ") + 2);
  }
  made.bytes = file.bytes();
  made.warnings = writer->warnings();
  return made;
}

std::string refusal(Table&& table) {
  const Attempt made = attempt(std::move(table), {});
  EXPECT_EQ(made.bytes, "before") << "no file takes its place";
  return made.error;
}

Attempt skipping(Table&& table, std::optional<std::uint64_t> limit = std::nullopt) {
  WriteOptions options;
  options.compress = "0";
  options.skip_unrepresentable = true;
  options.limit = limit;
  return attempt(std::move(table), options);
}

// Flows 0 to 4, of which 0, 2 and 3 have no room, 0 for two reasons.
Table mixed() {
  const Address ipv6 = parse_address("2001:db8::1").value();
  constexpr std::uint64_t kMany = std::uint64_t{1} << 40;
  Table table;
  table.column<Address>(field_of(element::kSourceAddress),
                        {ipv6, mapped(1), mapped(2), ipv6, mapped(3)});
  table.column<std::uint64_t>(field_of(element::kPackets), U64{kMany, 1, kMany, 4, 5});
  table.column<std::int64_t>(field_of(element::kStart), Times{1000, 2000, 9000, 9000, 4000});
  table.column<std::int64_t>(field_of(element::kEnd), Times{1000, 3000, 9000, 9000, 5000});
  return table;
}

TEST(FlowToolsRoom, RefusesValuesThatHaveNone) {
  Table ipv6;
  ipv6.column<Address>(field_of(element::kSourceAddress),
                       {mapped(1), *parse_address("2001:db8::1")});
  EXPECT_EQ(refusal(std::move(ipv6)),
            "1 of 2 flows cannot be written to flow-tools v5, flow 1: IPv6 address 2001:db8::1");
  Table packets;
  packets.column<std::uint64_t>(field_of(element::kPackets), U64{4'294'967'295, 4'294'967'296});
  EXPECT_EQ(refusal(std::move(packets)),
            "1 of 2 flows cannot be written to flow-tools v5, flow 1: packets 4294967296 (at most "
            "4294967295)");
  Table interface;
  interface.column<std::uint32_t>(field_of(element::kIngress), {65'535, 65'536});
  EXPECT_EQ(refusal(std::move(interface)),
            "1 of 2 flows cannot be written to flow-tools v5, flow 1: inif 65536 (at most 65535)");
  Table as;
  as.column<std::uint32_t>(field_of(element::kDestinationAs), {70'000});
  EXPECT_EQ(refusal(std::move(as)),
            "1 of 1 flows cannot be written to flow-tools v5, flow 0: dstas 70000 (at most 65535)");
}

TEST(FlowToolsRoom, RefusesTimesThatHaveNone) {
  Table early;
  early.column<std::int64_t>(field_of(element::kStart), Times{-1});
  EXPECT_EQ(refusal(std::move(early)),
            "1 of 1 flows cannot be written to flow-tools v5, flow 0: time "
            "1969-12-31T23:59:59.999Z (1970 to 2106)");
  Table lasting;
  lasting.column<std::int64_t>(field_of(element::kStart), Times{0});
  lasting.column<std::int64_t>(field_of(element::kEnd), Times{4'294'967'296});
  EXPECT_EQ(refusal(std::move(lasting)),
            "1 of 1 flows cannot be written to flow-tools v5, flow 0: duration of 4294967296 ms "
            "(at most 4294967295)");
}

TEST(FlowToolsRoom, CountsEachFlowOnceAndNamesTheFirst) {
  EXPECT_EQ(refusal(mixed()),
            "3 of 5 flows cannot be written to flow-tools v5, first flow 0: IPv6 address "
            "2001:db8::1");
}

TEST(FlowToolsRoom, LeavesFlowsOutWhenAsked) {
  const Attempt made = skipping(mixed());
  EXPECT_EQ(made.error, "");
  const AllFlows kept = made.flows();
  EXPECT_EQ(kept.error, "") << "the header's count is that of the records";
  ASSERT_EQ(kept.rows(), 2U);
  EXPECT_EQ(kept.at(0, "srcip"), "0.0.0.1");
  EXPECT_EQ(kept.at(0, "packets"), "1");
  EXPECT_EQ(kept.at(1, "srcip"), "0.0.0.3");
  EXPECT_EQ(kept.at(1, "start"), "4000");
  EXPECT_THAT(made.warnings,
              ElementsAre(EndsWith(": 3 of 5 flows cannot be written to flow-tools v5, first flow "
                                   "0: IPv6 address 2001:db8::1; left out")));
  const std::span<const std::byte> bytes = std::as_bytes(std::span(made.bytes));
  const FlowToolsHeader header =
      parse_flow_tools_header(bytes.first(flow_tools_header_size(bytes).value())).header;
  EXPECT_EQ(header.capture_start, 2U) << "those left out are not in the file's interval either";
  EXPECT_EQ(header.capture_end, 5U);
}

TEST(FlowToolsRoom, LimitIsOfWhatIsWritten) {
  const AllFlows one = skipping(mixed(), 1).flows();
  ASSERT_EQ(one.rows(), 1U);
  EXPECT_EQ(one.at(0, "srcip"), "0.0.0.1");
  EXPECT_EQ(skipping(mixed(), 2).flows().rows(), 2U);
  WriteOptions two;
  two.limit = 2;
  EXPECT_THAT(attempt(mixed(), two).error, testing::StartsWith("1 of 2 flows cannot"));
}

TEST(FlowToolsRoom, WarnsOfNothingWhenAllHadRoom) {
  Table table;
  table.column<std::uint8_t>(field_of(element::kProtocol), {std::uint8_t{6}});
  EXPECT_THAT(skipping(std::move(table)).warnings, ElementsAre());
}

TEST(FlowToolsRoom, CountsFlowsOverAllBlocks) {
  const TemporaryFile file;
  U64 values(2000, 1);
  Table first;
  first.column<std::uint64_t>(field_of(element::kPackets), values);
  values[1500] = std::uint64_t{1} << 40;
  Table second;
  second.column<std::uint64_t>(field_of(element::kPackets), values);
  const auto writer = make_flow_tools_writer(OutputFile(file.path()), first.header(), {});
  writer->put(first.block());
  writer->put(second.block());
  try {
    writer->finish();
    ADD_FAILURE() << "a flow without room";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("1 of 4000 flows cannot be written to flow-tools "
                                                 "v5, flow 3500: packets 1099511627776 "));
  }
}

}  // namespace
}  // namespace nfql::test
