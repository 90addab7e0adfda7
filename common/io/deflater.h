// Deflation to a zlib stream by several threads; the only place that knows which libraries do it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/base/ordered_tasks.h"
#include "common/base/output_file.h"
#include "common/base/spares.h"

namespace nfql {

/// Writes one zlib stream (RFC 1950) to an output.
///
/// The stream is cut into pieces of 256 KiB that are deflated each for itself, looking back into
/// the piece before as one stream would, and ends at a byte. What is written depends on the bytes
/// and the level alone, not on the number of threads. Level 1 is ISA-L's, five times as fast as
/// zlib's for flow records and 2 % larger; the others are zlib's, 0.1 % larger.
class Deflater {
 public:
  /// `level` is 1 (fast) to 9 (small). `threads` deflate, the one that calls write() among them.
  Deflater(int level, std::size_t threads);
  ~Deflater();
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  void write(std::span<const std::byte> bytes, OutputFile& output);
  /// Ends the stream. Nothing may be written after it.
  void finish(OutputFile& output);

 private:
  struct Piece;

  void start_piece();
  void write_deflated(std::size_t but, OutputFile& output);
  [[nodiscard]] std::unique_ptr<Piece> unused_piece();

  int level_;
  std::size_t most_pending_;
  Spares<std::unique_ptr<Piece>> unused_;
  std::unique_ptr<Piece> next_;  // being filled
  std::uint32_t checksum_;       // of what was written
  // The last member: its tasks are done with their pieces before anything else goes.
  OrderedTasks<std::unique_ptr<Piece>> tasks_;
};

}  // namespace nfql
