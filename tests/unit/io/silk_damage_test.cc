#include <gtest/gtest.h>

#include <algorithm>

#include "common/io/silk_header.h"
#include "tests/unit/io/silk_reads.h"

namespace nfql::test {
namespace {

std::string silk_refusal(const std::string& start) {
  try {
    static_cast<void>(make_silk_reader(input_of(start, "x.rw"), {}));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::failed);
    return std::string(error.what()) + (error.hint().empty() ? "" : " | ") + error.hint();
  }
  return "";
}

TEST(SilkDamage, SaysWhatAFileIsThatHasNoFlowsItCanRead) {
  const std::string rwcat = " | pipe it through rwcat: rwcat FILE | nfql-...";
  const std::pair<unsigned, std::string> cases[] = {
      {0x0b, "is a packed SiLK file (FT_RWIPV6 version 1)" + rwcat},
      {0x0d, "is a packed SiLK file (FT_RWAUGSNMPOUT version 1)" + rwcat},
      {0x0e, "is a packed SiLK file (FT_RWAUGROUTING version 1)" + rwcat},
      {0x10, "is a packed SiLK file (FT_RWROUTED version 1)" + rwcat},
      {0x11, "is a packed SiLK file (FT_RWNOTROUTED version 1)" + rwcat},
      {0x12, "is a packed SiLK file (FT_RWSPLIT version 1)" + rwcat},
      {0x13, "is a packed SiLK file (FT_RWFILTER version 1)" + rwcat},
      {0x14, "is a packed SiLK file (FT_RWAUGMENTED version 1)" + rwcat},
      {0x15, "is a packed SiLK file (FT_RWAUGWEB version 1)" + rwcat},
      {0x16, "is a packed SiLK file (FT_RWGENERIC version 1)" + rwcat},
      {0x1c, "is a packed SiLK file (FT_FLOWCAP version 1)" + rwcat},
      {0x1f, "is a packed SiLK file (FT_RWWWW version 1)" + rwcat},
      {0x09, "is a SiLK file: an aggregate bag, not flows"},
      {0x1d, "is a SiLK file: an IPset, not flows"},
      {0x21, "is a SiLK file: a bag, not flows"},
      {0x25, "is a SiLK file: a prefix map, not flows"},
      {0x7f, "is a SiLK file of format 0x7f, no flows | rwfileinfo FILE says what it is"}};
  for (const auto& [format, message] : cases) {
    EXPECT_EQ(silk_refusal(silk_start(format, 1, 1)), "x.rw: " + message);
  }
  EXPECT_EQ(silk_refusal(silk_start(0x0c, 2, 88)),
            "x.rw: is a packed SiLK file (FT_RWIPV6ROUTING version 2)" + rwcat);
}

TEST(SilkDamage, SaysWhatIsWrongWithAHeader) {
  EXPECT_EQ(silk_refusal(silk_start(0x16, 5, 51)),
            "x.rw: SiLK header is damaged: its records have 51 bytes, not 52");
  EXPECT_EQ(silk_refusal(silk_start(0x16, 5, 52, SilkMethod{4})),
            "x.rw: SiLK header is damaged, or of an unknown compression (4)");
  std::string old = silk_start(0x16, 5, 52);
  old[6] = 2;
  EXPECT_EQ(silk_refusal(old),
            "x.rw: is a SiLK file of an old version (2) | pipe it through rwcat: rwcat FILE | "
            "nfql-...");
  EXPECT_EQ(silk_refusal(old.substr(0, 15)),
            "x.rw: ends in the middle of a SiLK header at byte 15");
  const std::string start = silk_start(0x16, 5, 52);
  const auto entry = [](unsigned id, std::uint64_t length) {
    return Packed(Endian::big).u32(id).u32(length).bytes();
  };
  EXPECT_EQ(read_silk(start + entry(2, 7)).error,
            "x.rw: SiLK header is damaged: entry 0x2 at byte 16 has 7 bytes");
  EXPECT_EQ(read_silk(start + entry(2, 8) + entry(5, 0xffff'ffff)).error,
            "x.rw: SiLK header is damaged: entry 0x5 at byte 24 has 4294967295 bytes");
  EXPECT_EQ(read_silk(start + entry(2, 100) + "abc").error,
            "x.rw: ends in the middle of a SiLK header at byte 27");
}

TEST(SilkDamage, SaysWhatAStreamBehindAnotherIs) {
  std::string old = silk_start(0x16, 5, 52);
  old[6] = 2;
  const std::pair<std::string, std::string> cases[] = {
      {silk_start(0x14, 5, 28), "is a packed SiLK file (FT_RWAUGMENTED version 5)"},
      {silk_start(0x16, 5, 52, SilkMethod{4}),
       "SiLK header is damaged, or of an unknown compression (4)"},
      {silk_start(0x1d, 3, 1), "is a SiLK file: an IPset, not flows"},
      {old, "is a SiLK file of an old version (2)"}};
  for (const SilkMethod method : {SilkMethod::none, SilkMethod::snappy}) {
    const std::string first =
        silk_header(SilkKind::generic, method) + silk_block(silk_record(silk_flow(0)), method);
    for (const auto& [start, message] : cases) {
      const AllFlows all = read_silk(first + start + std::string(200, 'x'));
      EXPECT_EQ(all.rows(), 1U);
      EXPECT_EQ(all.error, fmt::format("x.rw: stream at byte {}: {}", first.size(), message));
    }
  }
}

TEST(SilkDamage, IsNotSeenInATimeThatBeginsAsStreamsDo) {
  SilkFlow flow;
  flow.start = 0x018b'efbe'adde;
  EXPECT_EQ(read_silk(silk_header() + silk_record(flow) + silk_record(flow)).rows(), 2U);
}

// At every byte: a whole stream, or an error; and only records that are there.
void cut_silk_everywhere(const std::string& bytes, const std::vector<std::size_t>& whole) {
  for (std::size_t size = 4; size < bytes.size(); ++size) {
    const AllFlows all = read_silk(bytes.substr(0, size));
    const bool complete = std::find(whole.begin(), whole.end(), size) != whole.end();
    EXPECT_EQ(all.error.empty(), complete) << size << ": " << all.error;
    EXPECT_TRUE(all.error.empty() || all.error.starts_with("x.rw: ")) << all.error;
    for (std::size_t row = 0; row < all.rows(); ++row) {
      EXPECT_EQ(all.at(row, "srcport"), std::to_string(row)) << size;
    }
  }
}

TEST(SilkDamage, NoticesACutAtEveryByte) {
  for (const SilkMethod method : kSilkMethods) {
    const std::string header = silk_header(SilkKind::generic, method);
    const std::string one =
        silk_block(silk_record(silk_flow(0)) + silk_record(silk_flow(1)), method);
    const std::string two = silk_block(silk_record(silk_flow(2)), method);
    const std::size_t first = header.size() + one.size();
    std::vector<std::size_t> whole = {header.size(), first};
    if (method == SilkMethod::none) {
      whole.push_back(header.size() + 52);
    }
    cut_silk_everywhere(header + one + two, whole);
    const std::string next = silk_header(SilkKind::routing1);
    whole.push_back(first + next.size());
    cut_silk_everywhere(header + one + next + silk_record(silk_flow(2), SilkKind::routing1), whole);
  }
}

TEST(SilkDamage, NoFlippedByteDoesHarm) {
  for (const SilkMethod method : kSilkMethods) {
    const std::string bytes = silk_header(SilkKind::routing1, method) +
                              silk_block(silk_record(silk_flow(0), SilkKind::routing1), method) +
                              silk_block(silk_record(silk_flow6(1), SilkKind::routing1), method);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (const unsigned flip : {0x01U, 0x80U, 0xffU}) {
        std::string flipped = bytes;
        flipped[at] = static_cast<char>(static_cast<unsigned char>(flipped[at]) ^ flip);
        EXPECT_LE(read_silk(flipped).rows(), 4U);
      }
    }
  }
}

TEST(SilkDamage, SaysWhichBlockIsDamaged) {
  const std::string header = silk_header(SilkKind::generic, SilkMethod::snappy);
  const std::string good = silk_block(silk_record({}), SilkMethod::snappy);
  const std::size_t at = header.size() + good.size();
  const auto error_of = [&](const std::string& block) {
    const AllFlows all = read_silk(header + good + block);
    EXPECT_EQ(all.rows(), 1U);
    return all.error;
  };
  EXPECT_EQ(
      error_of(good.substr(0, 7)),
      fmt::format("x.rw: block 1 at byte {}: ends in the middle of its sizes (7 of 8 bytes)", at));
  EXPECT_EQ(error_of(good.substr(0, 20)),
            fmt::format("x.rw: block 1 at byte {}: ends in the middle of it (20 of {} bytes)", at,
                        good.size()));
  const auto sizes = [](std::uint64_t stored, std::uint64_t raw) {
    return Packed(Endian::big).u32(stored).u32(raw).bytes();
  };
  EXPECT_EQ(
      error_of(sizes(10, 1'048'577)),
      fmt::format("x.rw: block 1 at byte {}: its sizes are damaged (10 and 1048577 bytes)", at));
  EXPECT_EQ(
      error_of(sizes(0x7fff'ffff, 52)),
      fmt::format("x.rw: block 1 at byte {}: its sizes are damaged (2147483647 and 52 bytes)", at));
  EXPECT_EQ(error_of(sizes(4, 52) + "oops"),
            fmt::format("x.rw: block 1 at byte {}: its snappy data is damaged", at));
  EXPECT_EQ(error_of(silk_block(silk_record({}).substr(0, 51), SilkMethod::snappy)),
            fmt::format("x.rw: ends in the middle of record 1 at byte {} (51 of 52 bytes)",
                        at + silk_block(silk_record({}).substr(0, 51), SilkMethod::snappy).size()));
}

TEST(SilkDamage, ABlockMustHaveTheSizeThatItSays) {
  for (const SilkMethod method : {SilkMethod::zlib, SilkMethod::lzo, SilkMethod::snappy}) {
    const std::string header = silk_header(SilkKind::generic, method);
    for (const int more : {-1, 1}) {
      std::string block = silk_block(silk_record({}) + silk_record({}), method);
      block[7] = static_cast<char>(block[7] + more);
      const AllFlows all = read_silk(header + block);
      EXPECT_EQ(all.rows(), 0U);
      EXPECT_NE(all.error.find("data is damaged"), std::string::npos) << all.error;
    }
  }
}

TEST(SilkDamage, SalvageEndsAtAFaultAndTellsIt) {
  ReadOptions options;
  options.salvage = true;
  const std::string bytes = (silk_header() + silk_record({}) + silk_record({}));
  const auto reader =
      make_silk_reader(input_of(bytes.substr(0, bytes.size() - 1), "x.rw"), options);
  const AllFlows all = read_all(*reader);
  EXPECT_EQ(all.error, "");
  EXPECT_EQ(all.rows(), 1U);
  EXPECT_EQ(reader->fault(),
            fmt::format("x.rw: ends in the middle of record 1 at byte {} (51 of 52 bytes)",
                        bytes.size() - 52));
}

}  // namespace
}  // namespace nfql::test
