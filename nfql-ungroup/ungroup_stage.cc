#include "nfql-ungroup/ungroup_stage.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "common/base/error.h"

namespace nfql {
namespace {

// Offsets beyond this are refused, so that sums of them cannot overflow.
constexpr std::uint64_t kMaxFlows = std::uint64_t{1} << 48;

// The columns of the flows, without the stream numbers of an earlier ungrouper.
Schema flows_of(const Schema& schema) {
  std::vector<Field> fields = schema.fields();
  fields.erase(std::remove_if(fields.begin(), fields.end(),
                              [](const Field& field) { return field.id == element::kStream; }),
               fields.end());
  return Schema(std::move(fields));
}

std::vector<Schema> schemas_of(const StreamHeader& input) {
  if (input.kind != StreamKind::flows && !input.members) {
    throw Error(Exit::usage, "the input has no member flows to ungroup",
                "run nfql-group without --no-members");
  }
  std::vector<Schema> schemas;
  for (const BranchSchema& branch : input.branches) {
    schemas.push_back(flows_of(branch.flows));
    const auto id = schemas.back().find(element::kFlowId);
    if (!id || schemas.back()[*id].type != Type::u64) {
      throw Error(Exit::usage, "the member flows have no flowId, which tells flows apart",
                  "keep the column flowId when the columns of the flows are chosen");
    }
  }
  return schemas;
}

StreamHeader header_of(const Schema& flows, Streams streams) {
  std::vector<Field> fields;
  if (streams == Streams::numbered) {
    fields.push_back({"stream", element::kStream, Type::u64, Meaning::number, Type::u64});
  }
  fields.insert(fields.end(), flows.fields().begin(), flows.fields().end());
  return flows_header(Schema(std::move(fields)));
}

std::uint64_t known_u64(const Column& column, std::size_t row, const char* what) {
  if (!column.is_known(row)) {
    fail(Exit::failed, "the {} of a group is unknown", what);
  }
  return column.values<std::uint64_t>()[row];
}

}  // namespace

UngroupStage::UngroupStage(const StreamHeader& input, Streams streams, std::size_t threads)
    : kind_(input.kind),
      streams_(streams),
      schema_(schemas_of(input)),
      header_(header_of(schema_.schema(), streams)),
      flows_(schema_.schema()),
      builder_(flows_, sources_, streams, threads) {
  for (const BranchSchema& schema : input.branches) {
    Branch& branch = branches_.emplace_back();
    branch.old_stream = schema.flows.find(element::kStream);
    if (kind_ != StreamKind::flows) {
      branch.count = find_u64(schema.groups, element::kCount, "count");
    }
    if (kind_ == StreamKind::collection) {
      branch.component = find_u64(schema.groups, element::kComponent, "component");
    }
  }
}

std::size_t UngroupStage::find_u64(const Schema& schema, ElementId id, const char* what) {
  const auto column = schema.find(id);
  if (!column || schema[*column].type != Type::u64) {
    fail(Exit::failed, "the groups have no column '{}'", what);
  }
  return *column;
}

void UngroupStage::consume(Block&& block, BlockSink& out) {
  if (block.kind != BlockKind::tuples) {
    builder_.settle(out);
  }
  switch (block.kind) {
    case BlockKind::sources:
      sources_.add(block.sources);
      out.put(std::move(block));
      return;
    case BlockKind::groups:
      check_complete();
      if (kind_ == StreamKind::groups && streams_ == Streams::numbered) {
        put_groups(out);
      }
      add_groups(block);
      return;
    case BlockKind::members:
      add_flows(std::move(block));
      return;
    case BlockKind::flows:
      expected_ += block.batch.rows;
      add_flows(std::move(block));
      if (streams_ == Streams::numbered) {
        put_flows(out);
      }
      return;
    case BlockKind::tuples:
      check_complete();
      add_tuples(block, out);
      return;
  }
}

void UngroupStage::add_groups(const Block& block) {
  Branch& branch = branches_[block.branch];
  for (std::size_t row = 0; row < block.batch.rows; ++row) {
    const std::uint64_t count = known_u64(block.batch.columns[branch.count], row, "count");
    if (count > kMaxFlows - expected_) {
      fail(Exit::failed, "the groups count more than {} flows", kMaxFlows);
    }
    branch.groups.push_back({expected_, expected_ + count});
    expected_ += count;
    if (kind_ == StreamKind::collection) {
      branch.components.push_back(
          known_u64(block.batch.columns[branch.component], row, "component"));
    }
  }
  if (kind_ == StreamKind::tuples) {
    branch.used.resize(branch.groups.size());
  }
}

void UngroupStage::add_flows(Block&& block) {
  const Branch& branch = branches_[block.branch];
  if (branch.old_stream) {
    block.batch.columns.erase(block.batch.columns.begin() +
                              static_cast<std::ptrdiff_t>(*branch.old_stream));
  }
  flows_.add(schema_.adapt(block.branch, std::move(block.batch)));
}

void UngroupStage::check_complete() const {
  if (flows_.rows() != expected_) {
    fail(Exit::failed, "{} member flows of groups that count {}", flows_.rows(), expected_);
  }
}

void UngroupStage::add_tuples(const Block& block, BlockSink& out) {
  flows_.seal();
  for (std::size_t row = 0; row < block.batch.rows; ++row) {
    for (std::size_t i = 0; i < branches_.size(); ++i) {
      const std::uint64_t index = block.batch.columns[i].values<std::uint64_t>()[row];
      if (index >= branches_[i].groups.size()) {
        fail(Exit::failed, "a tuple names group {} of {}", index, branches_[i].groups.size());
      }
      const auto place = static_cast<std::size_t>(index);
      branches_[i].used[place] = 1;
      if (streams_ == Streams::numbered) {
        builder_.add(branches_[i].groups[place].begin, branches_[i].groups[place].end);
      }
    }
    if (streams_ == Streams::numbered) {
      builder_.end_stream(out);
    }
  }
}

// Readers let a stream end within a group only where the user wants to keep what came before a
// fault.
void UngroupStage::drop_incomplete() {
  if (flows_.rows() > expected_) {
    check_complete();
  }
  for (Branch& branch : branches_) {
    while (!branch.groups.empty() && branch.groups.back().end > flows_.rows()) {
      branch.groups.pop_back();
    }
  }
}

// Each group is a stream. What is put is forgotten.
void UngroupStage::put_groups(BlockSink& out) {
  flows_.seal();
  for (const Group& group : branches_.front().groups) {
    builder_.add(group.begin, group.end);
    builder_.end_stream(out);
  }
  forget(out);
}

// Each flow is a stream. What is put is forgotten.
void UngroupStage::put_flows(BlockSink& out) {
  flows_.seal();
  for (std::uint64_t row = 0; row < flows_.rows(); ++row) {
    builder_.add(row, row + 1);
    builder_.end_stream(out);
  }
  forget(out);
}

void UngroupStage::forget(BlockSink& out) {
  builder_.flush(out);
  flows_.clear();
  branches_.front().groups.clear();
  expected_ = 0;
}

void UngroupStage::put_components(BlockSink& out) {
  std::vector<std::pair<std::uint64_t, Group>> groups;  // with the component
  for (const Branch& branch : branches_) {
    for (std::size_t i = 0; i < branch.groups.size(); ++i) {
      groups.emplace_back(branch.components[i], branch.groups[i]);
    }
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  flows_.seal();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    builder_.add(groups[i].second.begin, groups[i].second.end);
    if (i + 1 == groups.size() || groups[i + 1].first != groups[i].first) {
      builder_.end_stream(out);
    }
  }
}

void UngroupStage::put_flat(BlockSink& out) {
  flows_.seal();
  if (kind_ == StreamKind::flows) {
    builder_.add(0, flows_.rows());
  }
  for (const Branch& branch : branches_) {
    for (std::size_t i = 0; i < branch.groups.size(); ++i) {
      if (kind_ != StreamKind::tuples || branch.used[i] != 0) {
        builder_.add(branch.groups[i].begin, branch.groups[i].end);
      }
    }
  }
  if (flows_.rows() != 0) {
    builder_.end_stream(out);
  }
}

void UngroupStage::finish(BlockSink& out) {
  drop_incomplete();
  if (streams_ == Streams::flat) {
    put_flat(out);
  } else if (kind_ == StreamKind::groups) {
    put_groups(out);
  } else if (kind_ == StreamKind::collection) {
    put_components(out);
  }
  builder_.flush(out);
}

}  // namespace nfql
