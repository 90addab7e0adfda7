// Any bytes as an IPFIX file: flows or an Error, and what is read is written and read again.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <utility>

#include "common/base/error.h"
#include "common/io/ipfix_reader.h"
#include "common/io/ipfix_writer.h"

namespace {

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

nfql::InputFile input_of(std::span<const std::byte> bytes) {
  nfql::Fd fd(::memfd_create("fuzz", MFD_CLOEXEC));
  nfql::write_all(fd.get(), bytes, "fuzz");
  ::lseek(fd.get(), 0, SEEK_SET);
  return {std::move(fd), "fuzz"};
}

void check_block(const nfql::Schema& schema, const nfql::Block& block, std::uint64_t first_flow) {
  require(block.batch.rows != 0 && block.batch.rows <= nfql::kMaxRows);
  require(block.batch.columns.size() == schema.size());
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const nfql::Column& column = block.batch.columns[i];
    require(column.rows == block.batch.rows && column.type == schema[i].type);
    if (schema[i].id == nfql::element::kFlowId) {
      for (const std::uint64_t id : column.values<std::uint64_t>()) {
        require(id == first_flow++);
      }
    }
  }
}

std::uint64_t count_rows(nfql::Reader& reader) {
  std::uint64_t rows = 0;
  for (nfql::Block block; reader.next(block); block = nfql::Block()) {
    rows += block.kind == nfql::BlockKind::flows ? block.batch.rows : 0;
  }
  return rows;
}

// Copies the flows to a file and counts those that are in it.
void check(nfql::Reader& reader) {
  const nfql::Fd copy(::memfd_create("copy", MFD_CLOEXEC));
  const std::string path = "/dev/fd/" + std::to_string(copy.get());
  const auto writer = nfql::make_ipfix_writer(nfql::OutputFile(path), reader.header(), {});
  std::uint64_t flows = 0;
  bool whole = true;
  for (nfql::Block block; reader.next(block); block = nfql::Block()) {
    if (block.kind == nfql::BlockKind::sources) {
      require(block.sources.size() == 1 && block.sources[0].first_flow == flows);
      continue;
    }
    check_block(reader.header().flows(), block, flows);
    flows += block.batch.rows;
    try {
      if (whole) {
        writer->put(std::move(block));
      }
    } catch (const nfql::Error&) {
      whole = false;  // times before 1970
    }
  }
  static_cast<void>(reader.missing_fields());
  static_cast<void>(reader.warnings());
  if (whole) {
    writer->finish();
    ::lseek(copy.get(), 0, SEEK_SET);
    const auto again = nfql::make_ipfix_reader(nfql::InputFile::open(path), {});
    require(count_rows(*again) == flows);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    nfql::ReadOptions options;
    options.salvage = size % 2 == 0;
    options.split_biflow = size % 5 == 0;
    if (size % 3 == 0) {
      options.wanted = {nfql::element::kStart, nfql::element::kSourceAddress,
                        nfql::element::kObservationDomain, nfql::element::kDestinationPort};
      options.named = {{6871, 14}};
    }
    const auto reader =
        nfql::make_ipfix_reader(input_of(std::as_bytes(std::span(data, size))), options);
    check(*reader);
  } catch (const nfql::Error&) {
  }
  return 0;
}
