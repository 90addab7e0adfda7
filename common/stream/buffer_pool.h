// Buffers that were used once and may be again, so that a steady stream allocates nothing.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "common/base/buffer.h"

namespace nfql {

/// Keeps the memory of blocks that are done with.
class BufferPool {
 public:
  /// A buffer of this size with any content.
  Buffer take(std::size_t size) {
    Buffer taken = take_spare(size);
    taken.resize(size);
    return taken;
  }
  /// A buffer that has room for this size, or an empty one: takes no new memory.
  Buffer take_spare(std::size_t size) {
    for (Buffer& spare : spares_) {
      if (spare.capacity() >= size && spare.capacity() <= kLoose * size + kSmall) {
        Buffer taken = std::exchange(spare, std::move(spares_.back()));
        spares_.pop_back();
        return taken;
      }
    }
    return {};
  }
  void give(std::vector<Buffer>&& buffers) {
    spares_ = std::move(buffers);
    std::erase_if(spares_, [](const Buffer& buffer) { return buffer.capacity() == 0; });
  }

 private:
  // A buffer much larger than asked for is left to those who need it.
  static constexpr std::size_t kLoose = 4;
  static constexpr std::size_t kSmall = 4096;

  std::vector<Buffer> spares_;
};

}  // namespace nfql
