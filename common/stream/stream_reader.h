// Reads a native stream: nfql-stream(5).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/base/fd.h"
#include "common/stream/block.h"
#include "common/stream/block_order.h"
#include "common/stream/buffer_pool.h"
#include "common/stream/column_decoder.h"
#include "common/stream/layout.h"
#include "common/stream/stream_input.h"

namespace nfql {

/// Gives the blocks of a stream that anybody may have written.
///
/// What next() gives keeps the rules of block.h: the order of blocks, the counts of members, the
/// indices of tuples, sets that are in bounds and sorted; each data block has a row. All lengths
/// and checksums are verified first. Throws Error(Exit::failed) with the number of the block, from
/// 1, and its offset; when the input ends before the end block, an Error that says so.
class StreamReader {
 public:
  /// Reads the header. `wanted`, if given, leaves only these columns in a stream of flows (those
  /// of them that it has, in its order); other streams always have all.
  explicit StreamReader(InputFile&& file,
                        const std::optional<std::vector<ElementId>>& wanted = std::nullopt);
  StreamReader(const StreamReader&) = delete;
  StreamReader& operator=(const StreamReader&) = delete;
  ~StreamReader() = default;

  [[nodiscard]] const StreamHeader& header() const { return header_; }
  /// Replaces `block` by the next one, in which the memory of the old one is used again where
  /// possible; false at the end of the stream, which is then also the end of the input.
  bool next(Block& block);
  [[nodiscard]] std::uint64_t bytes_read() const { return input_.offset(); }

 private:
  enum class Columns : std::uint8_t { all, wanted };

  void choose_columns(const std::vector<ElementId>& wanted);
  [[nodiscard]] bool is_wanted(std::size_t column) const {
    return wanted_.empty() || wanted_[column];
  }
  BlockHead read_head();
  void read_sources(const BlockHead& head, Block& block);
  void read_rows(const BlockHead& head, Block& block);
  void read_end(const BlockHead& head);
  std::span<const std::byte> read_bytes();
  void check_entries(const Schema& schema, std::size_t rows) const;
  void read_payload(Columns columns);
  void decode_columns(const Schema& schema, Batch& batch);
  void check_padding(std::size_t from, std::size_t to) const;
  void check(const std::string& problem) const;
  void check_column(const Field& field, const std::string& problem) const;
  [[nodiscard]] std::string place() const;

  StreamInput input_;
  StreamHeader stored_;       // as in the stream
  StreamHeader header_;       // less the columns that nobody wants
  std::vector<bool> wanted_;  // per stored column; empty: all
  BlockOrder order_;
  BufferPool pool_;
  ColumnDecoder decoder_{pool_};
  Buffer directory_;  // head and directory of the current block
  std::vector<ColumnEntry> entries_;
  Buffer payload_;
  std::vector<std::size_t> places_;  // of columns in the payload
  std::uint64_t block_at_ = 0;
  std::uint64_t blocks_ = 0;             // before the current one
  std::array<std::uint64_t, 5> rows_{};  // by BlockKind
  bool ended_ = false;
};

}  // namespace nfql
