// Writes the blocks of an nfdump file, compressed by several threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/base/buffer.h"
#include "common/base/ordered_tasks.h"
#include "common/base/output_file.h"
#include "common/base/spares.h"
#include "common/io/nfdump_format.h"
#include "common/stream/compression.h"

namespace nfql {

/// Fills one block after the other with records, and writes them in their order. What is written
/// depends on the records alone, not on the number of threads.
class NfdumpBlockWriter {
 public:
  /// `threads` compress, the one that calls the functions among them.
  NfdumpBlockWriter(Compression compression, std::size_t threads);
  ~NfdumpBlockWriter();
  NfdumpBlockWriter(const NfdumpBlockWriter&) = delete;
  NfdumpBlockWriter& operator=(const NfdumpBlockWriter&) = delete;

  /// The method that the file header tells.
  [[nodiscard]] nfdump::Method method() const;
  /// What is in the block that is being filled; records may be appended, which add() must count.
  [[nodiscard]] Buffer& records();
  void add(std::uint32_t count);
  /// Ends the block, unless it is empty, which nfdump takes for a damaged one.
  void end_block(OutputFile& output);
  /// Ends the block, and writes all that are not written.
  void finish(OutputFile& output);
  /// Blocks ended so far.
  [[nodiscard]] std::uint32_t blocks() const { return blocks_; }

 private:
  struct Piece;

  void write(std::size_t but, OutputFile& output);
  [[nodiscard]] std::unique_ptr<Piece> unused_piece();

  Compression compression_;
  std::size_t threads_;
  std::uint32_t blocks_ = 0;
  Spares<std::unique_ptr<Piece>> unused_;
  std::unique_ptr<Piece> next_;  // being filled
  // The last member: its tasks are done with their pieces before anything else goes.
  OrderedTasks<std::unique_ptr<Piece>> tasks_;
};

}  // namespace nfql
