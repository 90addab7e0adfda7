// Any bytes as a flow-tools file: flows or an Error, and what is read is written and read again.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <utility>

#include "common/base/error.h"
#include "common/io/flow_tools_encode.h"
#include "common/io/flow_tools_reader.h"
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

// Every flow of flow-tools has room in a record of version 5, but for times of version 1 streams.
void encode(nfql::FlowToolsEncoder& encoder, const nfql::Batch& batch) {
  constexpr std::size_t kPiece = 1000;
  for (std::size_t first = 0; first < batch.rows; first += kPiece) {
    const std::size_t count = std::min(kPiece, batch.rows - first);
    const std::uint64_t before = encoder.left_out();
    const std::size_t records = encoder.encode(batch, first, count).size() / 64;
    require(records + (encoder.left_out() - before) == count);
  }
}

enum class Choice : bool { all, some };

void check(nfql::Reader& reader, Choice choice) {
  const nfql::Schema& schema = reader.header().flows();
  nfql::FlowToolsEncoder encoder(schema, "flow");
  const std::size_t id = schema.find(nfql::element::kFlowId).value();
  std::uint64_t flows = 0;
  for (nfql::Block block; reader.next(block);) {
    if (block.kind == nfql::BlockKind::sources) {
      require(block.sources.size() == 1);
      require(choice == Choice::some || block.sources[0].first_flow == flows);
      continue;
    }
    require(block.batch.rows != 0 && block.batch.rows <= nfql::kMaxRows);
    require(block.batch.columns.size() == schema.size());
    for (const std::uint64_t value : block.batch.columns[id].values<std::uint64_t>()) {
      require(choice == Choice::all ? value == flows : value >= flows);
      flows = value + 1;
    }
    encode(encoder, block.batch);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    nfql::ReadOptions options;
    options.salvage = size % 2 == 0;
    const auto reader =
        nfql::make_flow_tools_reader(input_of(std::as_bytes(std::span(data, size))), options);
    const auto choice = size % 5 == 0 ? Choice::some : Choice::all;
    std::unique_ptr<nfql::RowChooser> chooser = std::make_unique<EveryOther>(reader->header());
    require(choice == Choice::all || reader->choose_rows(chooser));
    check(*reader, choice);
  } catch (const nfql::Error&) {
  }
  return 0;
}
