#include "common/stream/block_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace nfql {
namespace {

// Far above what can be counted, and low enough that adding a block's counts cannot wrap.
constexpr std::uint64_t kMaxCount = std::uint64_t{1} << 40;

bool all_known(const Column& column) {
  return column.known == nullptr ||
         std::find(column.known, column.known + column.rows, 0) == column.known + column.rows;
}

// Called by number, because names of branches may differ in case only.
Schema tuple_schema(const StreamHeader& header) {
  Schema schema;
  for (std::size_t i = 0; header.kind == StreamKind::tuples && i < header.branches.size(); ++i) {
    schema.add({std::to_string(i), {}, Type::u64, Meaning::number, Type::u64});
  }
  return schema;
}

}  // namespace

BlockOrder::BlockOrder(const StreamHeader& header)
    : header_(header), tuples_(tuple_schema(header)), groups_(header.branches.size()) {}

const Schema& BlockOrder::schema_of(BlockKind kind, std::size_t branch) const {
  switch (kind) {
    case BlockKind::flows:
    case BlockKind::members:
      return header_.branches[branch].flows;
    case BlockKind::groups:
      return header_.branches[branch].groups;
    case BlockKind::tuples:
      return tuples_;
    case BlockKind::sources:
      break;
  }
  return none_;
}

std::string BlockOrder::find_misfit(BlockKind kind, std::size_t branch, std::size_t rows) const {
  const bool flows = header_.kind == StreamKind::flows;
  if (branch >= header_.branches.size()) {
    return fmt::format("there is no branch {}", branch);
  }
  if (kind == BlockKind::sources) {
    return {};
  }
  if (rows == 0 || rows > kMaxRows) {
    return fmt::format("{} rows, from 1 to {} are allowed", rows, kMaxRows);
  }
  if (kind == BlockKind::members) {
    return header_.members ? std::string() : "members in a stream without members";
  }
  if (flows != (kind == BlockKind::flows)) {
    return flows ? "only flows may be in a stream of flows" : "flows without a group";
  }
  if (kind == BlockKind::tuples && (header_.kind != StreamKind::tuples || branch != 0)) {
    return "tuples that do not belong here";
  }
  return {};
}

std::string BlockOrder::find_problem(BlockKind kind, std::size_t branch, std::size_t rows) const {
  if (std::string misfit = find_misfit(kind, branch, rows); !misfit.empty()) {
    return misfit;
  }
  if (kind == BlockKind::members) {
    return branch != members_branch_ || rows > members_due_
               ? "more members than the groups before count"
               : std::string();
  }
  if (kind != BlockKind::sources && members_due_ != 0) {
    return fmt::format("{} members of the groups before are missing", members_due_);
  }
  return {};
}

std::string BlockOrder::accept(const Block& block) {
  switch (block.kind) {
    case BlockKind::groups:
      return accept_groups(block);
    case BlockKind::members:
      members_due_ -= block.batch.rows;
      return {};
    case BlockKind::tuples:
      return accept_tuples(block);
    case BlockKind::sources:
    case BlockKind::flows:
      break;
  }
  return {};
}

std::string BlockOrder::accept_groups(const Block& block) {
  groups_[block.branch] += block.batch.rows;
  if (!header_.members) {
    return {};
  }
  const auto column = header_.branches[block.branch].groups.find(element::kCount);
  const Column& counts = block.batch.columns[*column];
  if (!all_known(counts)) {
    return "the count of a group is unknown";
  }
  members_branch_ = block.branch;
  for (const std::uint64_t count : counts.values<std::uint64_t>()) {
    if (count > kMaxCount) {
      return fmt::format("a group of {} members is not possible", count);
    }
    members_due_ += count;
  }
  return {};
}

std::string BlockOrder::accept_tuples(const Block& block) const {
  for (std::size_t branch = 0; branch < groups_.size(); ++branch) {
    const Column& column = block.batch.columns[branch];
    if (!all_known(column)) {
      return "a tuple's group is unknown";
    }
    const auto indices = column.values<std::uint64_t>();
    const std::uint64_t largest = *std::max_element(indices.begin(), indices.end());
    if (largest >= groups_[branch]) {
      return fmt::format("a tuple names group {} of branch {}, which has {} so far", largest,
                         branch, groups_[branch]);
    }
  }
  return {};
}

std::string BlockOrder::find_end_problem() const {
  return members_due_ == 0
             ? std::string()
             : fmt::format("{} members of the groups before are missing", members_due_);
}

}  // namespace nfql
