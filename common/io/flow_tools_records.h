// The records of a flow-tools file as bytes: inflated if need be, stream after stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "common/base/run_ahead.h"
#include "common/flow/batch.h"
#include "common/io/flow_tools_header.h"
#include "common/io/inflater.h"
#include "common/io/input_window.h"

namespace nfql {

/// Walks the streams of one file. Everything it throws is Error(Exit::failed) that names the file
/// and the place; records in messages are counted from 0 over the whole file, like flowIds.
class FlowToolsRecords {
 public:
  /// Reads the first header; throws if there is none or nobody can read its records.
  /// With Beside::yes a thread inflates ahead.
  FlowToolsRecords(InputFile file, Beside beside);

  [[nodiscard]] const std::string& name() const { return window_.name(); }
  /// The header of the stream that is read.
  [[nodiscard]] const FlowToolsHeader& header() const { return header_; }
  /// Bytes of the input consumed, as stored, for what was given.
  [[nodiscard]] std::uint64_t bytes_read() const {
    return inflated_ ? piece_.offset : window_.offset();
  }
  /// Size of the input, 0 if it is no regular file.
  [[nodiscard]] std::uint64_t bytes_total() const { return window_.size(); }

  /// Goes past the header of the stream; call it once before next(). Returns the stream as a
  /// source: its fingerprint is of its first 64 KiB, or all there is, as stored.
  Source begin();
  /// Some whole records, at least one and at most `most`; none at the end of the stream. Valid
  /// until the next call. Throws where the stream is cut short or damaged, or does not have as many
  /// records as its header says: after all good records before that were returned.
  std::span<const std::byte> next(std::size_t most);
  /// After the end of a stream, goes to the one behind it; false at the end of the file.
  /// Throws if something else is there.
  bool next_stream();

 private:
  // Whole records, but for the last piece of a stream.
  struct InflatedPiece {
    Buffer bytes;
    Inflater::State state = Inflater::State::running;  // behind it
    bool cut = false;                                  // the input ended behind it
    std::uint64_t offset = 0;                          // in the input, behind it
  };

  // As much as the records of a batch have, which is worked on while that much is inflated.
  using InflatedPieces = RunAhead<InflatedPiece, 16>;

  void read_header();
  [[nodiscard]] bool at_stream();
  std::span<const std::byte> next_plain(std::size_t most);
  std::span<const std::byte> next_inflated(std::size_t most);
  bool inflate(InflatedPiece& piece, bool& last);
  std::span<const std::byte> finish();
  std::span<const std::byte> give(std::span<const std::byte> records);
  [[noreturn]] void fail_trailing();

  InputWindow window_;
  FlowToolsHeader header_;
  std::size_t record_size_ = 0;
  std::uint64_t stream_start_ = 0;  // ordinal of the stream's first record
  std::uint64_t records_ = 0;       // given so far, of all streams

  Beside beside_;
  Inflater inflater_;
  InflatedPiece piece_;   // whose records are given
  std::size_t used_ = 0;  // bytes of it
  // While it inflates a stream, the window and the inflater are its own.
  std::unique_ptr<InflatedPieces> inflated_;
};

}  // namespace nfql
