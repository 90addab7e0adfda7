// Which blocks may follow which: the rules of block.h, checked as the blocks go by.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/stream/block.h"

namespace nfql {

/// Watches the data blocks of one stream, on their way in or out.
///
/// Every accepted block has 1 to kMaxRows rows, the columns of its schema with their types, and a
/// place where it may stand; every count of a group and every index of a tuple is known and true.
class BlockOrder {
 public:
  explicit BlockOrder(const StreamHeader& header);

  [[nodiscard]] const StreamHeader& header() const { return header_; }
  /// Whether a block of this kind and branch may stand in such a stream at all; "" or why not.
  [[nodiscard]] std::string find_misfit(BlockKind kind, std::size_t branch, std::size_t rows) const;
  /// Whether it may stand in the stream here; "" or why not.
  [[nodiscard]] std::string find_problem(BlockKind kind, std::size_t branch,
                                         std::size_t rows) const;
  /// Takes note of a block for which find_problem() had none and whose columns fit the schema;
  /// returns "" or what is wrong with its counts or indices.
  [[nodiscard]] std::string accept(const Block& block);
  /// Whether the stream may end here; "" or why not.
  [[nodiscard]] std::string find_end_problem() const;

  /// The columns of the blocks of a kind; none of sources.
  [[nodiscard]] const Schema& schema_of(BlockKind kind, std::size_t branch) const;

 private:
  std::string accept_groups(const Block& block);
  std::string accept_tuples(const Block& block) const;

  StreamHeader header_;
  Schema tuples_;
  Schema none_;
  std::vector<std::uint64_t> groups_;  // seen so far, per branch
  std::uint64_t members_due_ = 0;      // rows still to come of the groups before
  std::size_t members_branch_ = 0;
};

}  // namespace nfql
