// Cuts the numbered streams of an ungrouper apart, each into a file of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/io/writer.h"
#include "common/stream/block.h"

namespace nfql {

/// Takes the blocks of an UngroupStage and hands each stream to a writer of its own, without the
/// column `stream`. One writer is open at a time, and is finished when the next stream begins.
class StreamSplitter : public BlockSink {
 public:
  /// Opens the writer for a stream, given its number and the header of what it will get.
  using Open = std::function<std::unique_ptr<Writer>(std::uint64_t, const StreamHeader&)>;

  /// `input` is the header of flows with a column `stream`.
  StreamSplitter(const StreamHeader& input, Open open);

  void put(Block&& block) override;
  /// Finishes the last writer. Without this call its output is incomplete.
  void finish();
  /// Bytes of all streams that were begun.
  [[nodiscard]] std::uint64_t bytes_written() const;
  /// What the finished writers had to say.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  void begin(std::uint64_t stream);
  void put_part(Batch& batch, std::size_t from, std::size_t to);

  Open open_;
  std::size_t stream_column_;
  StreamHeader header_;
  std::unique_ptr<Writer> writer_;
  std::uint64_t stream_ = 0;
  std::vector<Source> sources_;
  std::uint64_t finished_bytes_ = 0;
  std::vector<std::string> warnings_;
};

}  // namespace nfql
