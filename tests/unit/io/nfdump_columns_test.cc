// Which columns the reader announces, and what it says of fields that come late or never.
#include <gtest/gtest.h>

#include "tests/unit/io/nfdump_reads.h"

namespace nfql::test {
namespace {

const std::string& plain() {
  static const std::string flow = nf_flow({nf_generic(), nf_ipv4()});
  return flow;
}

std::string with_as() {
  return nf_flow({nf_generic(), nf_ipv4(), nf_element(7, Bytes().u32(1).u32(2).bytes())});
}

std::unique_ptr<Reader> open(const std::string& bytes, const ReadOptions& options) {
  return make_nfdump_reader(input_of(bytes, "nfcapd.1"), options);
}

TEST(NfdumpColumns, AreOfTheFirstBlockThatHasFlows) {
  const std::string exporter =
      nf_record(7, Bytes().u32(9).u64(0).u64(0x7f00'0001).u16(2).u16(3).u32(5).bytes());
  const AllFlows all =
      read_nfdump(nf_header() + nf_block({exporter}) + nf_block({plain(), with_as()}));
  EXPECT_TRUE(all.schema.find("srcas"));
  EXPECT_TRUE(all.schema.find("exporter"));
  EXPECT_FALSE(all.schema.find("srcvlan"));
  EXPECT_EQ(all.at(0, "srcas"), "?");
  EXPECT_EQ(all.at(1, "srcas"), "1");
}

TEST(NfdumpColumns, AWarningNamesFieldsThatComeLater) {
  const auto reader = open(nf_header() + nf_block({plain()}) + nf_block({with_as()}), {});
  const AllFlows all = read_all(*reader);
  EXPECT_EQ(all.rows(), 2U);
  EXPECT_FALSE(all.schema.find("srcas"));
  ASSERT_EQ(reader->warnings().size(), 1U);
  EXPECT_EQ(reader->warnings()[0],
            "nfcapd.1: some flows have fields that the first ones lack, and that were left out; "
            "name them in --columns: srcas, dstas");
}

TEST(NfdumpColumns, FieldsThatAreNamedHaveAColumnFromTheStart) {
  ReadOptions options;
  options.named = {element::kSourceAs};
  const auto reader = open(nf_header() + nf_block({plain()}) + nf_block({with_as()}), options);
  const AllFlows all = read_all(*reader);
  EXPECT_EQ(all.at(0, "srcas"), "?");
  EXPECT_EQ(all.at(1, "srcas"), "1");
  EXPECT_TRUE(reader->missing_fields().empty());
}

TEST(NfdumpColumns, AreOnlyThoseThatAreWanted) {
  ReadOptions options;
  options.wanted = {element::kOctets, element::kSourcePort, element::kStream, element::kFlowCount};
  const auto reader = open(nf_header() + nf_block({with_as()}), options);
  EXPECT_EQ(names_of(reader->header().flows()), "srcport bytes flows");
  EXPECT_EQ(read_all(*reader).at(0, "bytes"), "393");
  EXPECT_TRUE(reader->warnings().empty());
}

TEST(NfdumpColumns, ANamedFieldThatNoFlowHasIsMissingInTheEnd) {
  ReadOptions options;
  options.named = {element::kSourceAs, element::kOctets};
  const auto reader = open(nf_header() + nf_block({plain(), plain()}), options);
  Block block;
  ASSERT_TRUE(reader->next(block));
  EXPECT_TRUE(reader->missing_fields().empty());  // it may still come
  while (reader->next(block)) {
  }
  EXPECT_EQ(reader->missing_fields(), (std::vector<ElementId>{element::kSourceAs}));
}

TEST(NfdumpColumns, NothingIsMissingWhereThereAreNoFlows) {
  ReadOptions options;
  options.named = {element::kSourceAs};
  const auto reader = open(nf_header(), options);
  const AllFlows all = read_all(*reader);
  EXPECT_EQ(all.rows(), 0U);
  EXPECT_EQ(all.sources.size(), 1U);
  EXPECT_TRUE(all.schema.find("srcas"));
  EXPECT_TRUE(reader->missing_fields().empty());
}

}  // namespace
}  // namespace nfql::test
