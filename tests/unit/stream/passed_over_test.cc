// Blocks of which nobody wants a row, by their extremes, are not read.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "common/flow/column_builder.h"
#include "common/stream/stream_reader.h"
#include "tests/unit/stream/stream_support.h"

namespace nfql {
namespace {

constexpr std::uint64_t kBlocks = 6;
constexpr std::uint64_t kRows = 100;
// Values that need all their bytes are stored as they are.
constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15;

StreamHeader header() {
  return flows_header(Schema({{"other", {}, Type::u64, Meaning::number, Type::u64},
                              field_of(element::kOctets),
                              {"nothing", {}, Type::u16, Meaning::number, Type::u16}}));
}

std::uint64_t first_of(std::uint64_t block) {
  return block * kRows;
}

// The octets of the flows are their numbers.
Bytes stream() {
  const StreamHeader head = header();
  std::vector<Block> blocks(kBlocks);
  for (std::uint64_t i = 0; i < kBlocks; ++i) {
    std::vector<ColumnBuilder> builders;
    for (const Field& field : head.flows().fields()) {
      builders.emplace_back(field);
    }
    for (std::uint64_t row = 0; row < kRows; ++row) {
      builders[0].push((first_of(i) + row) * kFactor);
      builders[1].push(first_of(i) + row);
      builders[2].push_unknown();
    }
    for (ColumnBuilder& builder : builders) {
      builder.move_to(blocks[i].batch);
    }
  }
  return write_stream(head, blocks);
}

// Where the stored bytes of a block's first column begin.
std::size_t column_of(const Bytes& bytes, std::uint64_t block) {
  std::size_t at = header_bytes(header()).size();
  for (; block != 0; --block) {
    const BlockHead head = load_block_head(bytes.data() + at);
    at += kBlockHeadBytes + head.directory_bytes + head.payload_bytes;
  }
  return at + kBlockHeadBytes + load_block_head(bytes.data() + at).directory_bytes;
}

// Chooses the flows with these octets.
class Octets final : public RowChooser {
 public:
  Octets(std::size_t column, std::uint64_t low, std::uint64_t high)
      : columns_{column}, low_(low), high_(high) {}
  [[nodiscard]] const std::vector<std::size_t>& columns() const override { return columns_; }
  void choose(const Batch& batch, std::vector<RowId>& rows) override {
    const auto octets = batch.columns[columns_.front()].values<std::uint64_t>();
    rows.clear();
    for (std::size_t row = 0; row < octets.size(); ++row) {
      if (octets[row] >= low_ && octets[row] <= high_) {
        rows.push_back(static_cast<RowId>(row));
      }
    }
  }
  [[nodiscard]] bool may_choose(std::span<const ColumnExtremes> columns) override {
    const ColumnExtremes& octets = columns[columns_.front()];
    EXPECT_TRUE(octets.any_known && octets.bounded && !octets.any_unknown);
    EXPECT_EQ(octets.greatest - octets.least, kRows - 1);
    if (columns.size() == 3) {
      EXPECT_TRUE(!columns[2].any_known && !columns[2].bounded && columns[2].any_unknown);
    }
    return octets.least <= high_ && octets.greatest >= low_;
  }

 private:
  std::vector<std::size_t> columns_;
  std::uint64_t low_;
  std::uint64_t high_;
};

struct Result {
  std::vector<std::uint64_t> octets;
  std::uint64_t left_out = 0;
  std::uint64_t bytes = 0;
  std::string error;
};

Result read(InputFile file, std::uint64_t low, std::uint64_t high, std::size_t threads = 1,
            bool only_octets = false) {
  const auto wanted =
      only_octets ? std::optional(std::vector<ElementId>{element::kOctets}) : std::nullopt;
  StreamReader reader(std::move(file), wanted, threads);
  const std::size_t column = only_octets ? 0 : 1;
  reader.choose_rows(std::make_unique<Octets>(column, low, high));
  Result result;
  result.error = error_of([&] {
    for (Block block; reader.next(block);) {
      const auto octets = block.batch.columns[column].values<std::uint64_t>();
      result.octets.insert(result.octets.end(), octets.begin(), octets.end());
    }
  });
  result.left_out = reader.rows_left_out();
  result.bytes = reader.bytes_read();
  return result;
}

std::vector<std::uint64_t> from_to(std::uint64_t low, std::uint64_t high) {
  std::vector<std::uint64_t> values;
  for (std::uint64_t value = low; value <= high; ++value) {
    values.push_back(value);
  }
  return values;
}

TEST(PassedOver, LeavesTheSameRowsAndCounts) {
  const Bytes bytes = stream();
  for (const auto& [low, high] : {std::pair<std::uint64_t, std::uint64_t>{0, 5},
                                  {150, 320},
                                  {599, 700},
                                  {0, 599},
                                  {250, 250}}) {
    const auto expected = from_to(low, std::min(high, kBlocks * kRows - 1));
    for (const std::size_t threads : {1U, 3U}) {
      for (const bool only_octets : {false, true}) {
        const Result result = read(memory_file(bytes), low, high, threads, only_octets);
        EXPECT_EQ(result.error, "");
        EXPECT_EQ(result.octets, expected);
        EXPECT_EQ(result.left_out, kBlocks * kRows - expected.size());
        EXPECT_EQ(result.bytes, bytes.size());
      }
    }
    EXPECT_EQ(read(pipe_file(bytes), low, high).octets, expected);
  }
  EXPECT_EQ(read(memory_file(bytes), 1000, 2000, 3).left_out, kBlocks * kRows);
}

TEST(PassedOver, WhatIsNotReadIsNotVerified) {
  Bytes bytes = stream();
  bytes[column_of(bytes, 4)] ^= std::byte{1};
  for (const std::size_t threads : {1U, 3U}) {
    EXPECT_EQ(read(memory_file(bytes), 0, 399, threads).error, "");
    EXPECT_EQ(read(memory_file(bytes), 0, 399, threads).octets, from_to(0, 399));
    EXPECT_NE(read(memory_file(bytes), 0, 400, threads).error.find("block 5 "), std::string::npos);
  }
}

TEST(PassedOver, HeadsAndDirectoriesAre) {
  Bytes bytes = stream();
  bytes[column_of(bytes, 4) - 1] ^= std::byte{1};
  EXPECT_NE(read(memory_file(bytes), 0, 5).error.find("block 5 "), std::string::npos);
  EXPECT_EQ(read(memory_file(bytes), 0, 5).left_out, 4 * kRows - 6);
}

TEST(PassedOver, AStreamThatEndsThereIsIncomplete) {
  const Bytes bytes = stream();
  for (const std::size_t at : {column_of(bytes, 4) + 8, column_of(bytes, 4), bytes.size() - 8}) {
    const auto cut = std::span(bytes).first(at);
    for (const std::size_t threads : {1U, 3U}) {
      const Result result = read(memory_file(cut), 0, 5, threads);
      EXPECT_EQ(result.error, read(memory_file(cut), 0, 1000, threads).error);
      EXPECT_NE(result.error, "");
      EXPECT_EQ(result.octets, from_to(0, 5));
    }
    EXPECT_NE(read(pipe_file(cut), 0, 5).error, "");
  }
}

}  // namespace
}  // namespace nfql
