#include "common/io/native.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "tests/unit/io/temporary_file.h"
#include "tests/unit/io/text_support.h"

namespace nfql {
namespace {

using test::Rows;
using test::TemporaryFile;

Rows flow_rows(std::uint64_t rows) {
  std::vector<std::optional<std::uint64_t>> octets;
  std::vector<std::optional<std::uint16_t>> ports;
  for (std::uint64_t i = 0; i < rows; ++i) {
    octets.emplace_back(i);
    ports.emplace_back(static_cast<std::uint16_t>(i % 7));
  }
  Rows made;
  made.numbers<std::uint64_t>(field_of(element::kOctets), octets)
      .numbers<std::uint16_t>(field_of(element::kSourcePort), ports);
  return made;
}

// Writes 1000 flows and gives the size of the file.
std::size_t write_flows(const TemporaryFile& file, const WriteOptions& options) {
  Rows rows = flow_rows(1000);
  const auto writer =
      make_native_writer(OutputFile(file.path()), flows_header(rows.schema), options);
  writer->put(rows.block(BlockKind::flows));
  EXPECT_EQ(writer->full(), options.limit.has_value());
  writer->finish();
  EXPECT_EQ(writer->bytes_written(), file.bytes().size());
  return file.bytes().size();
}

TEST(Native, IsKnownByItsFirstBytes) {
  const TemporaryFile file;
  write_flows(file, {});
  const std::string bytes = file.bytes();
  EXPECT_TRUE(looks_native(std::as_bytes(std::span(bytes))));
  EXPECT_TRUE(looks_native(std::as_bytes(std::span(bytes)).first(3)));
  EXPECT_FALSE(looks_native({}));
  EXPECT_FALSE(looks_native(std::as_bytes(std::span("start,end"))));
}

TEST(Native, CompressesOnlyWhenToldTo) {
  const TemporaryFile file;
  WriteOptions options;
  const std::size_t by_default = write_flows(file, options);
  options.compress = "none";
  EXPECT_EQ(write_flows(file, options), by_default);
  options.compress = "lz4";
  EXPECT_LT(write_flows(file, options), by_default);
  options.compress = "snappy";
  EXPECT_THROW(write_flows(file, options), Error);
}

TEST(Native, ReadsWhatItWroteInTheColumnsWanted) {
  const TemporaryFile file;
  write_flows(file, {});
  ReadOptions options;
  options.wanted = {element::kOctets};
  const auto reader = make_native_reader(InputFile::open(file.path()), options);
  EXPECT_EQ(reader->header().flows().size(), 1U);
  Block block;
  ASSERT_TRUE(reader->next(block));
  EXPECT_EQ(block.batch.rows, 1000U);
  EXPECT_EQ(block.batch.columns.at(0).values<std::uint64_t>()[999], 999U);
  EXPECT_FALSE(reader->next(block));
  EXPECT_EQ(reader->bytes_read(), file.bytes().size());
}

TEST(Native, WritesTheColumnsAndRowsAskedFor) {
  const TemporaryFile file;
  WriteOptions options;
  options.columns = {{"sport"}};
  options.limit = 3;
  write_flows(file, options);
  const auto reader = make_native_reader(InputFile::open(file.path()), {});
  ASSERT_EQ(reader->header().flows().size(), 1U);
  EXPECT_EQ(reader->header().flows()[0].name, "sport");
  Block block;
  ASSERT_TRUE(reader->next(block));
  EXPECT_EQ(block.batch.rows, 3U);
  EXPECT_EQ(block.batch.columns.at(0).values<std::uint16_t>()[2], 2);
  EXPECT_FALSE(reader->next(block));
}

TEST(Native, LeavesNoFileWithoutFinish) {
  const TemporaryFile file;
  {
    Rows rows = flow_rows(10);
    const auto writer = make_native_writer(OutputFile(file.path()), flows_header(rows.schema), {});
    writer->put(rows.block(BlockKind::flows));
  }
  EXPECT_TRUE(file.bytes().empty());
}

}  // namespace
}  // namespace nfql
