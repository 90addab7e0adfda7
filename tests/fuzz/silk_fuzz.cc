// Any bytes as a SiLK file: flows or an Error.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <utility>

#include "common/base/error.h"
#include "common/io/silk_reader.h"
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

// Touches the ends of a column, and all that says what is known in it.
void check_column(const nfql::Column& column, std::size_t rows) {
  require(column.rows == rows);
  for (std::size_t row = 0; row < rows && column.known != nullptr; ++row) {
    require(column.known[row] <= 1);
  }
  nfql::visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
    const auto values = column.values<T>();
    require(values.front() == values.front() && values.back() == values.back());
  });
}

enum class Choice : bool { all, some };

void check(nfql::Reader& reader, Choice choice) {
  const nfql::Schema& schema = reader.header().flows();
  const auto id = schema.find(nfql::element::kFlowId);
  std::uint64_t flows = 0;
  for (nfql::Block block; reader.next(block);) {
    if (block.kind == nfql::BlockKind::sources) {
      require(block.sources.size() == 1);
      require(choice == Choice::some || block.sources[0].first_flow == flows);
      continue;
    }
    require(block.batch.rows != 0 && block.batch.rows <= nfql::kMaxRows);
    require(block.batch.columns.size() == schema.size());
    for (const nfql::Column& column : block.batch.columns) {
      check_column(column, block.batch.rows);
    }
    if (id && choice == Choice::all) {
      require(block.batch.columns[*id].values<std::uint64_t>().front() == flows);
    }
    flows += block.batch.rows;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    nfql::ReadOptions options;
    options.salvage = size % 2 == 0;
    if (size % 3 == 0) {
      options.wanted = {nfql::element::kSourceAddress, nfql::element::kIcmpTypeCode,
                        nfql::element::kFlowCount};
    }
    const auto reader =
        nfql::make_silk_reader(input_of(std::as_bytes(std::span(data, size))), options);
    const auto choice = size % 5 == 0 ? Choice::some : Choice::all;
    std::unique_ptr<nfql::RowChooser> chooser = std::make_unique<EveryOther>(reader->header());
    require(choice == Choice::all || reader->choose_rows(chooser));
    check(*reader, choice);
  } catch (const nfql::Error&) {
  }
  return 0;
}
