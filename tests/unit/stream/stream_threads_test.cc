// Streams that several threads read and write, and rows chosen meanwhile.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/stream/stream_reader.h"
#include "common/stream/stream_writer.h"
#include "tests/unit/stream/stream_samples.h"
#include "tests/unit/stream/stream_support.h"
#include "tests/unit/stream/stream_text.h"

namespace nfql {
namespace {

using Method = Compression::Method;

constexpr std::size_t kThreads = 3;

// More blocks than are read ahead.
const Sample& large_sample() {
  static const Sample kSample = flows_sample(9, 100);
  return kSample;
}

// What is read until the end, or until an error, whose message is the last line.
std::vector<std::string> lines_of(StreamReader& reader) {
  std::vector<std::string> lines;
  Block block;
  const std::string error = error_of([&] {
    while (reader.next(block)) {
      append_lines(lines, reader.header(), block);
    }
  });
  if (!error.empty()) {
    lines.push_back(error);
  }
  return lines;
}

std::vector<std::string> lines_of(const Bytes& bytes, std::size_t threads) {
  StreamReader reader(memory_file(bytes), std::nullopt, threads);
  return lines_of(reader);
}

TEST(StreamThreads, ReadTheSameAsOne) {
  for (const Method method : {Method::none, Method::zstd}) {
    const Sample& sample = large_sample();
    const Bytes bytes = write_stream(sample.header, sample.blocks, {method, 1});
    EXPECT_EQ(lines_of(bytes, kThreads), describe(sample.header, sample.blocks));
  }
}

TEST(StreamThreads, GiveWhatComesBeforeAFaultAndThenTheSameMessage) {
  const Sample& sample = large_sample();
  const Bytes bytes = write_stream(sample.header, sample.blocks);
  for (const std::size_t at : {bytes.size() / 5, bytes.size() / 2, bytes.size() - 20}) {
    Bytes damaged = bytes;
    damaged[at] ^= std::byte{16};
    const auto lines = lines_of(damaged, kThreads);
    EXPECT_EQ(lines, lines_of(damaged, 1));
    EXPECT_NE(lines.back().find("block"), std::string::npos);
    damaged.resize(at);
    EXPECT_EQ(lines_of(damaged, kThreads), lines_of(damaged, 1));
  }
}

TEST(StreamThreads, WaitForNobodyWhenLeftEarly) {
  const Sample& sample = large_sample();
  const Bytes bytes = write_stream(sample.header, sample.blocks);
  StreamReader reader(memory_file(bytes), std::nullopt, kThreads);
  Block block;
  ASSERT_TRUE(reader.next(block));
}

TEST(StreamThreads, CountBytesUpToWhatWasGiven) {
  const Sample& sample = large_sample();
  const Bytes bytes = write_stream(sample.header, sample.blocks);
  StreamReader one(memory_file(bytes));
  StreamReader several(memory_file(bytes), std::nullopt, kThreads);
  Block block;
  while (one.next(block)) {
    ASSERT_TRUE(several.next(block));
    EXPECT_EQ(several.bytes_read(), one.bytes_read());
  }
  EXPECT_FALSE(several.next(block));
  EXPECT_EQ(several.bytes_read(), bytes.size());
}

Block owned_copy(const Block& block) {
  std::vector<RowId> rows(block.batch.rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = static_cast<RowId>(i);
  }
  return {block.kind, block.branch, gather(block.batch, rows), block.sources};
}

TEST(StreamThreads, WriteTheSameAsOneWhoeverOwnsTheBlocks) {
  const std::string path = ::testing::TempDir() + "nfql-threads-test";
  for (const Sample& sample : all_samples(200)) {
    for (const Compression compression : {Compression{}, Compression{Method::zstd, 3}}) {
      StreamWriter writer(OutputFile(path), sample.header, compression, kThreads);
      for (std::size_t i = 0; i < sample.blocks.size(); ++i) {
        const Block& block = sample.blocks[i];
        // Every third is somebody else's, who changes it as soon as put() returns.
        Block copy = owned_copy(block);
        writer.put(i % 3 == 0 ? borrow(copy) : std::move(copy));
        for (Buffer& memory : copy.batch.memory) {
          std::fill_n(memory.data(), memory.size(), std::byte{0x5a});
        }
      }
      writer.finish();
      InputFile file = InputFile::open(path);
      Bytes written(file.size());
      ASSERT_EQ(file.read_full(written.data(), written.size()), written.size());
      EXPECT_EQ(written, write_stream(sample.header, sample.blocks, compression)) << sample.name;
    }
  }
  static_cast<void>(std::remove(path.c_str()));
}

// Chooses every `step`th row of a block from `first` on, by the number of the row in column 0's
// place; of step 0 none.
class EveryRow final : public RowChooser {
 public:
  EveryRow(std::size_t first, std::size_t step) : first_(first), step_(step) {}
  [[nodiscard]] const std::vector<std::size_t>& columns() const override { return columns_; }
  void choose(const Batch& batch, std::vector<RowId>& rows) override {
    EXPECT_NE(batch.columns[0].data, nullptr);
    EXPECT_EQ(batch.columns[1].data, nullptr);
    rows.clear();
    for (std::size_t row = first_; step_ != 0 && row < batch.rows; row += step_) {
      rows.push_back(static_cast<RowId>(row));
    }
  }

 private:
  std::size_t first_;
  std::size_t step_;
  std::vector<std::size_t> columns_{0, 4};
};

std::vector<std::string> expected_choice(const Sample& sample, std::size_t first,
                                         std::size_t step) {
  std::vector<Block> blocks;
  for (const Block& block : sample.blocks) {
    std::vector<RowId> rows;
    for (std::size_t row = first; step != 0 && row < block.batch.rows; row += step) {
      rows.push_back(static_cast<RowId>(row));
    }
    blocks.push_back({block.kind, block.branch, gather(block.batch, rows), block.sources});
  }
  return describe(sample.header, blocks);
}

TEST(RowChooser, LeavesOnlyTheRowsChosen) {
  for (const auto& [first, step] : {std::pair<std::size_t, std::size_t>{0, 1}, {3, 50}, {0, 0}}) {
    const Sample& sample = large_sample();
    for (const Method method : {Method::none, Method::lz4}) {
      const Bytes bytes = write_stream(sample.header, sample.blocks, {method, 1});
      StreamReader reader(memory_file(bytes), std::nullopt, kThreads);
      reader.choose_rows(std::make_unique<EveryRow>(first, step));
      const auto lines = lines_of(reader);
      EXPECT_EQ(lines, expected_choice(sample, first, step));
      std::size_t rows = 0;
      std::size_t sources = 0;
      for (const Block& block : sample.blocks) {
        rows += block.batch.rows;
        sources += block.sources.size();
      }
      EXPECT_EQ(reader.rows_left_out(), rows - (lines.size() - sources));
    }
  }
}

// Such blocks have no columns, of which a chooser could have some.
TEST(RowChooser, IsNotAskedAboutBlocksOfOtherKinds) {
  const Sample sample = flows_sample(2, 50);
  for (const BlockKind kind : {BlockKind::groups, BlockKind::members, BlockKind::tuples}) {
    Bytes bytes = header_bytes(sample.header);
    BlockHead head;
    head.kind = static_cast<std::uint8_t>(kind);
    head.rows = 1;
    append_block(bytes, head, {});
    StreamReader reader(memory_file(bytes), std::nullopt, kThreads);
    reader.choose_rows(std::make_unique<EveryRow>(0, 1));
    const auto lines = lines_of(reader);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_NE(lines[0].find(" in a stream "), std::string::npos) << lines[0];
  }
}

TEST(RowChooser, WorksOnPipes) {
  const Sample sample = flows_sample(2, 50);
  const Bytes bytes = write_stream(sample.header, sample.blocks);
  StreamReader reader(pipe_file(bytes));
  reader.choose_rows(std::make_unique<EveryRow>(1, 7));
  EXPECT_EQ(lines_of(reader), expected_choice(sample, 1, 7));
}

}  // namespace
}  // namespace nfql
