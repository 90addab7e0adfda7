// Puts flows into the order of a stream, each once, and cuts streams into blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/stage/identity.h"
#include "common/stage/row_store.h"
#include "common/stream/block.h"

namespace nfql {

/// How an ungrouper gives its streams.
enum class Streams : std::uint8_t {
  numbered,  ///< one after the other, the number in a column before the others
  flat,      ///< all as one, without numbers
};

/// Small streams share a block, large ones are cut, so blocks have kMaxRows rows but for the last.
class StreamBuilder {
 public:
  /// The flows and the sources are those whose rows are added later; they must outlive this.
  StreamBuilder(const RowStore& flows, const SourceTable& sources, Streams streams);

  /// Reads start and flowId of the rows that the store got since the last call.
  void index_rows();
  /// Forgets the rows, because the store has. Only after flush().
  void clear();

  /// Adds rows [begin, end) of the store to the stream.
  void add(std::uint64_t begin, std::uint64_t end);
  /// Ends the stream: orders its rows, drops those seen already, puts full blocks.
  void end_stream(BlockSink& out);
  /// Puts what is left.
  void flush(BlockSink& out);

  /// Streams ended so far.
  [[nodiscard]] std::uint64_t streams() const { return streams_ended_; }

 private:
  struct Entry {
    std::int64_t start;
    std::uint64_t flow_id;
    std::uint64_t row;
  };

  void drop_duplicates();
  void put(std::size_t begin, std::size_t end, BlockSink& out) const;

  const RowStore& flows_;
  const SourceTable& sources_;
  Streams mode_;
  std::optional<std::size_t> start_column_;
  std::size_t id_column_;
  std::vector<std::int64_t> starts_;    // by row of the store
  std::vector<std::uint64_t> ids_;      // likewise
  std::vector<Entry> entries_;          // of the stream at hand
  std::vector<std::uint64_t> rows_;     // of ended streams, not put yet
  std::vector<std::uint64_t> numbers_;  // of their streams
  std::uint64_t streams_ended_ = 0;
};

}  // namespace nfql
