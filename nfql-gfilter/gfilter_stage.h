// The group-filter: keeps the groups for which an expression is true, and their members.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/expr/predicate.h"
#include "common/stage/stage.h"

namespace nfql {

/// Groups in, groups out, in their order, each with its members; source tables pass through. Flows
/// that nobody grouped are groups of one flow each: their columns are the flow's, `count` is 1.
///
/// Members of dropped groups are not copied: a block of them is put as it is when all its groups
/// are kept, and vanishes when none is.
class GroupFilterStage final : public Stage {
 public:
  /// Throws Error(Exit::usage) when the input is tuples, and as Predicate.
  GroupFilterStage(const StreamHeader& input, const ExpressionText& expression,
                   ZoneMinutes zone = 0);

  [[nodiscard]] const StreamHeader& output_header() const override { return header_; }
  /// The columns of the groups that the expression reads.
  [[nodiscard]] std::vector<std::size_t> columns_read() const { return predicate_.columns(); }
  /// Throws Error(Exit::failed) when the members are not as many as the groups count.
  void consume(Block&& block, BlockSink& out) override;
  /// Throws Error(Exit::failed) when members are missing.
  void finish(BlockSink& out) override;

 private:
  /// A group of the last block of groups, as far as its members have not come.
  struct Pending {
    std::uint64_t members;
    bool kept;
  };

  void consume_groups(Block&& block, BlockSink& out);
  void consume_members(Block&& block, BlockSink& out);
  void remember_counts(const Batch& groups);
  void check_complete() const;

  StreamHeader header_;
  std::size_t count_column_;  // only where members follow
  Predicate predicate_;
  std::vector<RowId> rows_;
  std::vector<Pending> pending_;
  std::size_t next_ = 0;  // the pending group whose members come next
};

}  // namespace nfql
