// Any bytes as the messages of an exporter: flows or an Error, and what is read is written as IPFIX
// and read again.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "common/base/error.h"
#include "common/io/export_reader.h"
#include "common/io/ipfix_writer.h"

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

inline void check_block(const Schema& schema, const Block& block, std::uint64_t first_flow) {
  require(block.batch.rows != 0 && block.batch.rows <= kMaxRows);
  require(block.batch.columns.size() == schema.size());
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const Column& column = block.batch.columns[i];
    require(column.rows == block.batch.rows && column.type == schema[i].type);
    if (schema[i].id == element::kFlowId) {
      for (const std::uint64_t id : column.values<std::uint64_t>()) {
        require(id == first_flow++);
      }
    }
  }
}

inline std::uint64_t count_rows(Reader& reader) {
  std::uint64_t rows = 0;
  for (Block block; reader.next(block); block = Block()) {
    rows += block.kind == BlockKind::flows ? block.batch.rows : 0;
  }
  return rows;
}

/// Copies the flows to a file of IPFIX and counts those that are in it.
inline void check_copy(Reader& reader) {
  const Fd copy(::memfd_create("copy", MFD_CLOEXEC));
  const std::string path = "/dev/fd/" + std::to_string(copy.get());
  const auto writer = make_ipfix_writer(OutputFile(path), reader.header(), {});
  std::uint64_t flows = 0;
  bool whole = true;
  for (Block block; reader.next(block); block = Block()) {
    if (block.kind == BlockKind::sources) {
      require(block.sources.size() == 1 && block.sources[0].first_flow == flows);
      continue;
    }
    check_block(reader.header().flows(), block, flows);
    flows += block.batch.rows;
    try {
      if (whole) {
        writer->put(std::move(block));
      }
    } catch (const Error&) {
      whole = false;  // times before 1970
    }
  }
  static_cast<void>(reader.missing_fields());
  static_cast<void>(reader.warnings());
  if (whole) {
    writer->finish();
    ::lseek(copy.get(), 0, SEEK_SET);
    const auto again = make_export_reader(InputFile::open(path), {});
    require(count_rows(*again) == flows);
  }
}

/// One run of a target whose reader `make` makes.
inline int run_export(std::span<const std::uint8_t> data,
                      std::unique_ptr<Reader> (*make)(InputFile, const ReadOptions&)) {
  try {
    ReadOptions options;
    options.salvage = data.size() % 2 == 0;
    options.split_biflow = data.size() % 5 == 0;
    if (data.size() % 3 == 0) {
      options.wanted = {element::kStart, element::kSourceAddress, element::kObservationDomain,
                        element::kDestinationPort, element::kExporter};
      options.named = {{6871, 14}};
    }
    const auto reader = make(input_of(std::as_bytes(data)), options);
    check_copy(*reader);
  } catch (const Error&) {
  }
  return 0;
}

}  // namespace nfql::fuzz
