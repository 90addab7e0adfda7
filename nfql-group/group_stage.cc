#include "nfql-group/group_stage.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "common/base/error.h"
#include "common/stage/tidy_column.h"
#include "nfql-group/module_names.h"

namespace nfql {
namespace {

// Flows grouped at a time: what is kept of their groups stays in the second-level cache until all
// aggregates have seen them.
constexpr std::size_t kSlice = 1024;

// Calls take(first, count) for all rows, a slice at a time.
template <class Take>
void each_slice(std::size_t rows, const Take& take) {
  for (std::size_t first = 0; first < rows; first += kSlice) {
    take(first, std::min(kSlice, rows - first));
  }
}

// Members after which a block of groups ends, so that who reads them need not hold more at once
// than these and the largest group.
constexpr std::size_t kMembersABlock = std::size_t{1} << 20;

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

}  // namespace

GroupStage::GroupStage(const GroupOptions& options, const StreamHeader& input)
    : GroupStage(options, input,
                 bind_group_terms(options.terms, checked_flows(input), options.zone)) {}

GroupStage::GroupStage(const GroupOptions& options, const StreamHeader& input, GroupTerms terms)
    : ordered_(options.ordered()),
      order_reader_(input.flows(), ordered_ ? options.order() : OrderBy::arrival),
      keys_(terms.keys),
      columns_(keys_, options, module_names(options.modules, terms.modules.size()), input.flows(),
               terms.only_keys() && ordered_ && options.order() == OrderBy::start
                   ? StartsOf::founders
                   : StartsOf::aggregate),
      read_(terms.columns),
      members_(options.members),
      threads_(options.threads),
      aggregating_(std::min<std::size_t>(options.threads, 2)) {
  columns_.collect_columns(input.flows(), read_);
  header_ = {StreamKind::groups, members_, {{"", columns_.schema(), {}}}};
  if (members_) {
    header_.branches.front().flows = input.flows();
  }
  if (!terms.only_keys()) {
    columns_.place(states_);
    open_.emplace(std::move(terms));
    sorter_.emplace(input.flows(), options.order());
    return;
  }
  by_key_.emplace(fields_of(keys_));
  if (ordered_) {
    founders_.place(states_);
  }
  columns_.place(states_);
  if (members_) {
    held_.emplace(input.flows(), keys_, options.order());
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
  if ((held_ || sorter_) && arrived_ + batch.rows > std::numeric_limits<std::uint32_t>::max()) {
    throw Error(
        Exit::failed, "more than 2^32 flows to hold",
        "--no-members keeps groups without their flows, and holds none where all terms are keys");
  }
  if (sorter_) {
    arrived_ += batch.rows;
    sorter_->add(std::move(batch));
    return;
  }
  group_by_key(std::move(batch));
}

void GroupStage::group_by_key(Batch&& batch) {
  Numbered flows;
  flows.groups = std::move(spare_groups_);
  Batch scratch;
  std::vector<Column> columns;
  columns.reserve(keys_.size());
  for (const GroupKey& key : keys_) {
    columns.push_back(key.read(batch, scratch));
  }
  by_key_->number(columns, batch.rows, flows.groups);
  flows.group_count = by_key_->size();
  flows.arrival = std::exchange(arrived_, arrived_ + batch.rows);
  flows.batch = std::move(batch);
  end_aggregating();  // of the batch before this one
  aggregating_.start(
      [this, flows = std::move(flows)]() mutable { return aggregate(std::move(flows)); });
}

// Returns `groups`, whose memory is used again.
std::vector<GroupId> GroupStage::aggregate(Numbered&& flows) {
  const std::span<const GroupId> groups = flows.groups;
  each_slice(groups.size(), [&](std::size_t first, std::size_t count) {
    const Batch part = slice(flows.batch, first, count);
    if (ordered_) {
      order_reader_.read(part, flows.arrival + first, batch_order_);
    }
    add_columns(part, {groups.subspan(first, count), batch_order_, flows.group_count}, {});
  });
  if (held_) {
    held_->add(std::move(flows.batch));
  }
  return std::move(flows.groups);
}

void GroupStage::end_aggregating() {
  if (aggregating_.pending() != 0) {
    spare_groups_ = aggregating_.take();
  }
}

void GroupStage::group_in_order(const FlowsInOrder& flows) {
  const Batch& batch = flows.batch;
  open_->add(batch, flows.earliest, batch_groups_,
             columns_.by_module() ? &batch_accepted_ : nullptr);
  each_slice(batch.rows, [&](std::size_t first, std::size_t count) {
    const std::span<const std::uint64_t> accepted(batch_accepted_);
    add_columns(slice(batch, first, count),
                {std::span(batch_groups_).subspan(first, count), flows.order.subspan(first, count),
                 group_count()},
                accepted.empty() ? accepted : accepted.subspan(first, count));
  });
}

void GroupStage::add_columns(const Batch& batch, const GroupedRows& rows,
                             std::span<const std::uint64_t> accepted) {
  states_.resize(rows.group_count);
  for (const GroupId group : rows.groups) {
    states_.prefetch(group);
  }
  if (by_key_ && ordered_) {
    founders_.note(rows);
  }
  columns_.add(batch, rows, accepted);
  if (members_) {
    group_of_.reserve((placed_ + rows.groups.size()) * sizeof(GroupId));
    std::copy(rows.groups.begin(), rows.groups.end(), group_of_.as<GroupId>() + placed_);
    placed_ += rows.groups.size();
  }
}

std::size_t GroupStage::group_count() const {
  return open_ ? open_->size() : by_key_->size();
}

// Open groups are numbered as they are founded.
std::vector<GroupId> GroupStage::in_order() {
  std::vector<GroupId> groups(group_count());
  std::iota(groups.begin(), groups.end(), GroupId{0});
  if (by_key_) {
    by_key_->end_numbering();
    if (ordered_) {
      founders_.sort(groups, threads_);
    }
  }
  return groups;
}

void GroupStage::finish(BlockSink& out) {
  end_aggregating();
  if (held_) {
    held_->seal();
  }
  if (sorter_) {
    sorter_->visit(read_, [this](const FlowsInOrder& flows) { group_in_order(flows); });
  }
  columns_.finish(group_count());
  const std::vector<GroupId> groups = in_order();
  if (members_) {
    put_with_members(groups, out);
    return;
  }
  BlockMakers makers(threads_);
  for (std::size_t first = 0; first < groups.size(); first += kMadeRows) {
    const auto part = std::span(groups).subspan(first, std::min(kMadeRows, groups.size() - first));
    makers.put([this, part] { return groups_block(part); }, out);
  }
  makers.finish(out);
}

Block GroupStage::groups_block(std::span<const GroupId> groups) const {
  Block block;
  block.kind = BlockKind::groups;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    block.batch.columns.push_back(open_ ? open_->keys(i, groups, block.batch)
                                        : by_key_->keys(i, groups, block.batch));
  }
  columns_.emit(groups, block.batch);
  if (const auto start = columns_.start_column()) {
    block.batch.columns[*start] = founders_.starts(groups, block.batch);
  }
  block.batch.rows = groups.size();
  return block;
}

MemberOrder GroupStage::lay_out_members(std::span<const GroupId> groups) {
  MemberOrder members = lay_out({group_of_.as<GroupId>(), placed_}, groups);
  group_of_.clear();
  if (sorter_) {
    sorter_->to_rows(members.rows);
  } else if (!founders_.ascending()) {
    sort_members(held_->rows(), held_->order(), members);
  }
  return members;
}

void GroupStage::put_with_members(std::span<const GroupId> groups, BlockSink& out) {
  const MemberOrder members = lay_out_members(groups);
  BlockMakers makers(threads_);
  for (std::size_t first = 0; first < groups.size();) {
    std::size_t last = first + 1;
    while (last < groups.size() && last - first < kMadeRows &&
           members.of(first, last).size() < kMembersABlock) {
      ++last;
    }
    const auto part = groups.subspan(first, last - first);
    makers.put([this, part] { return groups_block(part); }, out);
    put_members(members, members.begin(first), members.begin(last), makers, out);
    first = last;
  }
  makers.finish(out);
}

// Those of rows [begin, end) of the order.
void GroupStage::put_members(const MemberOrder& members, std::size_t begin, std::size_t end,
                             BlockMakers& makers, BlockSink& out) const {
  for (; begin < end; begin += kMadeRows) {
    const std::size_t part_end = std::min(end, begin + kMadeRows);
    makers.put(
        [this, &members, begin, part_end] { return members_block(members, begin, part_end); }, out);
  }
}

Block GroupStage::members_block(const MemberOrder& members, std::size_t begin,
                                std::size_t end) const {
  const auto rows = std::span(members.rows).subspan(begin, end - begin);
  Block block;
  block.kind = BlockKind::members;
  if (sorter_) {
    block.batch = sorter_->flows().gather(rows, header_.flows().size());
  } else {
    block.batch = held_->take(rows, members.groups_of(begin, end), *by_key_);
  }
  for (Column& column : block.batch.columns) {
    if (column.type != Type::set) {
      tidy(column, block.batch);
    }
  }
  return block;
}

}  // namespace nfql
