#include "common/io/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/io/text_reads.h"

namespace nfql::test {
namespace {

using testing::ElementsAre;

std::string error_of(const std::string& text) {
  return read_text(text).flows.error;
}

TEST(CsvReader, ReadsColumnsByAnyNameOfAField) {
  const TextRead read = read_text(
      "SourceIPv4Address,dport, pkts ,stime\n10.0.0.1,80,5,1000\n2001:db8::1,443,,2000\n");
  EXPECT_EQ(read.names(), "srcip,dstport,packets,start,flowId");
  EXPECT_THAT(read.rows(), ElementsAre("10.0.0.1 80 5 1000", "2001:db8::1 443 ? 2000"));
  EXPECT_EQ(read.flows.at(1, "flowId"), "1");
  EXPECT_EQ(read.flows.sources.size(), 1U);
  EXPECT_THAT(read.warnings, ElementsAre());
}

TEST(CsvReader, ReadsQuotesLineEndsAndMarksAsOthersWriteThem) {
  const char* const same[] = {
      "srcip,bytes\n10.0.0.1,5\n10.0.0.2,6\n",
      "srcip,bytes\r\n10.0.0.1,5\r\n10.0.0.2,6\r\n",
      "srcip,bytes\n10.0.0.1,5\n10.0.0.2,6",
      "\xef\xbb\xbfsrcip,bytes\n10.0.0.1,5\n\n10.0.0.2,6\n\n",
      "\"srcip\",\"bytes\"\n\"10.0.0.1\",\"5\"\r\n\"10.0.0.2\",6",
      "srcip,bytes\n10.0.0.1, 5\n10.0.0.2 ,6\n",
      "#:srcip,bytes\n10.0.0.1,5\n10.0.0.2,6\n",
      "\n \r\nsrcip,bytes\n10.0.0.1,5\n10.0.0.2,6\n",
      "srcip,bytes\n10.0.0.1,5\nsrcip,bytes\n10.0.0.2,6\n",
  };
  for (const char* text : same) {
    const TextRead read = read_text(text);
    EXPECT_EQ(read.flows.error, "") << text;
    EXPECT_THAT(read.rows(), ElementsAre("10.0.0.1 5", "10.0.0.2 6")) << text;
  }
  const TextRead read = read_text("bytes,label,packets\n1,\"a \"\"b\"\", \nc\",2\n3,\"\",4\n");
  EXPECT_THAT(read.rows(), ElementsAre("1 2", "3 4"));
}

TEST(CsvReader, LeavesOutColumnsThatNobodyKnowsWithAWarning) {
  const TextRead one = read_text("srcip,byts\n10.0.0.1,x\n");
  EXPECT_EQ(one.names(), "srcip,flowId");
  EXPECT_THAT(one.warnings, ElementsAre("x: column 'byts': no field has that name (did you mean "
                                        "'bytes'?); left out"));
  const TextRead two = read_text("srcip,dstip,a,b\n10.0.0.1,10.0.0.2,x,y\n");
  EXPECT_THAT(two.warnings, ElementsAre("x: columns 'a', 'b': no field has that name; left out"));
}

TEST(CsvReader, LongAndManyNamesAreNoBurden) {
  ReadOptions options;
  options.format = "csv";
  const std::string longest(1'000'000, 'x');
  const TextRead one = read_text("bytes," + longest + "\n1,2\n", options);
  EXPECT_THAT(one.rows(), ElementsAre("1"));
  EXPECT_THAT(one.warnings, ElementsAre("x: column '" + longest.substr(0, 40) +
                                        "...': no field has that name; left out"));
  std::string many = "bytes";
  for (int i = 0; i < 400'000; ++i) {
    many += ",x";
  }
  EXPECT_EQ(read_text(many + "\n", options).names(), "bytes,flowId");
}

TEST(CsvReader, NamesLineAndColumnOfAMistake) {
  EXPECT_EQ(error_of("srcip,bytes\n10.0.0.1,5\n10.0.0.2,x5\n"),
            "x: line 3, column 'bytes': 'x5' is not a number (0 to 2^64 - 1)");
  EXPECT_EQ(error_of("srcip,bytes\n\"10.0.0.1\",5\n10.0.0.2\n"), "x: line 3: has 1 of 2 columns");
  EXPECT_EQ(error_of("srcip,bytes\n10.0.0.1,5,6\n"), "x: line 2: has 3 of 2 columns");
  EXPECT_EQ(error_of("srcip,bytes\n\"10.0.0.1,5\n"), "x: line 2: a quote is not closed");
  EXPECT_EQ(error_of("bytes,label\n5,\"a\nb\"\n6,c\nx,d\n"),
            "x: line 5, column 'bytes': 'x' is not a number (0 to 2^64 - 1)");
  EXPECT_EQ(error_of("bytes,dOctets\n1,2\n"),
            "x: line 1: columns 'bytes' and 'dOctets' are the same field");
  EXPECT_EQ(error_of("srcip\n" + std::string(60, '7')),
            "x: line 2, column 'srcip': '" + std::string(40, '7') + "...' is not an address");
  ReadOptions options;
  options.format = "csv";
  EXPECT_EQ(read_text("a,b\n1,2\n", options).flows.error,
            "x: line 1: no name of a column is that of a field");
  EXPECT_EQ(read_text("\n1,2\n", options).flows.error,
            "x: line 2: no name of a column is that of a field");
  EXPECT_EQ(read_text("\n\n", options).flows.error,
            "x: line 2: no name of a column is that of a field");
}

TEST(CsvReader, TextWithOtherSeparatorsIsNamedWithWhatConverts) {
  const auto refused = [](const std::string& text) -> std::string {
    try {
      static_cast<void>(open_reader(input_of(text, "x"), {}));
    } catch (const Error& error) {
      return std::string(error.what()) + "\n" + error.hint();
    }
    return "none";
  };
  EXPECT_EQ(refused("srcip;dstip\n10.0.0.1;10.0.0.2\n"),
            "x: is text with columns between ';', not CSV\n"
            "pipe it in: tr ';' , <FILE | nfql-... -");
  EXPECT_EQ(refused("srcip\tdstip\n10.0.0.1\t10.0.0.2\n"),
            "x: is text with columns between '\\t', not CSV\n"
            "pipe it in: tr '\\t' , <FILE | nfql-... -");
  EXPECT_EQ(refused("      sIP|      dIP|sPort|\n 10.0.0.1| 10.0.0.2|   80|\n"),
            "x: is text with columns between '|', not CSV\n"
            "pipe it in: tr '|' , <FILE | nfql-... -");
  EXPECT_NE(refused("bread;butter\n").find("is text, not a flow file"), std::string::npos);
}

TEST(CsvReader, GivesTheRowsBeforeAMistakeFirst) {
  const std::string text = "bytes\n1\n2\nx\n";
  EXPECT_EQ(read_text(text).flows.rows(), 2U);
  ReadOptions options;
  options.salvage = true;
  const auto reader = open_reader(input_of(text, "x"), options);
  const AllFlows all = read_all(*reader);
  EXPECT_EQ(all.error, "");
  EXPECT_EQ(all.rows(), 2U);
  EXPECT_TRUE(reader->fault().has_value());
}

TEST(CsvReader, AnEmptyLineIsAValueWhereThereIsOneColumn) {
  EXPECT_THAT(read_text("bytes\n1\n\n3\n").rows(), ElementsAre("1", "?", "3"));
}

TEST(CsvReader, ReadsWhatIsWantedOnly) {
  ReadOptions options;
  options.wanted = {element::kOctets, element::kFlowCount};
  const TextRead read = read_text("srcip,bytes\nnonsense,5\n", options);
  EXPECT_EQ(read.names(), "bytes,flows");
  EXPECT_THAT(read.rows(), ElementsAre("5 1"));
  EXPECT_THAT(read_text("flows,bytes\n3,5\n", options).rows(), ElementsAre("3 5"));
}

TEST(CsvReader, CountsRowsOfWhichNothingIsRead) {
  ReadOptions options;
  for (const auto& [wanted, names] : {std::pair<std::vector<ElementId>, std::string>{{}, ""},
                                      {{element::kDuration}, ""},
                                      {{element::kFlowCount}, "flows"}}) {
    options.wanted = wanted;
    const TextRead read = read_text("srcip,bytes\n10.0.0.1,5\n\n10.0.0.2,6\n", options);
    EXPECT_EQ(read.names(), names);
    EXPECT_EQ(read.flows.rows(), 2U);
  }
  EXPECT_EQ(read_text("flowId\n3\n4\n").flows.rows(), 2U);
}

TEST(CsvReader, TakesTheFamilyThatIsThere) {
  EXPECT_THAT(
      read_text("sourceIPv4Address,sourceIPv6Address,bytes\n10.0.0.1,,1\n,::5,2\n0.0.0.0,::6,3\n"
                "10.0.0.2,::,4\n0.0.0.0,::,5\n")
          .rows(),
      ElementsAre("10.0.0.1 1", "::5 2", "::6 3", "10.0.0.2 4", "0.0.0.0 5"));
}

TEST(CsvReader, ReadsIpfixNamesInTheirUnits) {
  const TextRead read = read_text(
      "sourceIPv4Address,flowStartSeconds,flowEndMicroseconds,octetTotalCount,tcpSourcePort,"
      "udpSourcePort,ie86,flowEndNanoseconds\n"
      "10.0.0.1,1795344000,1795344001500999,5,80,0,7,\n"
      "10.0.0.2,2026-11-22T10:40:00Z,,6,0,53,8,1795344002000000000\n");
  EXPECT_EQ(read.names(), "srcip,start,end,bytes,srcport,packets,flowId");
  EXPECT_THAT(read.rows(), ElementsAre("10.0.0.1 1795344000000 1795344001500 5 80 7",
                                       "10.0.0.2 1795344000000 1795344002000 6 53 8"));
  EXPECT_THAT(read.warnings, ElementsAre());
  EXPECT_THAT(read_text("octetTotalCount,bytes\n1,2\n").rows(), ElementsAre("2"));
  EXPECT_EQ(error_of("bytes,flowStartSeconds\n1,noon\n"),
            "x: line 2, column 'flowStartSeconds': 'noon' is not a time");
  EXPECT_EQ(read_text("bytes,flowStartDeltaMicroseconds,applicationName\n1,2,x\n").names(),
            "bytes,flowId");
}

TEST(CsvReader, ReadsTheNamesOfRwcut) {
  const TextRead read = read_text(
      "sIP,dIP,sPort,dPort,pro,packets,bytes,flags,sTime,dur\n"
      "10.0.0.1,10.0.0.2,1,80,6,5,500, S A    ,2026/11/22T10:40:00.123,0.250\n");
  EXPECT_THAT(read.rows(), ElementsAre("10.0.0.1 10.0.0.2 1 80 6 5 500 18 1795344000123 "
                                       "1795344000373"));
  EXPECT_THAT(read_text("srcip,protocol\n::1,udp\n").rows(), ElementsAre("::1 17"));
}

TEST(CsvReader, MakesTheEndOfStartAndDuration) {
  EXPECT_THAT(read_text("start,duration,bytes\n1000,500,1\n1000,,2\n,5,3\n").rows(),
              ElementsAre("1000 1500 1", "1000 ? 2", "? ? 3"));
  EXPECT_EQ(read_text("start,end,duration\n1,2,3\n").names(), "start,end,flowId");
  EXPECT_EQ(read_text("duration,bytes\n1,2\n").names(), "duration,bytes,flowId");
  ReadOptions options;
  options.wanted = {element::kEnd};
  EXPECT_THAT(read_text("start,duration,bytes\n1000,500,1\n", options).rows(), ElementsAre("1500"));
}

TEST(CsvReader, DoubtsTimesThatLookLikeSeconds) {
  EXPECT_THAT(read_text("start,end\n1795344000,1795344001\n1795344002,\n").warnings,
              ElementsAre("x: column 'start': 1795344000 is read as ms since 1970 "
                          "(1970-01-21T18:42:24.000Z); seconds are written 1795344000.0, or in "
                          "columns flowStartSeconds and flowEndSeconds"));
  EXPECT_THAT(read_text("start,end\n1795344000.0,1795344001\n").warnings, testing::SizeIs(1));
  for (const char* sure : {"start\n1795344000\n1795344000000\n", "start\n1000\n2000\n", "start\n\n",
                           "flowStartSeconds\n1795344000\n"}) {
    EXPECT_THAT(read_text(sure).warnings, ElementsAre()) << sure;
  }
}

TEST(CsvReader, MakesTimesOfTheUptimesOfFlowExport) {
  const TextRead read = read_text(
      "#:unix_secs,unix_nsecs,sysuptime,first,last,dpkts\n1335772191,57000000,5000,4294967000,1000,"
      "7\n");
  EXPECT_EQ(read.flows.at(0, "start"), "1335772185761");
  EXPECT_EQ(read.flows.at(0, "end"), "1335772187057");
  ReadOptions options;
  options.wanted = {element::kStart};
  EXPECT_EQ(read_text("unix_secs,sysuptime,first,last\n10,5000,4000,5000\n", options).names(),
            "start");
  EXPECT_EQ(read_text("unix_secs,sysuptime,first,last,duration\n10,5000,4000,5000,1\n").names(),
            "unix_secs,sysuptime,First,Last,start,end,flowId");
}

TEST(CsvReader, ReadsNfdumpsCsvWithItsSummary) {
  const std::string header = "ts,te,td,sa,da,sp,dp,pr,flg,ipkt,ibyt,in,ra,cl,mpls1\n";
  const std::string row =
      "2026-11-22 10:41:06,2026-11-22 10:41:07,1.000,10.0.0.1,::7,0,3.1,ICMP6,...AP.SF,1,56,9,"
      "127.0.0.1,    0.000,0-0-0\n";
  const std::string summary = "Summary\nflows,bytes,packets,avg_bps,avg_pps,avg_bpp\n1,2,3,4,5,6\n";
  const TextRead read =
      read_text(header + row + summary + header + row + "No matching flows\n" + summary);
  EXPECT_EQ(read.flows.error, "");
  ASSERT_EQ(read.flows.rows(), 2U);
  EXPECT_EQ(read.flows.at(1, "end"), "1795344067000");
  EXPECT_EQ(read.flows.at(1, "dstip"), "::7");
  EXPECT_EQ(read.flows.at(1, "dstport"), "769");
  EXPECT_EQ(read.flows.at(1, "proto"), "58");
  EXPECT_EQ(read.flows.at(1, "flags"), "27");
  EXPECT_EQ(read.flows.at(1, "bytes"), "56");
  EXPECT_EQ(read.flows.at(1, "inif"), "9");
  EXPECT_EQ(read.flows.at(1, "exporter"), "127.0.0.1");
  EXPECT_THAT(read.warnings, ElementsAre());
  ReadOptions options;
  options.zone = 60;
  EXPECT_EQ(read_text(header + row, options).flows.at(0, "end"), "1795340467000");
}

TEST(CsvReader, ReadsTheCsvOfNewerNfdumps) {
  const TextRead read = read_text(
      "firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows\n"
      "2026-11-22 10:41:06.515,0.250,TCP,10.0.0.1,1,10.0.0.2,80,5,500,1\n");
  EXPECT_EQ(read.names(), "start,end,proto,srcip,srcport,dstip,dstport,packets,bytes,flows,flowId");
  EXPECT_THAT(read.rows(),
              ElementsAre("1795344066515 1795344066765 6 10.0.0.1 1 10.0.0.2 80 5 500 1"));
}

TEST(CsvReader, ReadsManyRowsInBatches) {
  std::string text = "bytes,label\n";
  for (std::size_t i = 0; i < 2 * kMaxRows + 10; ++i) {
    text += std::to_string(i) + ",\"" + std::string(i % 40, 'x') + "\"\n";
  }
  ReadOptions options;
  options.format = "csv";
  const TextRead read = read_text(text, options);
  ASSERT_EQ(read.flows.batches.size(), 3U);
  for (const std::size_t row : {std::size_t{0}, kMaxRows - 1, kMaxRows, 2 * kMaxRows + 9}) {
    EXPECT_EQ(read.flows.at(row, "bytes"), std::to_string(row));
    EXPECT_EQ(read.flows.at(row, "flowId"), std::to_string(row));
  }
}

TEST(CsvReader, ALineWithoutEndIsNoReasonToTakeAllMemory) {
  const std::string text = "bytes,label\n1,\"" + std::string(3 * 1024 * 1024, 'x');
  EXPECT_EQ(error_of(text), "x: line 2: a quote is not closed");
  EXPECT_EQ(error_of("bytes,label\n1," + std::string(3 * 1024 * 1024, 'x')),
            "x: line 2: is longer than a line of flows can be");
}

TEST(CsvReader, EveryPrefixIsRowsOrAMistake) {
  const std::string text = "srcip,label,bytes\r\n10.0.0.1,\"a\"\"\nb\",7\r\n::1,,8\n";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const TextRead read = read_text(text.substr(0, size));
    EXPECT_LE(read.flows.rows(), 2U);
  }
}

TEST(LooksCsv, WantsHalfOfTheNames) {
  const auto looks = [](const std::string& text) {
    return looks_csv(std::as_bytes(std::span(text.data(), text.size())));
  };
  EXPECT_TRUE(looks("srcip\n"));
  EXPECT_TRUE(looks("srcip,label\n"));
  EXPECT_TRUE(looks("ts,te,td,sa,da,sp,d")) << "the last may go on";
  EXPECT_FALSE(looks("srcip,label,geo\n"));
  EXPECT_FALSE(looks("Flows of May\n"));
  EXPECT_FALSE(looks("\n"));
  EXPECT_FALSE(looks(""));
}

}  // namespace
}  // namespace nfql::test
