// Flows of a text format: what is read, printed as CSV and read again is the same.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/io/csv_reader.h"
#include "common/io/writer.h"

namespace nfql::fuzz {

inline void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

inline InputFile input_of(std::span<const std::byte> bytes) {
  Fd fd(::memfd_create("fuzz", MFD_CLOEXEC));
  write_all(fd.get(), bytes, "fuzz");
  ::lseek(fd.get(), 0, SEEK_SET);
  return {std::move(fd), "fuzz"};
}

/// All that the reader gives until it ends or throws, as CSV.
inline std::string printed(Reader& reader) {
  const Schema& schema = reader.header().flows();
  const Fd file(::memfd_create("out", MFD_CLOEXEC));
  WriteOptions options;
  options.format = OutputFormat::csv;
  options.time = TimeFormat::milliseconds;
  options.columns.emplace();
  for (const Field& field : schema.fields()) {
    options.columns->push_back(field.name);
  }
  const auto writer =
      open_writer(OutputFile("/dev/fd/" + std::to_string(file.get())), reader.header(), options);
  std::uint64_t flows = 0;
  for (Block block; reader.next(block); block = Block()) {
    if (block.kind == BlockKind::flows) {
      require(block.batch.rows != 0 && block.batch.rows <= kMaxRows);
      require(block.batch.columns.size() == schema.size());
      flows += block.batch.rows;
      const std::size_t id = schema.find(element::kFlowId).value();
      require(block.batch.columns[id].values<std::uint64_t>().back() == flows - 1);
    }
    writer->put(std::move(block));
  }
  writer->finish();
  std::string text(static_cast<std::size_t>(::lseek(file.get(), 0, SEEK_END)), '\0');
  require(::pread(file.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
  return text;
}

/// `make` is the reader of the format.
template <class Make>
void check(const std::uint8_t* data, std::size_t size, const Make& make) {
  try {
    ReadOptions options;
    options.salvage = true;
    options.format = "csv";
    const auto reader = make(input_of(std::as_bytes(std::span(data, size))), options);
    static_cast<void>(reader->warnings());
    const std::string text = printed(*reader);
    options.salvage = false;
    const auto again = open_reader(input_of(std::as_bytes(std::span(text))), options);
    require(printed(*again) == text);
  } catch (const Error&) {
  }
}

}  // namespace nfql::fuzz
