#include "common/stage/group_store.h"

#include <algorithm>
#include <limits>

#include "common/base/error.h"

namespace nfql {
namespace {

Schema groups_of(const StreamHeader& header) {
  if (header.kind == StreamKind::groups) {
    return header.groups();
  }
  Schema schema = header.flows();
  schema.add({"count", element::kCount, Type::u64, Meaning::number, Type::u64});
  return schema;
}

// The rows' first column becomes `values`.
void put_in_front(std::span<const std::uint64_t> values, Batch& batch) {
  Buffer buffer;
  buffer.append(values.data(), values.size_bytes());
  Column column;
  column.rows = values.size();
  column.data = batch.keep(std::move(buffer));
  batch.columns.insert(batch.columns.begin(), column);
}

}  // namespace

GroupStore::GroupStore(const StreamHeader& header, std::string name, Members members)
    : name_(std::move(name)),
      kind_(header.kind),
      members_(members == Members::keep && (header.members || kind_ == StreamKind::flows)),
      groups_(Schema()),
      flows_(Schema()) {
  if (kind_ != StreamKind::groups && kind_ != StreamKind::flows) {
    throw Error(Exit::usage,
                fmt::format("{}: groups or flows are needed, not merged groups", name_),
                "ungroup them first: nfql-ungroup --flat");
  }
  groups_ = RowStore(groups_of(header));
  if (members_) {
    flows_schema_ = header.flows();
  }
  if (kind_ == StreamKind::groups && members_) {
    flows_ = RowStore(flows_schema_);
    const auto count = groups_schema().find(element::kCount);
    if (!count || groups_schema()[*count].type != Type::u64) {
      fail_data("groups with members have no column that counts them");
    }
    count_column_ = *count;
  }
}

void GroupStore::fail_data(const std::string& problem) const {
  throw Error(Exit::failed, fmt::format("{}: {}", name_, problem));
}

void GroupStore::consume(Block&& block) {
  switch (block.kind) {
    case BlockKind::sources:
      sources_.add(block.sources);
      return;
    case BlockKind::groups:
      if (kind_ == StreamKind::groups) {
        add_groups(std::move(block.batch));
        return;
      }
      break;
    case BlockKind::members:
      if (kind_ == StreamKind::groups) {
        if (members_) {
          flows_.add(std::move(block.batch));
        }
        return;
      }
      break;
    case BlockKind::flows:
      if (kind_ == StreamKind::flows) {
        add_flows(std::move(block.batch));
        return;
      }
      break;
    case BlockKind::tuples:
      break;
  }
  fail_data("a block of a kind that such a stream does not have");
}

void GroupStore::add_groups(Batch&& batch) {
  if (batch.rows > std::numeric_limits<std::uint32_t>::max() - groups_.rows()) {
    fail_data("more than 2^32 groups");
  }
  if (members_) {
    const Column& counts = batch.columns[count_column_];
    for (std::size_t i = 0; i < batch.rows; ++i) {
      const std::uint64_t count = counts.values<std::uint64_t>()[i];
      if (!counts.is_known(i) || count > std::numeric_limits<std::int64_t>::max() - first_.back()) {
        fail_data("the count of a group is unknown or too large");
      }
      first_.push_back(first_.back() + count);
    }
  }
  groups_.add(std::move(batch));
}

void GroupStore::add_flows(Batch&& batch) {
  if (batch.rows > std::numeric_limits<std::uint32_t>::max() - groups_.rows()) {
    fail_data("more than 2^32 flows");
  }
  Buffer ones(batch.rows * sizeof(std::uint64_t));
  std::fill_n(ones.as<std::uint64_t>(), batch.rows, 1);
  Column count;
  count.rows = batch.rows;
  count.data = batch.keep(std::move(ones));
  batch.columns.push_back(count);
  groups_.add(std::move(batch));
}

void GroupStore::finish() {
  groups_.seal();
  flows_.seal();
  size_ = static_cast<std::uint32_t>(groups_.rows());
  if (kind_ == StreamKind::flows || !members_) {
    return;
  }
  if (flows_.rows() > first_.back()) {
    fail_data(fmt::format("{} member flows of groups that count {}", flows_.rows(), first_.back()));
  }
  while (first_.back() > flows_.rows()) {
    first_.pop_back();
  }
  size_ = static_cast<std::uint32_t>(first_.size() - 1);
}

void GroupStore::put(std::span<const std::uint32_t> groups,
                     std::span<const std::uint64_t> components, std::uint16_t branch,
                     BlockSink& out) const {
  for (std::size_t begin = 0; begin < groups.size(); begin += kMadeRows) {
    const std::size_t rows = std::min(kMadeRows, groups.size() - begin);
    const std::span<const std::uint32_t> part = groups.subspan(begin, rows);
    Block block;
    block.kind = BlockKind::groups;
    block.branch = branch;
    block.batch = groups_.gather(part, groups_schema().size());
    if (!components.empty()) {
      put_in_front(components.subspan(begin, rows), block.batch);
    }
    out.put(std::move(block));
    if (members_) {
      put_members(part, branch, out);
    }
  }
}

void GroupStore::put_members(std::span<const std::uint32_t> groups, std::uint16_t branch,
                             BlockSink& out) const {
  const bool own = kind_ == StreamKind::flows;  // each group is its member
  const RowStore& from = own ? groups_ : flows_;
  std::vector<std::uint64_t> rows;
  const auto flush = [&] {
    if (!rows.empty()) {
      Block block;
      block.kind = BlockKind::members;
      block.branch = branch;
      block.batch = from.gather(std::span<const std::uint64_t>(rows), flows_schema_.size());
      out.put(std::move(block));
      rows.clear();
    }
  };
  for (const std::uint32_t group : groups) {
    const std::uint64_t end = own ? group + std::uint64_t{1} : first_[group + std::size_t{1}];
    for (std::uint64_t row = own ? group : first_[group]; row < end; ++row) {
      rows.push_back(row);
      if (rows.size() == kMadeRows) {
        flush();
      }
    }
  }
  flush();
}

}  // namespace nfql
