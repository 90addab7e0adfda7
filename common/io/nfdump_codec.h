// The ways in which blocks of nfdump files are compressed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "common/base/buffer.h"
#include "common/io/nfdump_format.h"
#include "common/stream/compression.h"

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace nfql {

/// The method of this number in a file header; nothing for one that nobody knows.
[[nodiscard]] std::optional<nfdump::Method> nfdump_method(std::uint8_t number);
/// The one that compresses so.
[[nodiscard]] nfdump::Method nfdump_method(Compression compression);
[[nodiscard]] std::string_view name_of(nfdump::Method method);

/// Threads of most use to one file: one decodes or makes what they take or give, and each block may
/// take 10 MB on its way, with zstd more.
inline constexpr std::size_t kMostNfdumpThreads = 16;

/// Compresses blocks; keeps its working memory between calls.
class NfdumpCompressor {
 public:
  explicit NfdumpCompressor(Compression compression);

  /// `raw` compressed, or as it is if there is no method. Valid until the next call, and while
  /// `raw` is.
  std::span<const std::byte> compress(std::span<const std::byte> raw);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
  };

  Compression compression_;
  std::unique_ptr<ZSTD_CCtx_s, Free> context_;
  Buffer stored_;
};

/// Undoes every method; keeps its working memory between calls.
class NfdumpDecompressor {
 public:
  /// Decompresses `stored` to the front of `raw`; returns the size, or nothing when it is damaged
  /// or has no room. Never reads or writes outside the two.
  std::optional<std::size_t> decompress(nfdump::Method method, std::span<const std::byte> stored,
                                        std::span<std::byte> raw);

 private:
  struct Free {
    void operator()(ZSTD_DCtx_s* context) const;
  };

  std::optional<std::size_t> zstd(std::span<const std::byte> stored, std::span<std::byte> raw);

  std::unique_ptr<ZSTD_DCtx_s, Free> context_;
};

}  // namespace nfql
