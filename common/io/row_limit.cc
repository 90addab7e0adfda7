#include "common/io/row_limit.h"

#include <limits>
#include <numeric>

namespace nfql {

RowLimit::RowLimit(const StreamHeader& header, std::optional<std::uint64_t> limit)
    : header_(header), left_(limit.value_or(std::numeric_limits<std::uint64_t>::max())) {}

bool RowLimit::apply(Block& block) {
  switch (block.kind) {
    case BlockKind::sources:
      return true;
    case BlockKind::flows:
    case BlockKind::tuples:
      return take(block.batch, left_);
    case BlockKind::groups:
      if (header_.kind == StreamKind::tuples) {
        return !full();
      }
      if (!take(block.batch, left_)) {
        return false;
      }
      expect_members(block);
      return true;
    case BlockKind::members:
      return header_.kind == StreamKind::tuples ? !full() : take(block.batch, members_left_);
  }
  return false;
}

// Columns are views, so the rows beyond are simply not looked at.
bool RowLimit::take(Batch& batch, std::uint64_t& left) const {
  if (batch.rows > left) {
    batch.rows = static_cast<std::size_t>(left);
    for (Column& column : batch.columns) {
      column.rows = batch.rows;
    }
  }
  left -= batch.rows;
  return batch.rows != 0;
}

void RowLimit::expect_members(const Block& groups) {
  const auto column = header_.branches[groups.branch].groups.find(element::kCount);
  if (!header_.members || !column.has_value()) {
    return;
  }
  const auto counts = groups.batch.columns[*column].values<std::uint64_t>();
  members_left_ = std::accumulate(counts.begin(), counts.end(), members_left_);
}

}  // namespace nfql
