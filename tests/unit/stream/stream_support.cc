#include "tests/unit/stream/stream_support.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <utility>

#include "common/base/error.h"
#include "common/base/hash.h"
#include "common/stream/header.h"
#include "common/stream/stream_reader.h"
#include "common/stream/stream_writer.h"
#include "tests/unit/stream/stream_text.h"

namespace nfql {

InputFile memory_file(std::span<const std::byte> bytes) {
  Fd fd(::memfd_create("test", MFD_CLOEXEC));
  write_all(fd.get(), bytes, "test");
  ::lseek(fd.get(), 0, SEEK_SET);
  return {std::move(fd), "test"};
}

InputFile pipe_file(std::span<const std::byte> bytes) {
  int ends[2] = {-1, -1};
  if (::pipe(ends) != 0) {
    fail(Exit::failed, "no pipe");
  }
  Fd in(ends[0]);
  Fd out(ends[1]);
  write_all(out.get(), bytes, "test");
  return {std::move(in), "test"};
}

Block shallow_copy(const Block& block) {
  Block copy{block.kind, block.branch, {}, block.sources};
  copy.batch.rows = block.batch.rows;
  copy.batch.columns = block.batch.columns;
  return copy;
}

Bytes write_stream(const StreamHeader& header, std::span<const Block> blocks,
                   Compression compression) {
  const std::string path = fmt::format("{}nfql-stream-test.{}", ::testing::TempDir(), ::getpid());
  StreamWriter writer(OutputFile(path), header, compression);
  for (const Block& block : blocks) {
    writer.put(shallow_copy(block));
  }
  writer.finish();
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  static_cast<void>(std::remove(path.c_str()));
  EXPECT_EQ(writer.bytes_written(), text.size());
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

std::vector<std::string> describe(const StreamHeader& header, std::span<const Block> blocks) {
  std::vector<std::string> lines;
  for (const Block& block : blocks) {
    append_lines(lines, header, block);
  }
  return lines;
}

std::vector<std::string> read_lines(std::span<const std::byte> bytes,
                                    const std::optional<std::vector<ElementId>>& wanted) {
  StreamReader reader(memory_file(bytes), wanted);
  std::vector<std::string> lines;
  Block block;
  while (reader.next(block)) {
    append_lines(lines, reader.header(), block);
  }
  EXPECT_EQ(reader.bytes_read(), bytes.size());
  return lines;
}

std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::failed) << error.what();
    return error.what();
  }
  return {};
}

std::string error_of(std::span<const std::byte> bytes) {
  return error_of([bytes] {
    StreamReader reader(memory_file(bytes));
    Block block;
    while (reader.next(block)) {
    }
  });
}

void append_block(Bytes& to, const BlockHead& head, std::vector<RawColumn> columns) {
  std::vector<ColumnEntry> entries;
  for (RawColumn& column : columns) {
    column.entry.stored_bytes = column.stored.size();
    column.entry.checksum = xxh3(column.stored);
    entries.push_back(column.entry);
  }
  const Buffer packed = pack_block_head(head, entries);
  to.insert(to.end(), packed.bytes().begin(), packed.bytes().end());
  for (const RawColumn& column : columns) {
    to.insert(to.end(), column.stored.begin(), column.stored.end());
    to.resize(padded(to.size()));
  }
}

void append_end(Bytes& to, const std::vector<std::uint64_t>& totals) {
  BlockHead head;
  head.kind = kEndOfStream;
  RawColumn column{{}, bytes_of(totals)};
  column.entry.width = 1;
  column.entry.raw_bytes = column.stored.size();
  append_block(to, head, {column});
}

Bytes header_bytes(const StreamHeader& header) {
  const Buffer packed = pack_header(header);
  return {packed.bytes().begin(), packed.bytes().end()};
}

}  // namespace nfql
