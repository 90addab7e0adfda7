// Puts flows into the order of a stream, each once, and cuts streams into blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/stage/block_makers.h"
#include "common/stage/identity.h"
#include "common/stage/row_store.h"
#include "common/stream/block.h"

namespace nfql {

/// How an ungrouper gives its streams.
enum class Streams : std::uint8_t {
  numbered,  ///< one after the other, the number in a column before the others
  flat,      ///< all as one, without numbers
};

/// Small streams share a block, large ones are cut. Several threads order flows and make blocks,
/// while more streams are added.
class StreamBuilder {
 public:
  /// The flows and the sources are those whose rows are added; they must outlive this.
  StreamBuilder(const RowStore& flows, const SourceTable& sources, Streams streams,
                std::size_t threads);

  /// Adds rows [begin, end) of the store to the stream.
  void add(std::uint64_t begin, std::uint64_t end);
  /// Ends the stream: its rows are to be ordered, and those that it has twice dropped. Puts blocks
  /// that are ready.
  void end_stream(BlockSink& out);
  /// Puts what is being made: to be called before flows or sources change.
  void settle(BlockSink& out) { makers_.finish(out); }
  /// Puts all that is left.
  void flush(BlockSink& out);

  /// Streams ended so far.
  [[nodiscard]] std::uint64_t streams() const { return streams_ended_; }

 private:
  struct Entry {
    std::int64_t start;
    std::uint64_t flow_id;
    std::uint64_t row;
  };
  // Whole streams.
  struct Part {
    std::vector<std::uint64_t> rows;
    std::vector<std::size_t> ends;  // of each stream
    std::uint64_t first = 0;        // number of the first stream
  };

  void make_blocks(Part&& part, BlockSink& out);
  void order(Part& part) const;
  void drop_duplicates(std::vector<Entry>& entries) const;
  [[nodiscard]] Block block_of(const Part& part, std::size_t begin, std::size_t end) const;
  [[nodiscard]] static Buffer numbers_of(const Part& part, std::size_t begin, std::size_t end);

  const RowStore& flows_;
  const SourceTable& sources_;
  Streams mode_;
  std::optional<std::size_t> start_column_;
  std::size_t id_column_;
  Part part_;  // ended streams, and the one at hand
  std::uint64_t streams_ended_ = 0;
  BlockMakers makers_;  // last, as it uses the others
};

}  // namespace nfql
