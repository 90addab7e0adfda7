#include "common/io/deflate_codec.h"

#include <isa-l/igzip_lib.h>
#include <zlib.h>

#include <cassert>
#include <limits>
#include <new>

namespace nfql {
namespace {

// Room for what is deflated, given as often as it is used up.
constexpr std::size_t kRoom = 256 * 1024;

// Both libraries read through their pointers only; the types lack the const.
std::uint8_t* input_of(std::span<const std::byte> bytes) {
  return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(bytes.data()));
}

std::uint32_t size_of(std::span<const std::byte> bytes) {
  assert(bytes.size() <= std::numeric_limits<std::uint32_t>::max());
  return static_cast<std::uint32_t>(bytes.size());
}

// Runs `deflate` on the stream until all of its input is in `to`. The fields have the same names in
// both libraries.
template <class Stream, class Deflate>
void run(Stream& stream, std::span<const std::byte> piece, Buffer& to, const Deflate& deflate) {
  stream.next_in = input_of(piece);
  stream.avail_in = size_of(piece);
  do {
    const std::size_t used = to.size();
    to.resize(used + kRoom);
    stream.next_out = reinterpret_cast<std::uint8_t*>(to.data() + used);
    stream.avail_out = kRoom;
    deflate(&stream);
    to.resize(used + kRoom - stream.avail_out);
  } while (stream.avail_out == 0);
}

class ZlibCodec final : public DeflateCodec {
 public:
  explicit ZlibCodec(int level) {
    constexpr int kMemory = 8;  // zlib's default
    if (::deflateInit2(&stream_, level, Z_DEFLATED, -MAX_WBITS, kMemory, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~ZlibCodec() override { ::deflateEnd(&stream_); }

  void deflate(std::span<const std::byte> before, std::span<const std::byte> piece,
               PiecePlace place, Buffer& to) override {
    ::deflateReset(&stream_);
    if (!before.empty()) {
      ::deflateSetDictionary(&stream_, input_of(before), size_of(before));
    }
    const int flush = place == PiecePlace::last ? Z_FINISH : Z_SYNC_FLUSH;
    run(stream_, piece, to, [&](z_stream* stream) { ::deflate(stream, flush); });
  }

 private:
  z_stream stream_{};
};

class IsalCodec final : public DeflateCodec {
 public:
  IsalCodec() {
    ::isal_deflate_init(&stream_);
    // Of its levels the one that gains most for its time on flow records.
    stream_.level = 2;
    stream_.level_buf = memory_.as<std::uint8_t>();
    stream_.level_buf_size = static_cast<std::uint32_t>(memory_.size());
  }

  void deflate(std::span<const std::byte> before, std::span<const std::byte> piece,
               PiecePlace place, Buffer& to) override {
    ::isal_deflate_reset(&stream_);
    if (!before.empty()) {
      ::isal_deflate_set_dict(&stream_, input_of(before), size_of(before));
    }
    stream_.end_of_stream = place == PiecePlace::last ? 1 : 0;
    stream_.flush = place == PiecePlace::last ? NO_FLUSH : SYNC_FLUSH;
    run(stream_, piece, to, [](isal_zstream* stream) { ::isal_deflate(stream); });
  }

 private:
  isal_zstream stream_{};
  Buffer memory_{ISAL_DEF_LVL2_DEFAULT};
};

}  // namespace

std::unique_ptr<DeflateCodec> make_deflate_codec(int level) {
  if (level == 1) {
    return std::make_unique<IsalCodec>();
  }
  return std::make_unique<ZlibCodec>(level);
}

}  // namespace nfql
