#include "common/base/pages.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <new>

namespace nfql {
namespace {

constexpr std::size_t kSmallest = 64 * 1024;
constexpr std::size_t kLargePage = std::size_t{2} << 20;
// From here on a large page is less work for the system than as many small ones as are needed.
constexpr std::size_t kWorthALargePage = 512 * 1024;

// Anonymous memory of `size` bytes, a power of two; where that is a large page or more it begins at
// the boundary of one, so that moving it keeps its pages whole.
void* map(std::size_t size) {
  const std::size_t slack = size >= kLargePage ? kLargePage : 0;
  void* const all = ::mmap(nullptr, size + slack, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (all == MAP_FAILED) {
    throw std::bad_alloc();
  }
  if (slack == 0) {
    return all;
  }
  auto* const begin = static_cast<std::byte*>(all);
  const std::size_t before = -reinterpret_cast<std::uintptr_t>(begin) & (kLargePage - 1);
  if (before != 0) {
    ::munmap(begin, before);
  }
  if (before != slack) {
    ::munmap(begin + before + size, slack - before);
  }
  return begin + before;
}

}  // namespace

// To a power of two: the place is reserved, memory comes with the first write to it.
void Pages::grow(std::size_t size) {
  std::size_t grown = std::bit_ceil(std::max(size, kSmallest));
  const bool large = use_ == Use::dense && grown >= kWorthALargePage;
  grown = large ? std::max(grown, kLargePage) : grown;
  void* const place = map(grown);
  if (large && mapped_ < kLargePage) {
    ::madvise(place, grown, MADV_HUGEPAGE);  // where it is refused, it is only slower
    if (mapped_ != 0) {
      std::memcpy(place, bytes_, mapped_);
    }
    clear();
  } else if (mapped_ != 0 &&
             // Grown in the same step: before Linux 6.17 what was moved to a part of a mapping
             // cannot be moved again. What is at the place gives way to it, and may have done so
             // even when this fails.
             ::mremap(bytes_, mapped_, grown, MREMAP_MAYMOVE | MREMAP_FIXED, place) == MAP_FAILED) {
    throw std::bad_alloc();
  }
  bytes_ = place;
  mapped_ = grown;
}

void Pages::clear() noexcept {
  if (mapped_ != 0) {
    ::munmap(bytes_, mapped_);
  }
  bytes_ = nullptr;
  mapped_ = 0;
}

}  // namespace nfql
