// Streams that are cut, damaged or made up.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/stream/stream_reader.h"
#include "tests/unit/stream/stream_samples.h"
#include "tests/unit/stream/stream_support.h"

namespace nfql {
namespace {

using Method = Compression::Method;
using ::testing::TestWithParam;

TEST(StreamReader, FindsEveryPrefixIncompleteAndSaysSo) {
  for (const Sample& sample : all_samples(2)) {
    const Bytes bytes = write_stream(sample.header, sample.blocks);
    ASSERT_EQ(error_of(bytes), "");
    for (std::size_t size = 1; size < bytes.size(); ++size) {
      ASSERT_EQ(error_of(std::span(bytes).first(size)),
                "test: stream is incomplete: ends at byte " + std::to_string(size) +
                    " without an end block");
    }
  }
}

class Damage : public TestWithParam<Method> {};

TEST_P(Damage, EveryChangedByteIsAnError) {
  for (const Sample& sample : all_samples(2)) {
    // The layouts of all kinds are the same whatever the compression.
    if (GetParam() != Method::none && sample.name != "flows" && sample.name != "groups") {
      continue;
    }
    Bytes bytes = write_stream(sample.header, sample.blocks, {GetParam(), 1});
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const std::byte flip = std::byte{1} << (i % 8);
      bytes[i] ^= flip;
      ASSERT_NE(error_of(bytes), "") << sample.name << " byte " << i;
      bytes[i] ^= flip;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Methods, Damage,
                         ::testing::Values(Method::none, Method::lz4, Method::zstd));

TEST(StreamReader, HintsAtTheProgramThatStopped) {
  const Bytes bytes = header_bytes(flows_header({}));
  try {
    static_cast<void>(read_lines(bytes));
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_EQ(error.hint(), "the program that wrote it stopped early; look at its message");
  }
}

TEST(StreamReader, NamesBlockAndOffset) {
  const Sample sample = flows_sample(2, 5);
  Bytes bytes = write_stream(sample.header, sample.blocks);
  const std::size_t header = header_bytes(sample.header).size();
  bytes[header + 1] = std::byte{2};
  EXPECT_EQ(error_of(bytes), "test: block 1 at byte " + std::to_string(header) +
                                 ": the checksum of head and directory is wrong");
}

TEST(StreamReader, CountsBytesAfterTheEnd) {
  const Sample sample = flows_sample(1, 5);
  Bytes bytes = write_stream(sample.header, sample.blocks);
  bytes.resize(bytes.size() + 17);
  EXPECT_EQ(error_of(bytes), "test: 17 bytes after the end of the stream");
}

// A stream of flows with one column, and whatever blocks a test adds.
StreamHeader one_column(Type type, Type element = Type::u64) {
  return flows_header(Schema({{"x", {}, type, Meaning::number, element}}));
}
BlockHead flows_head(std::uint32_t rows) {
  BlockHead head;
  head.kind = static_cast<std::uint8_t>(BlockKind::flows);
  head.rows = rows;
  return head;
}
ColumnEntry entry_of(std::uint8_t width, std::uint64_t raw) {
  ColumnEntry entry;
  entry.width = width;
  entry.raw_bytes = raw;
  return entry;
}

TEST(StreamReader, PassesOverUnknownBlocksThatAllowIt) {
  Bytes bytes = header_bytes(one_column(Type::u8));
  BlockHead head;
  head.kind = 77;
  head.flags = kSkippable;
  head.rows = 123456;
  append_block(bytes, head, {{entry_of(99, 1), Bytes(100)}});
  append_block(bytes, flows_head(1), {{entry_of(1, 1), Bytes(1)}});
  append_end(bytes, {2, 0, 1, 0, 0, 0});
  EXPECT_EQ(read_lines(bytes).size(), 1U);
}

TEST(StreamReader, RefusesUnknownBlocksThatDoNot) {
  Bytes bytes = header_bytes(one_column(Type::u8));
  BlockHead head;
  head.kind = 77;
  append_block(bytes, head, {});
  append_end(bytes, {1, 0, 0, 0, 0, 0});
  EXPECT_NE(error_of(bytes).find("there is no kind of block of number 77"), std::string::npos);
}

TEST(StreamReader, ChecksTotals) {
  for (const std::vector<std::uint64_t>& totals :
       std::vector<std::vector<std::uint64_t>>{{2, 0, 1, 0, 0, 0},
                                               {1, 0, 2, 0, 0, 0},
                                               {1, 1, 1, 0, 0, 0},
                                               {1, 0, 1, 0, 0},
                                               {1, 0, 1, 0, 0, 0, 0}}) {
    Bytes bytes = header_bytes(one_column(Type::u8));
    append_block(bytes, flows_head(1), {{entry_of(1, 1), Bytes(1)}});
    append_end(bytes, totals);
    EXPECT_NE(error_of(bytes), "");
  }
}

std::string error_of_column(Type type, Type element, std::uint32_t rows, const RawColumn& column) {
  Bytes bytes = header_bytes(one_column(type, element));
  append_block(bytes, flows_head(rows), {column});
  append_end(bytes, {1, 0, rows, 0, 0, 0});
  return error_of(bytes);
}

TEST(StreamReader, ChecksEntries) {
  const auto with = [](auto change) {
    RawColumn column{entry_of(2, 4), Bytes(4)};
    change(column);
    return error_of_column(Type::u16, Type::u64, 2, column);
  };
  EXPECT_EQ(with([](RawColumn&) {}), "");
  EXPECT_NE(with([](RawColumn& c) { c.entry.width = 4; }), "");
  EXPECT_NE(with([](RawColumn& c) { c.entry.raw_bytes = 5; }), "");
  EXPECT_NE(with([](RawColumn& c) { c.entry.raw_bytes = ~std::uint64_t{0}; }), "");
  EXPECT_NE(with([](RawColumn& c) { c.entry.encoding = Encoding{4}; }), "");
  EXPECT_NE(with([](RawColumn& c) { c.entry.encoding = Encoding::delta; }), "");
  EXPECT_NE(with([](RawColumn& c) { c.entry.encoding = Encoding::unknown; }), "");
  EXPECT_NE(with([](RawColumn& c) { c.entry.method = 3; }), "");
  EXPECT_NE(with([](RawColumn& c) { c.entry.method = 1; }), "");
  EXPECT_NE(with([](RawColumn& c) { c.entry.flags = 4; }), "");
  EXPECT_NE(with([](RawColumn& c) { c.entry.zero = 1; }), "");
  EXPECT_NE(with([](RawColumn& c) { c.entry.min = 1; }), "");
  EXPECT_NE(with([](RawColumn& c) { c.stored.resize(3); }), "");
}

TEST(StreamReader, ChecksNarrowColumns) {
  const auto with = [](Type type, Encoding encoding, auto change) {
    RawColumn column{entry_of(static_cast<std::uint8_t>(width_of(type)), 2), Bytes(2)};
    column.entry.encoding = encoding;
    column.entry.flags = kHasMinMax;
    change(column);
    return error_of_column(type, type, 2, column);
  };
  const auto as_it_is = [](RawColumn&) {};
  EXPECT_EQ(with(Type::u16, Encoding::narrow_1, as_it_is), "");
  EXPECT_EQ(with(Type::address, Encoding::narrow_1, as_it_is), "");
  EXPECT_NE(with(Type::u8, Encoding::narrow_1, as_it_is), "");
  EXPECT_NE(with(Type::f64, Encoding::narrow_1, as_it_is), "");
  EXPECT_NE(with(Type::u64, Encoding::narrow_2, as_it_is), "");
  EXPECT_NE(with(Type::u64, Encoding{8}, as_it_is), "");
  EXPECT_NE(with(Type::u64, Encoding::narrow_1, [](RawColumn& c) { c.entry.flags = 0; }), "");
  EXPECT_NE(with(Type::address, Encoding::narrow_1, [](RawColumn& c) { c.entry.width = 16; }), "");
  const auto four = [](RawColumn& c) {
    c.stored.resize(4);
    c.entry.raw_bytes = 4;
  };
  EXPECT_EQ(with(Type::u32, Encoding::narrow_2, four), "");
  EXPECT_NE(with(Type::u16, Encoding::narrow_2, four), "");
}

TEST(StreamReader, ChecksSequences) {
  const auto with = [](Type type, std::size_t size, std::uint8_t flags) {
    RawColumn column{entry_of(static_cast<std::uint8_t>(width_of(type)), size), Bytes(size)};
    column.entry.encoding = Encoding::sequence;
    column.entry.flags = flags;
    return error_of_column(type, type, 2, column);
  };
  EXPECT_EQ(with(Type::u32, 16, 0), "");
  EXPECT_EQ(with(Type::i64, 16, kHasMinMax), "");
  EXPECT_NE(with(Type::u64, 8, 0), "");
  EXPECT_NE(with(Type::u64, 16, kHasUnknown), "");
  EXPECT_NE(with(Type::u16, 16, 0), "");
  EXPECT_NE(with(Type::f64, 16, 0), "");
}

TEST(StreamReader, ChecksBitmaps) {
  RawColumn column{entry_of(1, 8 + 2), Bytes(10)};
  column.entry.flags = kHasUnknown;
  column.stored[0] = std::byte{0b10};
  EXPECT_EQ(error_of_column(Type::u8, Type::u64, 2, column), "");
  column.stored[0] = std::byte{0b100};
  EXPECT_NE(error_of_column(Type::u8, Type::u64, 2, column), "");
  column.stored[0] = std::byte{0};
  column.stored[7] = std::byte{1};
  EXPECT_NE(error_of_column(Type::u8, Type::u64, 2, column), "");
}

// Two sets of u32: offsets and one word of padding, then the values.
std::string error_of_sets(const std::vector<std::uint32_t>& words) {
  const Bytes stored = bytes_of(words);
  return error_of_column(Type::set, Type::u32, 2, {entry_of(4, stored.size()), stored});
}

TEST(StreamReader, ChecksSets) {
  EXPECT_EQ(error_of_sets({0, 2, 3, 0, 5, 9, 1}), "");
  EXPECT_EQ(error_of_sets({0, 0, 0, 0}), "");
  EXPECT_NE(error_of_sets({0, 0}), "");                 // too short for offsets
  EXPECT_NE(error_of_sets({1, 2, 3, 0, 5, 9, 1}), "");  // do not begin at 0
  EXPECT_NE(error_of_sets({0, 4, 3, 0, 5, 9, 1}), "");  // go back
  EXPECT_NE(error_of_sets({0, 2, 4, 0, 5, 9, 1}), "");  // beyond the values
  EXPECT_NE(error_of_sets({0, 2, 0x40000003, 0, 5, 9, 1}), "");
  EXPECT_NE(error_of_sets({0, 2, 2, 0, 5, 9, 1}), "");  // values that belong to no set
  EXPECT_NE(error_of_sets({0, 2, 3, 7, 5, 9, 1}), "");  // padding
  EXPECT_NE(error_of_sets({0, 2, 3, 0, 9, 5, 1}), "");  // unsorted
  EXPECT_NE(error_of_sets({0, 2, 3, 0, 5, 5, 1}), "");  // twice
}

class Bomb : public TestWithParam<Encoding> {};

TEST_P(Bomb, IsRefused) {
  const std::size_t size = GetParam() == Encoding::constant   ? 8
                           : GetParam() == Encoding::sequence ? 16
                                                              : kMaxRows;
  std::vector<Field> fields;
  std::vector<RawColumn> columns;
  for (int i = 0; i < 1000; ++i) {
    fields.push_back({std::to_string(i), {}, Type::u64, {}, Type::u64});
    columns.push_back({entry_of(8, size), Bytes(size)});
    columns.back().entry.encoding = GetParam();
    columns.back().entry.flags = kHasMinMax;
  }
  Bytes bytes = header_bytes(flows_header(Schema(fields)));
  append_block(bytes, flows_head(kMaxRows), columns);
  EXPECT_NE(error_of(bytes).find("it would expand to more than"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Encodings, Bomb,
                         ::testing::Values(Encoding::constant, Encoding::sequence,
                                           Encoding::narrow_1));

TEST(StreamReader, BelievesNoLength) {
  // A set column of a terabyte, of which nothing comes, must not cost a terabyte.
  Bytes bytes = header_bytes(one_column(Type::set, Type::u64));
  BlockHead head = flows_head(1);
  ColumnEntry entry = entry_of(8, kMaxStored);
  entry.stored_bytes = kMaxStored;
  const Buffer packed = pack_block_head(head, std::span(&entry, 1));
  bytes.insert(bytes.end(), packed.bytes().begin(), packed.bytes().end());
  EXPECT_EQ(error_of(bytes), "test: stream is incomplete: ends at byte " +
                                 std::to_string(bytes.size()) + " without an end block");
}

TEST(StreamReader, ChecksWhatEachBlockSaysOfItself) {
  const auto with = [](auto change) {
    Bytes bytes = header_bytes(one_column(Type::u8));
    BlockHead head = flows_head(1);
    change(head);
    append_block(bytes, head, {{entry_of(1, head.rows), Bytes(head.rows)}});
    append_end(bytes, {1, 0, head.rows, 0, 0, 0});
    return error_of(bytes);
  };
  EXPECT_EQ(with([](BlockHead&) {}), "");
  EXPECT_EQ(with([](BlockHead& h) { h.flags = kSkippable; }), "");
  EXPECT_NE(with([](BlockHead& h) { h.flags = 2; }), "");
  EXPECT_NE(with([](BlockHead& h) { h.branch = 1; }), "");
  EXPECT_NE(with([](BlockHead& h) { h.rows = 0; }), "");
  EXPECT_NE(with([](BlockHead& h) { h.rows = kMaxRows + 1; }), "");
  EXPECT_NE(with([](BlockHead& h) { h.kind = 3; }), "");
}

}  // namespace
}  // namespace nfql
