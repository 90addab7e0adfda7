#include "common/io/inflater.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

namespace nfql {
namespace {

uInt count_of(std::size_t size) {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

}  // namespace

void Inflater::End::operator()(z_stream_s* stream) const {
  ::inflateEnd(stream);
  std::default_delete<z_stream_s>()(stream);
}

Inflater::Inflater() {
  auto stream = std::make_unique<z_stream>();
  if (::inflateInit(stream.get()) != Z_OK) {
    throw std::bad_alloc();
  }
  stream_.reset(stream.release());
}

void Inflater::reset() {
  ::inflateReset(stream_.get());
}

Inflater::Step Inflater::step(std::span<const std::byte> in, std::span<std::byte> out) {
  const uInt in_size = count_of(in.size());
  const uInt out_size = count_of(out.size());
  // zlib reads through this pointer only; its type is older than const.
  stream_->next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(in.data()));
  stream_->avail_in = in_size;
  stream_->next_out = reinterpret_cast<Bytef*>(out.data());
  stream_->avail_out = out_size;
  const int result = ::inflate(stream_.get(), Z_NO_FLUSH);
  if (result == Z_MEM_ERROR) {
    throw std::bad_alloc();
  }
  State state = State::corrupt;
  if (result == Z_OK || result == Z_BUF_ERROR) {
    state = State::running;
  } else if (result == Z_STREAM_END) {
    state = State::ended;
  }
  return {in_size - stream_->avail_in, out_size - stream_->avail_out, state};
}

}  // namespace nfql
