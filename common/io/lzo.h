// Decompression of LZO1X, which old nfcapd files are made with.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace nfql {

/// Decompresses one LZO1X stream, as the Linux kernel's document "LZO stream format" describes it;
/// returns how many bytes of `raw` it filled. Nothing when `stored` is no such stream from its
/// first byte to its last, or more than `raw` holds; never reads or writes outside the two.
[[nodiscard]] std::optional<std::size_t> decompress_lzo1x(std::span<const std::byte> stored,
                                                          std::span<std::byte> raw);

}  // namespace nfql
