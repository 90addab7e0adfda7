// Compression of columns: how the user chooses it, and the codecs behind one interface.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "common/base/buffer.h"

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace nfql {

/// A method and how hard it tries.
struct Compression {
  /// The numbers are those of nfql-stream(5).
  enum class Method : std::uint8_t { none = 0, lz4 = 1, zstd = 2 };

  Method method = Method::none;
  int level = 0;  ///< lz4: 1 to 12, from 3 on slow to write; zstd: 1 to 19

  friend bool operator==(const Compression&, const Compression&) = default;
};

/// What -z means: `none`, `lz4`, `zstd`, the latter two also with a level (`zstd:9`), or one number
/// from 0 (none) over 1 (lz4) to 9 (zstd, smallest). Throws Error(Exit::usage) for anything else.
[[nodiscard]] Compression parse_compression(std::string_view text);

/// Compresses by one method; keeps its working memory between calls.
class Compressor {
 public:
  explicit Compressor(Compression compression);

  [[nodiscard]] Compression::Method method() const { return compression_.method; }
  /// Appends `raw` (at most 1 GiB) compressed to `to`. False, and `to` is as it was, when that
  /// would not be shorter.
  bool compress(std::span<const std::byte> raw, Buffer& to);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
  };

  Compression compression_;
  std::unique_ptr<ZSTD_CCtx_s, Free> context_;
};

/// Undoes every method; keeps its working memory between calls.
class Decompressor {
 public:
  /// Fills all of `raw`, at most 1 GiB. False when `stored` is not exactly that many bytes
  /// compressed by `method`; never reads or writes outside the two.
  bool decompress(Compression::Method method, std::span<const std::byte> stored,
                  std::span<std::byte> raw);

 private:
  struct Free {
    void operator()(ZSTD_DCtx_s* context) const;
  };

  std::unique_ptr<ZSTD_DCtx_s, Free> context_;
};

}  // namespace nfql
