// The records of a SiLK file as bytes: decompressed if need be, stream after stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "common/base/buffer.h"
#include "common/flow/batch.h"
#include "common/io/input_window.h"
#include "common/io/silk_codec.h"
#include "common/io/silk_header.h"

namespace nfql {

/// Walks the streams of one file. Everything it throws is Error(Exit::failed) that names the file
/// and the place; records in messages are counted from 0 over the whole file, like flowIds, blocks
/// from 0 in their stream.
class SilkRecords {
 public:
  /// Reads how the first header begins; throws if there is none or nobody can read its records.
  explicit SilkRecords(InputFile file);

  [[nodiscard]] const std::string& name() const { return window_.name(); }
  /// The header of the stream that is read.
  [[nodiscard]] const SilkHeader& header() const { return header_; }
  /// Bytes of the input consumed, as stored.
  [[nodiscard]] std::uint64_t bytes_read() const { return window_.offset(); }
  /// Size of the input, 0 if it is no regular file.
  [[nodiscard]] std::uint64_t bytes_total() const { return window_.size(); }

  /// Goes past the header of the stream; call it once before next(). Returns the stream as a
  /// source: its fingerprint is of its first 64 KiB, or all there is, as stored. Throws if the
  /// header is damaged or cut short.
  Source begin();
  /// Some whole records, at least one and at most `most`; none at the end of the stream. Valid
  /// until the next call. Throws where the stream is cut short or damaged, after all records before
  /// that were returned.
  std::span<const std::byte> next(std::size_t most);
  /// After the end of a stream, goes to the one behind it; false at the end of the file. Throws if
  /// nobody can read the records of that.
  bool next_stream();

 private:
  void read_start();
  void skip_entry(std::size_t length);
  [[nodiscard]] bool at_stream();
  std::span<const std::byte> next_plain(std::size_t most);
  std::span<const std::byte> next_of_blocks(std::size_t most);
  bool read_block();
  bool end_blocks();
  std::span<const std::byte> give(std::span<const std::byte> records);
  [[noreturn]] void fail_block(const std::string& problem) const;

  InputWindow window_;
  SilkHeader header_;
  std::size_t record_size_ = 0;
  std::uint64_t records_ = 0;  // given so far, of all streams

  SilkDecompressor decompressor_;
  std::uint64_t blocks_ = 0;  // read of this stream
  Buffer raw_;                // of a block, behind what was left of the one before
  std::size_t raw_begin_ = 0;
};

}  // namespace nfql
