// Any bytes, taken as a native stream, give blocks that keep the rules or an Error.
//
// Random bytes never pass a checksum, so each input is tried as it is and with its checksums set
// right, which lets the fuzzer reach what lies behind them.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "common/base/byte_order.h"
#include "common/base/error.h"
#include "common/base/hash.h"
#include "common/stream/layout.h"
#include "common/stream/stream_reader.h"
#include "tests/fuzz/every_other.h"

namespace {

using Bytes = std::vector<std::byte>;

std::uint64_t joined_checksum(const Bytes& bytes, std::span<const std::byte> first,
                              std::size_t second, std::size_t size) {
  Bytes joined(first.begin(), first.end());
  const auto* from = bytes.data() + second;
  joined.insert(joined.end(), from, from + size);
  return nfql::xxh3(joined);
}

bool fits(const Bytes& bytes, std::size_t at, std::uint64_t size) {
  return at <= bytes.size() && size <= bytes.size() - at;
}

// Sets the checksums of the block at `at` right; where the next one begins, or nothing.
std::optional<std::size_t> repair_block(Bytes& bytes, std::size_t at) {
  if (!fits(bytes, at, nfql::kBlockHeadBytes)) {
    return std::nullopt;
  }
  const nfql::BlockHead head = nfql::load_block_head(bytes.data() + at);
  const std::size_t directory = at + nfql::kBlockHeadBytes;
  if (!fits(bytes, directory, head.directory_bytes)) {
    return std::nullopt;
  }
  std::size_t stored = directory + head.directory_bytes;
  for (std::size_t i = 0; i < head.directory_bytes / nfql::kEntryBytes; ++i) {
    std::byte* entry = bytes.data() + directory + i * nfql::kEntryBytes;
    const std::uint64_t size = nfql::load_entry(entry).stored_bytes;
    if (!fits(bytes, stored, size)) {
      break;
    }
    nfql::store(entry + 24, nfql::xxh3(std::span(bytes).subspan(stored, size)));
    stored += nfql::padded(size);
  }
  const std::span<const std::byte> first = std::span(bytes).subspan(at, 24);
  nfql::store(bytes.data() + at + 24,
              joined_checksum(bytes, first, directory, head.directory_bytes));
  return fits(bytes, stored, 0) ? std::optional(stored) : std::nullopt;
}

Bytes repaired(Bytes bytes) {
  if (bytes.size() < nfql::kStreamHeadBytes) {
    return bytes;
  }
  const auto length = nfql::load<std::uint32_t>(bytes.data() + 12);
  if (!fits(bytes, nfql::kStreamHeadBytes, length)) {
    return bytes;
  }
  const std::span<const std::byte> first = std::span(bytes).first(16);
  nfql::store(bytes.data() + 16, joined_checksum(bytes, first, nfql::kStreamHeadBytes, length));
  std::optional<std::size_t> at = nfql::kStreamHeadBytes + length;
  while (at.has_value()) {
    at = repair_block(bytes, *at);
  }
  return bytes;
}

// Reads every value, so that the sanitizers see what a column views.
template <class T>
std::uint64_t touch(const nfql::Column& column) {
  std::uint64_t sum = 0;
  for (std::size_t row = 0; row < column.rows; ++row) {
    const std::span<const T> values =
        column.type == nfql::Type::set ? column.set<T>(row) : column.values<T>().subspan(row, 1);
    sum += nfql::xxh3(std::as_bytes(values)) + (column.is_known(row) ? 1 : 0);
  }
  return sum;
}

void touch(const nfql::Block& block) {
  for (const nfql::Column& column : block.batch.columns) {
    if (column.rows != block.batch.rows) {
      std::abort();
    }
    nfql::visit_values(column.type == nfql::Type::set ? column.element_type : column.type,
                       column.width, [&column]<class T>(std::type_identity<T>) {
                         volatile std::uint64_t sum = touch<T>(column);
                         static_cast<void>(sum);
                       });
  }
}

enum class Choice : std::uint8_t { all, some };

// Some are chosen by two threads, if the stream is one of flows.
void read(const Bytes& bytes, const std::optional<std::vector<nfql::ElementId>>& wanted,
          Choice choice = Choice::all) {
  nfql::Fd fd(::memfd_create("fuzz", MFD_CLOEXEC));
  nfql::write_all(fd.get(), bytes, "fuzz");
  ::lseek(fd.get(), 0, SEEK_SET);
  try {
    const bool some = choice == Choice::some;
    nfql::StreamReader reader(nfql::InputFile(std::move(fd), "fuzz"), wanted, some ? 2 : 1);
    if (some && reader.header().kind == nfql::StreamKind::flows) {
      reader.choose_rows(std::make_unique<EveryOther>(reader.header()));
    }
    nfql::Block block;
    while (reader.next(block)) {
      touch(block);
    }
  } catch (const nfql::Error&) {
    // What the reader is for.
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = std::as_bytes(std::span(data, size));
  const Bytes bytes(input.begin(), input.end());
  read(bytes, std::nullopt);
  const Bytes mended = repaired(bytes);
  read(mended, std::nullopt);
  read(mended, std::vector<nfql::ElementId>{nfql::element::kProtocol});
  read(mended, std::nullopt, Choice::some);
  return 0;
}
