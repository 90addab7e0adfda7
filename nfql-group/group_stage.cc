#include "nfql-group/group_stage.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "common/base/error.h"
#include "common/stage/tidy_column.h"

namespace nfql {
namespace {

// Members after which a block of groups ends, so that who reads them need not hold more at once
// than these and the largest group.
constexpr std::size_t kMembersABlock = std::size_t{1} << 20;

constexpr FlowOrder kNever{std::numeric_limits<std::int64_t>::max(),
                           std::numeric_limits<std::uint64_t>::max()};

const Schema& checked_flows(const StreamHeader& input) {
  switch (input.kind) {
    case StreamKind::flows:
      break;
    case StreamKind::groups:
      throw Error(Exit::usage, "the input is a stream of groups, and only flows can be grouped",
                  "nfql-gfilter selects groups, nfql-ungroup gives their flows");
    case StreamKind::tuples:
    case StreamKind::collection:
      throw Error(Exit::usage, "the input is what nfql-merge gives, and only flows can be grouped",
                  "nfql-ungroup gives its flows");
  }
  return input.flows();
}

std::vector<Field> fields_of(const std::vector<GroupKey>& keys) {
  std::vector<Field> fields;
  for (const GroupKey& key : keys) {
    fields.push_back(key.field());
  }
  return fields;
}

OrderBy order_of(const GroupOptions& options) {
  return options.input_order ? OrderBy::arrival : OrderBy::start;
}

}  // namespace

GroupStage::GroupStage(const GroupOptions& options, const StreamHeader& input)
    : order_reader_(checked_flows(input), order_of(options)),
      keys_(bind_keys(options.terms, input.flows())),
      columns_(keys_, options.aggregates, options.aggregates_text, input.flows(),
               order_of(options)),
      groups_(fields_of(keys_)) {
  header_ = {StreamKind::groups, options.members, {{"", columns_.schema(), {}}}};
  if (options.members) {
    header_.branches.front().flows = input.flows();
    flows_.emplace(input.flows());
  }
}

void GroupStage::consume(Block&& block, BlockSink& out) {
  if (block.kind == BlockKind::sources) {
    out.put(std::move(block));
  } else if (block.kind == BlockKind::flows) {
    add_flows(std::move(block.batch));
  } else {
    fail(Exit::failed, "a stream of flows has a block of another kind");
  }
}

void GroupStage::add_flows(Batch&& batch) {
  if (flows_ && arrived_ + batch.rows > std::numeric_limits<std::uint32_t>::max()) {
    throw Error(Exit::failed, "more than 2^32 flows as members of groups",
                "--no-members keeps groups without their flows");
  }
  number(batch);
  note_order(batch);
  columns_.add(batch, {batch_groups_, batch_order_, groups_.size()});
  arrived_ += batch.rows;
  if (flows_) {
    group_of_.insert(group_of_.end(), batch_groups_.begin(), batch_groups_.end());
    flows_->add(std::move(batch));
  }
}

void GroupStage::number(const Batch& batch) {
  Batch scratch;
  std::vector<Column> columns;
  columns.reserve(keys_.size());
  for (const GroupKey& key : keys_) {
    columns.push_back(key.read(batch, scratch));
  }
  groups_.number(columns, batch.rows, batch_groups_);
}

void GroupStage::note_order(const Batch& batch) {
  order_reader_.read(batch, arrived_, batch_order_);
  founders_.resize(groups_.size(), kNever);
  for (std::size_t i = 0; i < batch_order_.size(); ++i) {
    const FlowOrder& order = batch_order_[i];
    FlowOrder& founder = founders_[batch_groups_[i]];
    founder = order < founder ? order : founder;
  }
  if (batch_order_.empty()) {
    return;
  }
  ascending_ = ascending_ && (arrived_ == 0 || latest_ <= batch_order_.front()) &&
               std::is_sorted(batch_order_.begin(), batch_order_.end());
  latest_ = batch_order_.back();
}

std::vector<GroupId> GroupStage::in_order() const {
  std::vector<GroupId> groups(groups_.size());
  if (ascending_) {  // numbered as they were founded
    std::iota(groups.begin(), groups.end(), GroupId{0});
    return groups;
  }
  // Beside each other, so that comparing two misses no cache.
  std::vector<std::pair<FlowOrder, GroupId>> founded;
  founded.reserve(groups.size());
  for (const FlowOrder& founder : founders_) {
    founded.emplace_back(founder, static_cast<GroupId>(founded.size()));
  }
  std::sort(founded.begin(), founded.end());
  std::transform(founded.begin(), founded.end(), groups.begin(),
                 [](const auto& founder) { return founder.second; });
  return groups;
}

void GroupStage::finish(BlockSink& out) {
  columns_.finish(groups_.size());
  const std::vector<GroupId> groups = in_order();
  std::vector<FlowOrder>().swap(founders_);
  if (flows_) {
    put_with_members(groups, out);
    return;
  }
  for (std::size_t first = 0; first < groups.size(); first += kMaxRows) {
    put_groups(std::span(groups).subspan(first, std::min(kMaxRows, groups.size() - first)), out);
  }
}

void GroupStage::put_groups(std::span<const GroupId> groups, BlockSink& out) const {
  Block block;
  block.kind = BlockKind::groups;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    block.batch.columns.push_back(groups_.keys(i, groups, block.batch));
  }
  columns_.emit(groups, block.batch);
  block.batch.rows = groups.size();
  out.put(std::move(block));
}

void GroupStage::put_with_members(std::span<const GroupId> groups, BlockSink& out) {
  MemberOrder members = lay_out(group_of_, groups);
  std::vector<GroupId>().swap(group_of_);
  if (!ascending_) {
    sort_members(*flows_, order_reader_, members);
  }
  for (std::size_t first = 0; first < groups.size();) {
    std::size_t last = first + 1;
    while (last < groups.size() && last - first < kMaxRows &&
           members.of(first, last).size() < kMembersABlock) {
      ++last;
    }
    put_groups(groups.subspan(first, last - first), out);
    put_members(members.of(first, last), out);
    first = last;
  }
}

void GroupStage::put_members(std::span<const std::uint32_t> rows, BlockSink& out) const {
  const std::size_t columns = header_.flows().size();
  for (std::size_t first = 0; first < rows.size(); first += kMaxRows) {
    const auto part = rows.subspan(first, std::min(kMaxRows, rows.size() - first));
    Block block;
    block.kind = BlockKind::members;
    block.batch = flows_->gather(part, columns);
    for (Column& column : block.batch.columns) {
      if (column.type != Type::set) {
        tidy(column, block.batch);
      }
    }
    out.put(std::move(block));
  }
}

}  // namespace nfql
