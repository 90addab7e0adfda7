// What -n does to a stream: cuts it after so many rows of output, and keeps it whole.
#pragma once

#include <cstdint>
#include <optional>

#include "common/stream/block.h"

namespace nfql {

/// Counts flows of a stream of flows, groups of groups and collections (each with its members),
/// and tuples of tuples. It gets the blocks of the original stream in order.
class RowLimit {
 public:
  RowLimit(const StreamHeader& header, std::optional<std::uint64_t> limit);

  /// Shortens `block` to what is still allowed; false when nothing of it is.
  [[nodiscard]] bool apply(Block& block);
  /// True when nothing that comes is allowed any more.
  [[nodiscard]] bool full() const { return left_ == 0 && members_left_ == 0; }

 private:
  [[nodiscard]] bool take(Batch& batch, std::uint64_t& left) const;
  void expect_members(const Block& groups);

  StreamHeader header_;
  std::uint64_t left_;
  std::uint64_t members_left_ = 0;  // of the groups that were allowed
};

}  // namespace nfql
