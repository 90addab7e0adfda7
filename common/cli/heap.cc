#include "common/cli/heap.h"

#include <malloc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <limits>
#include <memory>
#include <new>

namespace nfql {
namespace {

constexpr int kMiB = 1024 * 1024;
// Address space, of which only what is used becomes memory.
constexpr int kReserved = 1024 * kMiB;
constexpr std::uintptr_t kLargePage = 2 * kMiB;
// What short runs need has small pages.
constexpr std::uintptr_t kSmall = kMiB / 4;

bool is_limited(int resource) {
  struct rlimit limit {};
  return ::getrlimit(static_cast<__rlimit_resource_t>(resource), &limit) != 0 ||
         limit.rlim_cur != RLIM_INFINITY;
}

// Where the system promises no more memory than it has, address space is taken from others.
bool is_promised() {
  std::ifstream file("/proc/sys/vm/overcommit_memory");
  int mode = 0;
  return (file >> mode) && mode == 2;
}

std::uintptr_t heap_end() {
  return reinterpret_cast<std::uintptr_t>(::sbrk(0));
}

// Moves the end of the heap up to kSmall before a boundary of large pages, which is returned. glibc
// minds the gap.
std::uintptr_t align_heap_end() {
  const std::uintptr_t boundary = (heap_end() + kSmall + kLargePage - 1) & ~(kLargePage - 1);
  ::sbrk(static_cast<std::intptr_t>(boundary - kSmall - heap_end()));
  return boundary;
}

// Lets the heap grow once by all that most runs need: the system takes the wish for large pages
// only of addresses that are there. Touching memory was half of the time of short queries, and is
// three to five times faster in large pages.
void reserve_heap() {
  if (is_limited(RLIMIT_AS) || is_limited(RLIMIT_DATA) || is_promised()) {
    return;
  }
  const std::uintptr_t boundary = align_heap_end();
  ::mallopt(M_TOP_PAD, kReserved);
  // More than a new heap has left. glibc notes something where this ends: a little below the
  // boundary, as a page with anything in it keeps those around it small. Where so much cannot be
  // had, all is as it was.
  constexpr std::size_t kNote = 64;
  const std::unique_ptr<volatile std::byte[]> grown(
      new (std::nothrow) volatile std::byte[kSmall - kNote]);
  if (grown) {
    grown[0] = std::byte{0};  // so that it is not optimised away
  }
  ::mallopt(M_TOP_PAD, kMiB);
  if (heap_end() > boundary) {
    ::madvise(reinterpret_cast<void*>(boundary), heap_end() - boundary, MADV_HUGEPAGE);
  }
}

}  // namespace

// Left to itself glibc gives freed memory back to the system and asks for it anew, which took a
// third of the time in which an nfdump file is read. One arena for all threads: what one of them
// frees is there for the others, and is likely to be in a cache.
void prepare_heap() {
  ::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  ::mallopt(M_MMAP_THRESHOLD, 32 * kMiB);
  ::mallopt(M_ARENA_MAX, 1);
  reserve_heap();
}

}  // namespace nfql
