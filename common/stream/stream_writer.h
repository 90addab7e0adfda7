// Writes a native stream: nfql-stream(5).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/base/ordered_tasks.h"
#include "common/base/output_file.h"
#include "common/stream/block.h"
#include "common/stream/block_order.h"
#include "common/stream/compression.h"
#include "common/stream/layout.h"

namespace nfql {

/// Takes the blocks of a stream and writes them.
///
/// Blocks may have any number of rows: none are left out, more than kMaxRows are cut. Only a block
/// of groups that have members cannot be cut, because its members follow it: it has kMaxRows rows
/// at most.
///
/// Of a file several threads encode blocks. A block whose memory others have is encoded before
/// put() returns, and so is every block for others than files: who reads them may be waiting for
/// it.
class StreamWriter : public BlockSink {
 public:
  /// Writes the header. Throws Error(Exit::failed) when it breaks a rule of find_problem().
  StreamWriter(OutputFile&& file, const StreamHeader& header, Compression compression,
               std::size_t threads = 1);

  /// Throws Error(Exit::failed) when a block does not fit the header or the blocks before it, which
  /// only a fault in the program can cause, and as OutputFile::write() does.
  void put(Block&& block) override;
  /// Writes the end block and puts the file in place. Throws as put() does. To be called once.
  void finish();
  [[nodiscard]] std::uint64_t bytes_written() const { return file_.offset(); }

 private:
  void put_rows(Block&& block);
  void put_sources(const Block& block);
  void put_bytes(BlockHead head, std::span<const std::byte> bytes);
  void write_encoded(std::size_t but);
  void count(BlockKind kind, std::size_t rows);
  void check(const std::string& problem) const;

  OutputFile file_;
  BlockOrder order_;
  Compression compression_;
  std::size_t most_pending_;
  std::uint64_t blocks_ = 0;
  std::array<std::uint64_t, 5> rows_{};  // by BlockKind
  OrderedTasks<Buffer> tasks_;           // blocks to be written; last, so that it ends first
};

}  // namespace nfql
