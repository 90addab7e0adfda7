#include "common/stream/compression.h"

#include <lz4.h>
#include <lz4hc.h>
#include <zstd.h>

#include <array>
#include <cassert>
#include <cstring>
#include <new>
#include <optional>
#include <string>

#include "common/base/error.h"
#include "common/base/names.h"
#include "common/base/number_text.h"

namespace nfql {
namespace {

using Method = Compression::Method;

constexpr int kDefaultZstdLevel = 3;  // zstd's own default
constexpr int kMaxZstdLevel = 19;     // above, reading needs much more memory too
constexpr int kMaxLz4Level = LZ4HC_CLEVEL_MAX;
// The digits of -z: 1 costs next to nothing, 9 is for archives.
constexpr std::array<Compression, 10> kDigits{{{Method::none, 0},
                                               {Method::lz4, 1},
                                               {Method::zstd, 1},
                                               {Method::zstd, 3},
                                               {Method::zstd, 5},
                                               {Method::zstd, 7},
                                               {Method::zstd, 9},
                                               {Method::zstd, 12},
                                               {Method::zstd, 15},
                                               {Method::zstd, 19}}};

std::optional<Compression> compression_of(std::string_view text) {
  if (text.size() == 1 && text[0] >= '0' && text[0] <= '9') {
    return kDigits.at(static_cast<std::size_t>(text[0] - '0'));
  }
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  std::optional<int> level;
  if (colon != std::string_view::npos) {
    level = to_number<int>(text.substr(colon + 1));
    if (!level.has_value() || *level < 1) {
      return std::nullopt;
    }
  }
  if (same_name(name, "none") && !level.has_value()) {
    return Compression{};
  }
  if (same_name(name, "lz4") && level.value_or(1) <= kMaxLz4Level) {
    return Compression{Method::lz4, level.value_or(1)};
  }
  if (same_name(name, "zstd") && level.value_or(1) <= kMaxZstdLevel) {
    return Compression{Method::zstd, level.value_or(kDefaultZstdLevel)};
  }
  return std::nullopt;
}

int compress_lz4(std::span<const std::byte> raw, std::span<std::byte> to, int level) {
  const char* from = reinterpret_cast<const char*>(raw.data());
  char* into = reinterpret_cast<char*>(to.data());
  const int size = static_cast<int>(raw.size());
  const int room = static_cast<int>(to.size());
  return level < LZ4HC_CLEVEL_MIN ? LZ4_compress_default(from, into, size, room)
                                  : LZ4_compress_HC(from, into, size, room, level);
}

}  // namespace

Compression parse_compression(std::string_view text) {
  const auto compression = compression_of(text);
  if (!compression.has_value()) {
    throw Error(Exit::usage, fmt::format("compression '{}' is none of those known", text),
                "choose none, lz4, lz4:1 to lz4:12, zstd, zstd:1 to zstd:19, or 0 (none) to 9");
  }
  return *compression;
}

void Compressor::Free::operator()(ZSTD_CCtx_s* context) const {
  ZSTD_freeCCtx(context);
}
void Decompressor::Free::operator()(ZSTD_DCtx_s* context) const {
  ZSTD_freeDCtx(context);
}

Compressor::Compressor(Compression compression) : compression_(compression) {
  if (compression_.method == Method::zstd) {
    context_.reset(ZSTD_createCCtx());
    if (context_ == nullptr) {
      throw std::bad_alloc();
    }
  }
}

bool Compressor::compress(std::span<const std::byte> raw, Buffer& to) {
  assert(raw.size() <= LZ4_MAX_INPUT_SIZE);
  if (compression_.method == Method::none || raw.size() < 2) {
    return false;
  }
  // Room for one byte less than the input: what does not fit does not pay.
  const std::size_t before = to.size();
  to.resize(before + raw.size() - 1);
  const std::span<std::byte> room(to.data() + before, raw.size() - 1);
  std::size_t size = 0;
  if (compression_.method == Method::lz4) {
    size = static_cast<std::size_t>(compress_lz4(raw, room, compression_.level));
  } else {
    size = ZSTD_compressCCtx(context_.get(), room.data(), room.size(), raw.data(), raw.size(),
                             compression_.level);
    if (ZSTD_isError(size) != 0) {
      size = 0;
    }
  }
  to.resize(before + size);
  return size != 0;
}

bool Decompressor::decompress(Method method, std::span<const std::byte> stored,
                              std::span<std::byte> raw) {
  switch (method) {
    case Method::none:
      if (stored.size() != raw.size()) {
        return false;
      }
      if (!raw.empty()) {
        std::memcpy(raw.data(), stored.data(), raw.size());
      }
      return true;
    case Method::lz4:
      return stored.size() <= LZ4_MAX_INPUT_SIZE && raw.size() <= LZ4_MAX_INPUT_SIZE &&
             LZ4_decompress_safe(reinterpret_cast<const char*>(stored.data()),
                                 reinterpret_cast<char*>(raw.data()),
                                 static_cast<int>(stored.size()),
                                 static_cast<int>(raw.size())) == static_cast<int>(raw.size());
    case Method::zstd:
      if (context_ == nullptr) {
        context_.reset(ZSTD_createDCtx());
      }
      if (context_ == nullptr) {
        throw std::bad_alloc();
      }
      return ZSTD_decompressDCtx(context_.get(), raw.data(), raw.size(), stored.data(),
                                 stored.size()) == raw.size();
  }
  return false;
}

}  // namespace nfql
