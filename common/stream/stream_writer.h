// Writes a native stream: nfql-stream(5).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/base/output_file.h"
#include "common/stream/block.h"
#include "common/stream/block_order.h"
#include "common/stream/column_encoder.h"
#include "common/stream/compression.h"

namespace nfql {

/// Takes the blocks of a stream and writes them.
///
/// Blocks may have any number of rows: none are left out, more than kMaxRows are cut. Only a block
/// of groups that have members cannot be cut, because its members follow it: it has kMaxRows rows
/// at most.
class StreamWriter : public BlockSink {
 public:
  /// Writes the header. Throws Error(Exit::failed) when it breaks a rule of find_problem().
  StreamWriter(OutputFile&& file, const StreamHeader& header, Compression compression);

  /// Throws Error(Exit::failed) when a block does not fit the header or the blocks before it, which
  /// only a fault in the program can cause, and as OutputFile::write() does.
  void put(Block&& block) override;
  /// Writes the end block and puts the file in place. Throws as put() does. To be called once.
  void finish();
  [[nodiscard]] std::uint64_t bytes_written() const { return file_.offset(); }

 private:
  void put_rows(const Block& block);
  void put_sources(const Block& block);
  void put_bytes(BlockHead head, std::span<const std::byte> bytes);
  void write_block(const BlockHead& head, std::span<const EncodedColumn> columns);
  void count(BlockKind kind, std::size_t rows);
  void check(const std::string& problem) const;

  OutputFile file_;
  BlockOrder order_;
  ColumnEncoder encoder_;
  std::vector<EncodedColumn> encoded_;
  std::uint64_t blocks_ = 0;
  std::array<std::uint64_t, 5> rows_{};  // by BlockKind
};

}  // namespace nfql
