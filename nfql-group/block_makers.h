// Blocks that several threads make, put in order.
#pragma once

#include <cstddef>
#include <utility>

#include "common/base/ordered_tasks.h"
#include "common/stream/block.h"

namespace nfql {

/// Has blocks made ahead of `out`, a few more than there are threads. To be dropped before what the
/// makers use.
class BlockMakers {
 public:
  BlockMakers(std::size_t threads, BlockSink& out)
      : threads_(threads), out_(out), making_(threads) {}

  /// make(), which returns the next block, is called by some thread. Puts blocks that are ready.
  template <class Make>
  void put(Make&& make) {
    making_.start(std::forward<Make>(make));
    put_until(threads_);
  }
  /// Puts all that were not put yet.
  void finish() { put_until(0); }

 private:
  void put_until(std::size_t left) {
    making_.take_until(left, [this](Block&& block) { out_.put(std::move(block)); });
  }

  std::size_t threads_;
  BlockSink& out_;
  OrderedTasks<Block> making_;
};

}  // namespace nfql
