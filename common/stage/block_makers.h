// Blocks that several threads make, put in order.
#pragma once

#include <cstddef>
#include <utility>

#include "common/base/ordered_tasks.h"
#include "common/stream/block.h"

namespace nfql {

/// Has blocks made ahead of who takes them, a few more than there are threads. To be dropped before
/// what the makers use.
class BlockMakers {
 public:
  explicit BlockMakers(std::size_t threads) : threads_(threads), making_(threads) {}

  /// make(), which returns the next block, is called by some thread. Puts blocks that are ready.
  template <class Make>
  void put(Make&& make, BlockSink& out) {
    making_.start(std::forward<Make>(make));
    put_until(threads_, out);
  }
  /// Puts all that were not put yet.
  void finish(BlockSink& out) { put_until(0, out); }

 private:
  void put_until(std::size_t left, BlockSink& out) {
    making_.take_until(left, [&out](Block&& block) { out.put(std::move(block)); });
  }

  std::size_t threads_;
  OrderedTasks<Block> making_;
};

}  // namespace nfql
