// The ways in which blocks of SiLK files are compressed.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "common/io/inflater.h"
#include "common/io/silk_format.h"

namespace nfql {

[[nodiscard]] std::string_view name_of(silk::Method method);

/// Undoes every method; keeps its working memory between calls.
class SilkDecompressor {
 public:
  /// Decompresses all of `stored`; false unless it is sound and fills `raw` to its last byte.
  /// Never reads or writes outside the two.
  [[nodiscard]] bool decompress(silk::Method method, std::span<const std::byte> stored,
                                std::span<std::byte> raw);

 private:
  bool zlib(std::span<const std::byte> stored, std::span<std::byte> raw);

  std::unique_ptr<Inflater> inflater_;
};

}  // namespace nfql
