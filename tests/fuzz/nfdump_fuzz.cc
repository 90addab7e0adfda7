// Any bytes as an nfdump file: flows or an Error, and what is read is written and read again.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <utility>

#include "common/base/error.h"
#include "common/io/nfdump_encode.h"
#include "common/io/nfdump_exporter_records.h"
#include "common/io/nfdump_flows.h"
#include "common/io/nfdump_reader.h"
#include "tests/fuzz/every_other.h"

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

// As many records as rows, and each is one.
void check_records(std::span<const std::byte> records, std::size_t count) {
  nfql::NfdumpFlows flows("fuzz");
  flows.need(~nfql::NfdumpSlots{0} >> (64 - nfql::nfdump::kSlots));
  flows.open({records, static_cast<std::uint32_t>(count), 0});
  require(flows.next(count) == count);
  require(flows.next(1) == 0);
}

void check_batch(nfql::NfdumpEncoder& encoder, nfql::NfdumpExporterRecords& exporters,
                 const nfql::Batch& batch) {
  constexpr std::size_t kMost = nfql::NfdumpEncoder::kMostRows;
  nfql::Buffer records;
  nfql::Buffer others;
  for (std::size_t first = 0; first < batch.rows; first += kMost) {
    const std::size_t count = std::min(kMost, batch.rows - first);
    records.clear();
    encoder.encode(batch, first, count, first, records);
    check_records(records.bytes(), count);
    exporters.append(batch, first, count, others);
  }
}

// What is read: the wanted columns of all flows, all columns of these, or all of every other flow.
enum class Read : std::uint8_t { wanted, all, chosen };

void check(nfql::Reader& reader, Read read) {
  const nfql::Schema& schema = reader.header().flows();
  nfql::NfdumpEncoder encoder(schema, "fuzz", "flow");
  nfql::NfdumpExporterRecords exporters(schema);
  std::uint64_t flows = 0;
  for (nfql::Block block; reader.next(block); block = nfql::Block()) {
    if (block.kind == nfql::BlockKind::sources) {
      require(block.sources.size() == 1);
      require(read == Read::chosen || block.sources[0].first_flow == flows);
      continue;
    }
    require(block.batch.rows != 0 && block.batch.rows <= nfql::kMaxRows);
    require(block.batch.columns.size() == schema.size());
    for (const nfql::Column& column : block.batch.columns) {
      require(column.rows == block.batch.rows);
    }
    if (read != Read::wanted) {
      const std::size_t id = schema.find(nfql::element::kFlowId).value();
      for (const std::uint64_t value : block.batch.columns[id].values<std::uint64_t>()) {
        require(read == Read::all ? value == flows : value >= flows);
        flows = value + 1;
      }
    } else {
      flows += block.batch.rows;
    }
    try {
      check_batch(encoder, exporters, block.batch);
    } catch (const nfql::Error&) {
      // Times before 1970, and numbers of flows that the element of an event has no room for.
    }
  }
  static_cast<void>(reader.missing_fields());
  static_cast<void>(reader.warnings());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    nfql::ReadOptions options;
    options.salvage = size % 2 == 0;
    const auto read = static_cast<Read>(size % 3);
    if (read == Read::wanted) {
      options.wanted = {nfql::element::kExporter, nfql::element::kSourceAddress,
                        nfql::element::kSamplingInterval, nfql::element::kIcmpTypeCode};
    }
    const auto reader =
        nfql::make_nfdump_reader(input_of(std::as_bytes(std::span(data, size))), options);
    std::unique_ptr<nfql::RowChooser> chooser = std::make_unique<EveryOther>(reader->header());
    require(read != Read::chosen || reader->choose_rows(chooser));
    check(*reader, read);
  } catch (const nfql::Error&) {
  }
  return 0;
}
