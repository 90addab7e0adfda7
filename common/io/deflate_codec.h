// Deflating a piece of a longer stream; what ISA-L and zlib have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "common/base/buffer.h"

namespace nfql {

/// Where a piece of a deflate stream (RFC 1951) lies in it.
enum class PiecePlace : std::uint8_t { within, last };

/// Deflates one piece after the other; they need not be of one stream.
class DeflateCodec {
 public:
  DeflateCodec() = default;
  DeflateCodec(const DeflateCodec&) = delete;
  DeflateCodec& operator=(const DeflateCodec&) = delete;
  virtual ~DeflateCodec() = default;

  /// Appends `piece`, deflated, to `to`: whole bytes, so that pieces may be put one behind the
  /// other. It may refer to the bytes `before` it in the stream, of which there are at most 32 KiB.
  virtual void deflate(std::span<const std::byte> before, std::span<const std::byte> piece,
                       PiecePlace place, Buffer& to) = 0;
};

/// Bytes that a piece may refer to.
inline constexpr std::size_t kDeflateWindow = 32 * 1024;

/// The codec of a level from 1 (fast) to 9 (small).
[[nodiscard]] std::unique_ptr<DeflateCodec> make_deflate_codec(int level);

}  // namespace nfql
