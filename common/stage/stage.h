// One step of a query: blocks in, blocks out, no files.
#pragma once

#include "common/stream/block.h"

namespace nfql {

/// Made for one input header; fed all blocks in order, then finished.
class Stage {
 public:
  Stage() = default;
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  virtual ~Stage() = default;

  /// What the stage gives; known before the first block.
  [[nodiscard]] virtual const StreamHeader& output_header() const = 0;
  /// Consumes one block; may put any number of blocks, also none.
  virtual void consume(Block&& block, BlockSink& out) = 0;
  /// Called once, after the last block. Stages that hold rows back put them here.
  virtual void finish(BlockSink& out) { static_cast<void>(out); }
};

}  // namespace nfql
