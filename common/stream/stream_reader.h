// Reads a native stream: nfql-stream(5).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/fd.h"
#include "common/base/ordered_tasks.h"
#include "common/stream/block.h"
#include "common/stream/block_decoder.h"
#include "common/stream/block_order.h"
#include "common/stream/layout.h"
#include "common/stream/stream_input.h"

namespace nfql {

/// Gives the blocks of a stream that anybody may have written.
///
/// What next() gives keeps the rules of block.h: the order of blocks, the counts of members, the
/// indices of tuples, sets that are in bounds and sorted; each data block has a row. All lengths
/// are verified first, and the checksums of all that is used. Throws Error(Exit::failed) with the
/// number of the block, from 1, and its offset; when the input ends before the end block, an Error
/// that says so.
///
/// Of regular files several threads decode blocks, some of them ahead of what was given, and what
/// is not wanted is not read. Other inputs are not read ahead: who writes them may be waiting.
class StreamReader {
 public:
  /// Reads the header. `wanted`, if given, leaves only these columns in a stream of flows (those
  /// of them that it has, in its order); other streams always have all.
  explicit StreamReader(InputFile&& file,
                        const std::optional<std::vector<ElementId>>& wanted = std::nullopt,
                        std::size_t threads = 1);
  StreamReader(const StreamReader&) = delete;
  StreamReader& operator=(const StreamReader&) = delete;
  ~StreamReader() = default;

  [[nodiscard]] const StreamHeader& header() const { return header_; }
  /// Leaves only these flows in a stream of flows. To be called before the first next(). Blocks
  /// that can have none of them, by the extremes of their columns, are passed over.
  void choose_rows(std::unique_ptr<RowChooser> chooser);
  /// Replaces `block` by the next one; false at the end of the stream, which is then also the end
  /// of the input.
  bool next(Block& block);
  /// Up to the end of the last block that was given.
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }
  /// Flows that were not chosen, so far.
  [[nodiscard]] std::uint64_t rows_left_out() const { return left_out_; }

 private:
  // A block whose head was read.
  struct Ahead {
    BlockHead head;
    std::string place;
    std::uint64_t end = 0;     // its offset
    std::uint64_t bytes = 0;   // of memory that it may take
    Buffer content;            // of a block without columns
    bool complete = false;     // there is content, or a task; else reading ended with fault_
    bool passed_over = false;  // there is no task, as nobody wants any of its rows
  };

  void choose_columns(const std::vector<ElementId>& wanted);
  void read_ahead();
  void read_block();
  StoredBlock read_head();
  void read_rows(StoredBlock&& stored, Ahead& ahead);
  [[nodiscard]] Buffer read_content(const StoredBlock& stored);
  void append_payload(StoredBlock& stored);
  bool give(const Ahead& ahead, Block& block);
  void take_sources(const Ahead& ahead, Block& block) const;
  void take_end(const Ahead& ahead);
  [[nodiscard]] std::string place() const;
  void check(const std::string& problem) const { check(place(), problem); }
  static void check(const std::string& where, const std::string& problem);

  StreamInput input_;
  StreamHeader stored_;  // as in the stream
  StreamHeader header_;  // less the columns that nobody wants
  Wanted wanted_;
  std::unique_ptr<RowChooser> chooser_;
  BlockOrder order_;
  bool anywhere_;  // the input can be read anywhere
  std::size_t most_ahead_;
  Buffer directory_;  // head and directory of the block that is being read
  std::uint64_t block_at_ = 0;
  std::uint64_t blocks_ = 0;             // read
  std::array<std::uint64_t, 5> rows_{};  // read, by BlockKind
  bool read_all_ = false;
  std::exception_ptr fault_;  // what ended the reading; told when all before it was given
  std::deque<Ahead> ahead_;   // read, and not given yet
  std::uint64_t bytes_ahead_ = 0;
  bool ended_ = false;
  std::uint64_t bytes_read_ = 0;
  std::uint64_t left_out_ = 0;
  OrderedTasks<Block> tasks_;  // of the data blocks in ahead_; last, so that it ends first
};

}  // namespace nfql
