#include "common/io/detect.h"

#include <gtest/gtest.h>

#include <string>

#include "common/base/error.h"
#include "common/io/reader.h"
#include "tests/unit/io/flow_tools_bytes.h"

namespace nfql::test {
namespace {

std::string bytes(std::initializer_list<unsigned> values) {
  std::string result;
  for (const unsigned value : values) {
    result += static_cast<char>(value);
  }
  return result;
}

std::string refusal(const std::string& content, const ReadOptions& options = {}) {
  try {
    static_cast<void>(open_reader(input_of(content, "x"), options));
  } catch (const Error& error) {
    return fmt::format("{} {}", static_cast<int>(error.code()), error.what());
  }
  return "";
}

TEST(OpenReader, NamesWhatItCannotRead) {
  const std::string zeros(32, '\0');
  const std::pair<std::string, const char*> cases[] = {
      {"", "1 x: is empty (0 bytes): no flow file is"},
      {bytes({0x7f, 'E', 'F', 2}), "1 x: is no flow file: begins with bytes 7f 45 46 02"},
      {bytes({0}), "1 x: is no flow file: begins with bytes 00"},
      {bytes({0x0c, 0xa5, 1, 0}), "1 x: is an nfdump file, layout 1 (nfdump 1.6)"},
      {bytes({0x0c, 0xa5, 2, 0}), "1 x: ends in the middle of an nfdump file header at byte 4"},
      {bytes({0x0c, 0xa5, 3, 0}), "1 x: is an nfdump file, layout 3 (nfdump 1.8)"},
      {bytes({0x0c, 0xa5}), "1 x: is an nfdump file of an unknown layout"},
      {bytes({0xde, 0xad, 0xbe, 0xef}), "1 x: ends in the middle of a SiLK header at byte 4"},
      {bytes({0, 10, 0, 40}) + zeros, "1 x: is no flow file: begins with bytes 00 0a 00 28"},
      {bytes({0, 5, 0, 31}) + zeros, "1 x: is no flow file: begins with bytes 00 05 00 1f"},
      {bytes({0xd4, 0xc3, 0xb2, 0xa1}), "1 x: is cut short: 4 bytes of its header"},
      {"a,b\n", "1 x: is text, not a flow file"},
      {"(\xc3\xa4)", "1 x: is text, not a flow file"},
  };
  for (const auto& [content, message] : cases) {
    EXPECT_EQ(refusal(content), message);
  }
}

TEST(OpenReader, SurvivesEveryPrefixOfAnyMagic) {
  for (unsigned first = 0; first < 256; ++first) {
    for (const unsigned second : {0x00U, 0x05U, 0x09U, 0x0aU, 0x10U, 0xa5U}) {
      EXPECT_NE(refusal(bytes({first})), "");
      EXPECT_NE(refusal(bytes({first, second})), "");
      EXPECT_NE(refusal(bytes({first, second, 0})), "");
    }
  }
}

TEST(OpenReader, OpensAFormatByItsFirstBytesOrByName) {
  const std::string content = header3(5, kStreaming) + record({});
  EXPECT_EQ(refusal(content), "");
  ReadOptions options;
  options.format = "flow-tools";
  EXPECT_EQ(refusal(content, options), "");
  options.format = "nfql";
  EXPECT_EQ(refusal(content, options), "1 x: is a flow-tools file, not of format nfql");
  options.format = "argus";
  EXPECT_EQ(refusal(content, options),
            "2 unknown input format 'argus' (one of nfql, flow-tools, nfdump, ipfix, netflow, "
            "pcap, silk, csv, json)");
  options.format = "csv";
  EXPECT_EQ(refusal(content, options), "1 x: is a flow-tools file, not of format csv");
  options.format = "ipfix";
  const std::string message = bytes({0, 10, 0, 16}) + std::string(12, '\0');
  EXPECT_EQ(refusal(message, options), "");
  EXPECT_EQ(refusal(message), "");
}

TEST(OpenReader, TextIsWhatTheUserSaysThatItIs) {
  EXPECT_EQ(refusal("start,end\n"), "");
  EXPECT_EQ(refusal("{\"start\": 5}"), "");
  EXPECT_EQ(refusal("start,a,b,c\n"), "1 x: is text, not a flow file");
  ReadOptions options;
  options.format = "csv";
  EXPECT_EQ(refusal("start,a,b,c\n", options), "");
  options.format = "json";
  EXPECT_EQ(refusal("[\n\n{\"start\": 5}]", options), "");
  EXPECT_EQ(refusal("start,end\n", options), "1 x: line 1: expected a JSON object, found 's'");
  options.format = "nfql";
  EXPECT_EQ(refusal("start,end\n", options), "1 x: is a CSV file, not of format nfql");
}

}  // namespace
}  // namespace nfql::test
