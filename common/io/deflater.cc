#include "common/io/deflater.h"

#include <zlib.h>

#include <array>
#include <cassert>
#include <limits>
#include <new>

namespace nfql {
namespace {

// Deflated bytes handed to the output at a time, which buffers them anyway.
constexpr std::size_t kPiece = 16 * 1024;

}  // namespace

void Deflater::End::operator()(z_stream_s* stream) const {
  ::deflateEnd(stream);
  std::default_delete<z_stream_s>()(stream);
}

Deflater::Deflater(int level) {
  auto stream = std::make_unique<z_stream>();
  if (::deflateInit(stream.get(), level) != Z_OK) {
    throw std::bad_alloc();
  }
  stream_.reset(stream.release());
}

void Deflater::write(std::span<const std::byte> bytes, OutputFile& output) {
  run(bytes, Z_NO_FLUSH, output);
}

void Deflater::finish(OutputFile& output) {
  run({}, Z_FINISH, output);
}

void Deflater::run(std::span<const std::byte> bytes, int flush, OutputFile& output) {
  assert(bytes.size() <= std::numeric_limits<uInt>::max());
  // zlib reads through this pointer only; its type is older than const.
  stream_->next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
  stream_->avail_in = static_cast<uInt>(bytes.size());
  std::array<std::byte, kPiece> piece;
  do {
    stream_->next_out = reinterpret_cast<Bytef*>(piece.data());
    stream_->avail_out = static_cast<uInt>(piece.size());
    ::deflate(stream_.get(), flush);
    output.write(std::span(piece).first(piece.size() - stream_->avail_out));
  } while (stream_->avail_out == 0);
}

}  // namespace nfql
