// Any bytes as LZO1X: they are decompressed or refused, and never more than there is room for.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "common/io/lzo.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::byte> raw(size % 7 * 1000);
  const auto written = nfql::decompress_lzo1x(std::as_bytes(std::span(data, size)), raw);
  if (written && *written > raw.size()) {
    std::abort();
  }
  return 0;
}
