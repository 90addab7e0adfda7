#include "nfql-gfilter/gfilter_stage.h"

#include <algorithm>
#include <utility>

#include "common/base/error.h"

namespace nfql {
namespace {

const StreamHeader& checked(const StreamHeader& input) {
  switch (input.kind) {
    case StreamKind::groups:
    case StreamKind::flows:
      return input;
    case StreamKind::tuples:
    case StreamKind::collection:
      break;
  }
  throw Error(Exit::usage, "the input is a stream of tuples, not of groups",
              "filter the groups before they are merged");
}

const Schema& columns_of(const StreamHeader& header) {
  return header.kind == StreamKind::flows ? header.flows() : header.groups();
}

// Nothing where no members follow the groups.
std::size_t count_column(const StreamHeader& header) {
  if (!header.members) {
    return 0;
  }
  const Schema& groups = header.groups();
  const auto index = groups.find(element::kCount);
  if (!index || groups[*index].type != Type::u64) {
    fail(Exit::failed, "the groups have no column 'count', which says where their members are");
  }
  return *index;
}

}  // namespace

GroupFilterStage::GroupFilterStage(const StreamHeader& input, const ExpressionText& expression,
                                   ZoneMinutes zone)
    : header_(checked(input)),
      count_column_(count_column(header_)),
      predicate_(expression, columns_of(header_), zone) {}

void GroupFilterStage::consume(Block&& block, BlockSink& out) {
  if (predicate_.always()) {
    out.put(std::move(block));
    return;
  }
  switch (block.kind) {
    case BlockKind::groups:
    case BlockKind::flows:
      consume_groups(std::move(block), out);
      return;
    case BlockKind::members:
      consume_members(std::move(block), out);
      return;
    case BlockKind::sources:
    case BlockKind::tuples:
      break;
  }
  out.put(std::move(block));
}

void GroupFilterStage::consume_groups(Block&& block, BlockSink& out) {
  check_complete();
  predicate_.select(block.batch, rows_);
  if (header_.members) {
    remember_counts(block.batch);
  }
  if (rows_.empty()) {
    return;
  }
  if (rows_.size() != block.batch.rows) {
    block.batch = gather(block.batch, rows_);
  }
  out.put(std::move(block));
}

void GroupFilterStage::remember_counts(const Batch& groups) {
  const Column& counts = groups.columns[count_column_];
  pending_.clear();
  next_ = 0;
  for (const std::uint64_t count : counts.values<std::uint64_t>()) {
    pending_.push_back({count, false});
  }
  for (const RowId row : rows_) {
    pending_[row].kept = true;
  }
}

void GroupFilterStage::consume_members(Block&& block, BlockSink& out) {
  rows_.clear();
  std::size_t row = 0;
  while (row < block.batch.rows) {
    if (next_ == pending_.size()) {
      fail(Exit::failed, "the stream has more members than its groups count");
    }
    Pending& group = pending_[next_];
    const std::uint64_t here = std::min<std::uint64_t>(group.members, block.batch.rows - row);
    for (std::size_t i = 0; group.kept && i < here; ++i) {
      rows_.push_back(static_cast<RowId>(row + i));
    }
    row += here;
    group.members -= here;
    if (group.members == 0) {
      ++next_;
    }
  }
  if (rows_.empty()) {
    return;
  }
  if (rows_.size() != block.batch.rows) {
    block.batch = gather(block.batch, rows_);
  }
  out.put(std::move(block));
}

void GroupFilterStage::finish(BlockSink&) {
  check_complete();
}

void GroupFilterStage::check_complete() const {
  for (std::size_t i = next_; i < pending_.size(); ++i) {
    if (pending_[i].members != 0) {
      fail(Exit::failed, "the stream has fewer members than its groups count");
    }
  }
}

}  // namespace nfql
