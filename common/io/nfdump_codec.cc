#include "common/io/nfdump_codec.h"

#include <bzlib.h>
#include <lz4.h>
#include <lz4hc.h>
#include <zstd.h>

#include <cstring>
#include <new>

#include "common/io/lzo.h"

namespace nfql {
namespace {

using nfdump::Method;
using Stored = std::span<const std::byte>;
using Raw = std::span<std::byte>;

std::optional<std::size_t> copy(Stored stored, Raw raw) {
  if (stored.size() > raw.size()) {
    return std::nullopt;
  }
  std::memcpy(raw.data(), stored.data(), stored.size());
  return stored.size();
}

// Sizes are those of blocks: an int and an unsigned hold them.
std::optional<std::size_t> lz4(Stored stored, Raw raw) {
  const int size = LZ4_decompress_safe(
      reinterpret_cast<const char*>(stored.data()), reinterpret_cast<char*>(raw.data()),
      static_cast<int>(stored.size()), static_cast<int>(raw.size()));
  return size < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(size));
}

std::optional<std::size_t> bzip2(Stored stored, Raw raw) {
  auto size = static_cast<unsigned>(raw.size());
  // The library reads through this pointer only; its type is older than const.
  auto* from = const_cast<char*>(reinterpret_cast<const char*>(stored.data()));
  const int result =
      BZ2_bzBuffToBuffDecompress(reinterpret_cast<char*>(raw.data()), &size, from,
                                 static_cast<unsigned>(stored.size()), /*small=*/0, 0);
  if (result == BZ_MEM_ERROR) {
    throw std::bad_alloc();
  }
  return result == BZ_OK ? std::optional<std::size_t>(size) : std::nullopt;
}

}  // namespace

std::optional<Method> nfdump_method(std::uint8_t number) {
  return number <= static_cast<std::uint8_t>(Method::zstd) ? std::optional(Method{number})
                                                           : std::nullopt;
}

Method nfdump_method(Compression compression) {
  switch (compression.method) {
    case Compression::Method::none:
      break;
    case Compression::Method::lz4:
      return Method::lz4;
    case Compression::Method::zstd:
      return Method::zstd;
  }
  return Method::none;
}

std::string_view name_of(Method method) {
  switch (method) {
    case Method::none:
      break;
    case Method::lzo:
      return "LZO";
    case Method::bzip2:
      return "bzip2";
    case Method::lz4:
      return "LZ4";
    case Method::zstd:
      return "zstd";
  }
  return "uncompressed";
}

void NfdumpCompressor::Free::operator()(ZSTD_CCtx_s* context) const {
  ZSTD_freeCCtx(context);
}

NfdumpCompressor::NfdumpCompressor(Compression compression) : compression_(compression) {
  if (compression_.method == Compression::Method::zstd) {
    context_.reset(ZSTD_createCCtx());
    if (context_ == nullptr) {
      throw std::bad_alloc();
    }
  }
}

std::span<const std::byte> NfdumpCompressor::compress(std::span<const std::byte> raw) {
  std::size_t size = 0;
  if (compression_.method == Compression::Method::lz4) {
    const int raw_size = static_cast<int>(raw.size());
    const int room = LZ4_compressBound(raw_size);
    stored_.resize(static_cast<std::size_t>(room));
    const auto* from = reinterpret_cast<const char*>(raw.data());
    auto* to = reinterpret_cast<char*>(stored_.data());
    size = static_cast<std::size_t>(
        compression_.level < LZ4HC_CLEVEL_MIN
            ? LZ4_compress_default(from, to, raw_size, room)
            : LZ4_compress_HC(from, to, raw_size, room, compression_.level));
  } else if (compression_.method == Compression::Method::zstd) {
    stored_.resize(ZSTD_compressBound(raw.size()));
    size = ZSTD_compressCCtx(context_.get(), stored_.data(), stored_.size(), raw.data(), raw.size(),
                             compression_.level);
  } else {
    return raw;
  }
  if (size == 0 || ZSTD_isError(size) != 0) {
    throw std::bad_alloc();  // there is room for all that can come out of it
  }
  return stored_.bytes().first(size);
}

void NfdumpDecompressor::Free::operator()(ZSTD_DCtx_s* context) const {
  ZSTD_freeDCtx(context);
}

std::optional<std::size_t> NfdumpDecompressor::zstd(Stored stored, Raw raw) {
  if (context_ == nullptr) {
    context_.reset(ZSTD_createDCtx());
  }
  if (context_ == nullptr) {
    throw std::bad_alloc();
  }
  const std::size_t size =
      ZSTD_decompressDCtx(context_.get(), raw.data(), raw.size(), stored.data(), stored.size());
  return ZSTD_isError(size) != 0 ? std::nullopt : std::optional(size);
}

std::optional<std::size_t> NfdumpDecompressor::decompress(Method method, Stored stored, Raw raw) {
  switch (method) {
    case Method::none:
      break;
    case Method::lzo:
      return decompress_lzo1x(stored, raw);
    case Method::bzip2:
      return bzip2(stored, raw);
    case Method::lz4:
      return lz4(stored, raw);
    case Method::zstd:
      return zstd(stored, raw);
  }
  return copy(stored, raw);
}

}  // namespace nfql
