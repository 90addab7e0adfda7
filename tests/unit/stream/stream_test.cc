// Whole streams: what goes in comes out.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "common/flow/column_builder.h"
#include "common/stream/stream_reader.h"
#include "common/stream/stream_writer.h"
#include "tests/unit/stream/stream_samples.h"
#include "tests/unit/stream/stream_support.h"

namespace nfql {
namespace {

using Method = Compression::Method;

class Stream : public ::testing::TestWithParam<Compression> {};

TEST_P(Stream, GivesBackEveryKindAndType) {
  for (const Sample& sample : all_samples(200)) {
    const Bytes bytes = write_stream(sample.header, sample.blocks, GetParam());
    EXPECT_EQ(read_lines(bytes), describe(sample.header, sample.blocks)) << sample.name;
    EXPECT_EQ(StreamReader(memory_file(bytes)).header(), sample.header) << sample.name;
  }
}

TEST_P(Stream, IsTheSameHoweverBlocksAreCut) {
  const Sample sample = flows_sample(2, 100);
  const auto expected = describe(sample.header, sample.blocks);
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{100}}) {
    std::vector<Block> pieces;
    for (const Block& block : sample.blocks) {
      if (block.kind == BlockKind::sources) {
        pieces.push_back(shallow_copy(block));
      }
      for (std::size_t first = 0; first < block.batch.rows; first += size) {
        std::vector<RowId> rows(std::min(size, block.batch.rows - first));
        std::iota(rows.begin(), rows.end(), static_cast<RowId>(first));
        pieces.push_back({block.kind, block.branch, gather(block.batch, rows), {}});
      }
    }
    EXPECT_EQ(read_lines(write_stream(sample.header, pieces, GetParam())), expected);
  }
}

INSTANTIATE_TEST_SUITE_P(Methods, Stream,
                         ::testing::Values(Compression{}, Compression{Method::lz4, 1},
                                           Compression{Method::lz4, 9},
                                           Compression{Method::zstd, 3}));

TEST(StreamWriter, CutsWhatIsTooLongAndLeavesOutWhatIsEmpty) {
  const Field field{"x", {}, Type::u64, Meaning::number, Type::u64};
  const StreamHeader header = flows_header(Schema({field}));
  ColumnBuilder numbers(field);
  for (std::uint64_t i = 0; i < kMaxRows + 5; ++i) {
    numbers.push(i);
  }
  std::vector<Block> blocks(2);
  numbers.move_to(blocks[0].batch);
  numbers.move_to(blocks[1].batch);
  const Bytes bytes = write_stream(header, blocks);
  StreamReader reader(memory_file(bytes));
  std::vector<std::size_t> rows;
  Block block;
  while (reader.next(block)) {
    rows.push_back(block.batch.rows);
  }
  EXPECT_EQ(rows, (std::vector<std::size_t>{kMaxRows, 5}));
  EXPECT_EQ(read_lines(bytes), describe(header, blocks));
}

TEST(StreamReader, ReadsFromPipes) {
  const Sample sample = flows_sample(1, 100);
  const Bytes bytes = write_stream(sample.header, sample.blocks);
  StreamReader reader(pipe_file(bytes), std::vector<ElementId>{element::kProtocol});
  Block block;
  std::size_t rows = 0;
  while (reader.next(block)) {
    rows += block.batch.rows;
  }
  EXPECT_EQ(rows, 100U);
  EXPECT_EQ(reader.bytes_read(), bytes.size());
}

TEST(StreamReader, LeavesOutColumnsThatNobodyWants) {
  Sample sample = flows_sample(2, 50);
  const Bytes bytes = write_stream(sample.header, sample.blocks, {Method::lz4, 1});
  const std::vector<ElementId> wanted{element::kProtocol, element::kEgress, element::kStart};
  const auto lines = read_lines(bytes, wanted);
  // The same from memory: start and protocol are columns 0 and 7.
  for (Block& block : sample.blocks) {
    if (block.kind == BlockKind::flows) {
      block.batch.columns = {block.batch.columns[0], block.batch.columns[7]};
    }
  }
  sample.header = flows_header(Schema({field_of(element::kStart), field_of(element::kProtocol)}));
  EXPECT_EQ(lines, describe(sample.header, sample.blocks));
  EXPECT_EQ(StreamReader(memory_file(bytes), wanted).header(), sample.header);
  EXPECT_EQ(StreamReader(memory_file(bytes), std::vector<ElementId>{}).header().flows().size(), 0U);
}

TEST(StreamReader, AlwaysGivesAllColumnsOfOtherStreams) {
  for (const Sample& sample : all_samples(5)) {
    if (sample.header.kind != StreamKind::flows) {
      const Bytes bytes = write_stream(sample.header, sample.blocks);
      EXPECT_EQ(read_lines(bytes, std::vector<ElementId>{}),
                describe(sample.header, sample.blocks));
    }
  }
}

TEST(StreamReader, BlocksOutliveIt) {
  const Sample sample = flows_sample(1, 100);
  std::vector<Block> kept;
  {
    StreamReader reader(memory_file(write_stream(sample.header, sample.blocks)));
    Block block;
    while (reader.next(block)) {
      kept.push_back(std::exchange(block, {}));
    }
  }
  EXPECT_EQ(describe(sample.header, kept), describe(sample.header, sample.blocks));
}

TEST(Stream, WideSchemasOfOneValueAreFree) {
  std::vector<Field> fields;
  Block block;
  ColumnBuilder zeros({"", {}, Type::u64, {}, Type::u64});
  for (std::size_t i = 0; i < 1000; ++i) {
    zeros.push(std::uint64_t{0});
  }
  for (int i = 0; i < 100; ++i) {
    fields.push_back({std::to_string(i), {}, Type::u64, {}, Type::u64});
    block.batch.columns.push_back(zeros.view());
  }
  block.batch.rows = 1000;
  const Bytes bytes = write_stream(flows_header(Schema(fields)), std::span(&block, 1));
  EXPECT_LT(bytes.size(), 100U * 100U);
}

}  // namespace
}  // namespace nfql
