// Tuples as blocks: the groups that matched, each once, and the tuples of their numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "common/stage/group_store.h"
#include "common/stream/block.h"
#include "nfql-merge/tuples.h"

namespace nfql::merge {

/// Groups are numbered anew, in the order in which tuples first name them, and put before the block
/// of tuples that does.
class TupleOutput : public TupleSink {
 public:
  /// At most `limit` tuples are put. The stores and the sink must outlive this.
  TupleOutput(std::span<const GroupStore> stores, std::optional<std::uint64_t> limit,
              BlockSink& out);

  bool put(const Tuples& tuples) override;
  /// To be called after the last tuples.
  void flush();

 private:
  static constexpr std::uint32_t kNew = std::numeric_limits<std::uint32_t>::max();

  struct Numbering {
    std::vector<std::uint32_t> numbers;  // by group of the branch
    std::uint32_t next = 0;
    std::vector<GroupId> fresh;         // numbered, not put yet
    std::vector<std::uint64_t> column;  // of the block of tuples
  };

  std::span<const GroupStore> stores_;
  std::uint64_t left_;
  BlockSink& out_;
  std::vector<Numbering> branches_;
  std::size_t rows_ = 0;
};

}  // namespace nfql::merge
