#include "common/io/deflater.h"

#include <isa-l/igzip_lib.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <utility>

#include "common/base/byte_order.h"
#include "common/io/deflate_codec.h"

namespace nfql {
namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;
// Deflated with a window of 32 KiB; the rest is a checksum and how hard it was tried: as usual.
constexpr std::array kStreamStart = {std::byte{0x78}, std::byte{0x9c}};
// Adler-32 of nothing.
constexpr std::uint32_t kEmptyChecksum = 1;

std::uint32_t checksum_of(std::span<const std::byte> bytes) {
  return ::isal_adler32(kEmptyChecksum, reinterpret_cast<const unsigned char*>(bytes.data()),
                        bytes.size());
}

}  // namespace

// A piece on its way: filled, deflated, written, and then filled again.
struct Deflater::Piece {
  explicit Piece(int level) : codec(make_deflate_codec(level)) {}

  [[nodiscard]] std::span<const std::byte> before_piece() const {
    return bytes.bytes().first(before);
  }
  [[nodiscard]] std::span<const std::byte> piece() const { return bytes.bytes().subspan(before); }

  std::unique_ptr<DeflateCodec> codec;
  Buffer bytes;            // those that it may refer to first
  std::size_t before = 0;  // of them
  PiecePlace place = PiecePlace::within;
  Buffer deflated;
  std::uint32_t checksum = 0;
};

Deflater::Deflater(int level, std::size_t threads)
    : level_(level),
      most_pending_(threads > 1 ? 2 * threads : 0),
      next_(unused_piece()),
      checksum_(kEmptyChecksum),
      tasks_(threads) {
  next_->deflated.append(kStreamStart.data(), kStreamStart.size());
}

Deflater::~Deflater() = default;

void Deflater::write(std::span<const std::byte> bytes, OutputFile& output) {
  while (!bytes.empty()) {
    const std::size_t size = std::min(kPieceBytes - next_->piece().size(), bytes.size());
    next_->bytes.append(bytes.data(), size);
    bytes = bytes.subspan(size);
    if (next_->piece().size() == kPieceBytes) {
      start_piece();
      write_deflated(most_pending_, output);
    }
  }
}

void Deflater::finish(OutputFile& output) {
  next_->place = PiecePlace::last;
  start_piece();
  write_deflated(0, output);
  std::array<std::byte, sizeof checksum_> end;
  store(end.data(), checksum_, ByteOrder::big);
  output.write(end);
}

// Has the piece deflated, and begins the next one.
void Deflater::start_piece() {
  std::unique_ptr<Piece> next = unused_piece();
  const std::span<const std::byte> piece = next_->piece();
  next->before = std::min(piece.size(), kDeflateWindow);
  next->bytes.append(piece.last(next->before).data(), next->before);
  tasks_.start([filled = std::exchange(next_, std::move(next))]() mutable {
    filled->codec->deflate(filled->before_piece(), filled->piece(), filled->place,
                           filled->deflated);
    filled->checksum = checksum_of(filled->piece());
    return std::move(filled);
  });
}

// Writes pieces in their order until only `but` of them are left to be deflated.
void Deflater::write_deflated(std::size_t but, OutputFile& output) {
  tasks_.take_until(but, [&](std::unique_ptr<Piece> piece) {
    output.write(piece->deflated.bytes());
    checksum_ = static_cast<std::uint32_t>(
        ::adler32_combine(checksum_, piece->checksum, static_cast<z_off_t>(piece->piece().size())));
    unused_.put(std::move(piece));
  });
}

std::unique_ptr<Deflater::Piece> Deflater::unused_piece() {
  std::unique_ptr<Piece> piece = unused_.take([this] { return std::make_unique<Piece>(level_); });
  piece->bytes.clear();
  piece->deflated.clear();
  return piece;
}

}  // namespace nfql
