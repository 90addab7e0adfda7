// The blocks of an nfdump file, uncompressed: headers checked, file after file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/base/buffer.h"
#include "common/base/ordered_tasks.h"
#include "common/base/spares.h"
#include "common/flow/batch.h"
#include "common/io/input_window.h"
#include "common/io/nfdump_codec.h"

namespace nfql {

/// Whether a file begins so that it may be one of layout 2; the other layouts are told by detect().
[[nodiscard]] bool looks_nfdump(std::span<const std::byte> first);

/// The records of one block.
struct NfdumpBlock {
  std::span<const std::byte> bytes;
  std::uint32_t records = 0;  ///< how many the block says it has
  std::uint64_t number = 0;   ///< of the block in its file, from 0; for messages
};

/// Walks the files in one input, which may be several (`cat a b |`). Everything it throws is
/// Error(Exit::failed) that names the input and the place.
///
/// Blocks are read to the end of the input whatever the header counts, as it counts none in a file
/// that nfcapd is still writing and in what `nfdump -w /dev/stdout` gives. The line of text that
/// this adds when no flow matched is no block.
class NfdumpBlocks {
 public:
  /// Reads the first header; throws if there is none or nobody can read what follows.
  explicit NfdumpBlocks(InputFile file);
  ~NfdumpBlocks();
  NfdumpBlocks(const NfdumpBlocks&) = delete;
  NfdumpBlocks& operator=(const NfdumpBlocks&) = delete;

  /// From now on blocks are read ahead of those that are given and uncompressed by `threads`
  /// threads, at most 16, the one that calls next() among them: as many blocks as there are
  /// threads, and one. Only for inputs that never keep one waiting.
  void read_ahead(std::size_t threads);

  [[nodiscard]] const std::string& name() const { return window_.name(); }
  /// Bytes of the input consumed, as stored, for what was given.
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }
  /// Size of the input, 0 if it is no regular file.
  [[nodiscard]] std::uint64_t bytes_total() const { return window_.size(); }

  /// Goes past the header of the file; call it once before next(). Returns the file as a source
  /// whose fingerprint is of its first 64 KiB, or all there is, as stored; the flow is left to the
  /// caller.
  Source begin();
  /// The next block that holds records; those of other kinds are passed over. False at the end of
  /// the file, after all good blocks; throws there if the header counts more than there were.
  /// What it gives is valid until the next call.
  bool next(NfdumpBlock& block);
  /// After the end of a file, goes to the one behind it; false at the end of the input.
  bool next_file();

 private:
  struct Piece;
  using Tasks = OrderedTasks<std::unique_ptr<Piece>>;

  void read_header();
  [[nodiscard]] bool at_header();
  void pass_over_text();
  void finish() const;
  void read_blocks();
  bool read_block();
  void start_piece(const NfdumpBlock& block, std::span<const std::byte> stored);
  [[noreturn]] void fail_block(const std::string& problem) const;
  [[noreturn]] void fail_block(std::uint64_t block, std::uint64_t at,
                               const std::string& problem) const;

  InputWindow window_;
  nfdump::Method method_ = nfdump::Method::none;
  std::uint64_t expected_ = 0;  // blocks, by the header; 0: not said
  std::uint64_t blocks_ = 0;    // read of this file
  std::uint64_t bytes_read_ = 0;
  bool read_all_ = true;      // of this file, or up to the fault
  std::exception_ptr fault_;  // behind the blocks that were read
  std::size_t most_ahead_ = 1;
  std::unique_ptr<Piece> given_;
  Spares<std::unique_ptr<Piece>> unused_;
  // The last member: its tasks are done before anything else goes.
  std::optional<Tasks> tasks_;
};

}  // namespace nfql
