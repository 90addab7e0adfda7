#include "tests/unit/tools/merge_model.h"

#include <algorithm>
#include <map>
#include <utility>

#include "common/flow/column_builder.h"
#include "tests/unit/flow/push_value.h"

namespace nfql::test {
namespace {

template <class Row, class Member>
void add_column(const std::vector<Row>& rows, const Field& field, Member member, Batch& batch) {
  ColumnBuilder builder(field);
  for (const Row& row : rows) {
    test::push_value(builder, member(row));
  }
  builder.move_to(batch);
}

Batch groups_batch(const std::vector<ModelGroup>& groups) {
  const Schema schema = model_groups_schema();
  Batch batch;
  const auto add = [&](std::size_t column, auto member) {
    add_column(groups, schema[column], member, batch);
  };
  add(0, [](const ModelGroup& g) { return std::optional(g.id); });
  add(1, [](const ModelGroup& g) { return g.port; });
  add(2, [](const ModelGroup& g) { return g.small; });
  add(3, [](const ModelGroup& g) { return g.number; });
  add(4, [](const ModelGroup& g) { return g.large; });
  add(5, [](const ModelGroup& g) { return g.real; });
  add(6, [](const ModelGroup& g) { return g.ip; });
  add(7, [](const ModelGroup& g) { return g.start; });
  add(8, [](const ModelGroup& g) { return g.end; });
  add(9, [](const ModelGroup& g) { return std::optional(std::uint64_t{g.members.size()}); });
  return batch;
}

Batch members_batch(const std::vector<ModelFlow>& flows) {
  const Schema schema = model_flows_schema();
  Batch batch;
  add_column(
      flows, schema[0], [](const ModelFlow& f) { return f.start; }, batch);
  add_column(
      flows, schema[1], [](const ModelFlow& f) { return std::optional(f.id); }, batch);
  add_column(
      flows, schema[2], [](const ModelFlow& f) { return std::optional(f.id * 7 + 1); }, batch);
  return batch;
}

void add_block(std::vector<Block>& blocks, BlockKind kind, Batch&& batch) {
  Block block;
  block.kind = kind;
  block.batch = std::move(batch);
  blocks.push_back(std::move(block));
}

}  // namespace

Schema model_groups_schema() {
  return Schema({{"id", {}, Type::u64, Meaning::number, Type::u64},
                 {"port", element::kSourcePort, Type::u16, Meaning::port, Type::u16},
                 {"small", {}, Type::u32, Meaning::number, Type::u32},
                 {"number", {}, Type::i64, Meaning::number, Type::i64},
                 {"large", {}, Type::u64, Meaning::number, Type::u64},
                 {"real", {}, Type::f64, Meaning::number, Type::f64},
                 {"ip", element::kSourceAddress, Type::address, Meaning::address, Type::address},
                 field_of(element::kStart),
                 field_of(element::kEnd),
                 {"count", element::kCount, Type::u64, Meaning::number, Type::u64}});
}

Schema model_flows_schema() {
  return Schema({field_of(element::kStart),
                 field_of(element::kFlowId),
                 {"tag", {}, Type::u64, Meaning::number, Type::u64}});
}

StreamHeader model_header(bool members) {
  return {StreamKind::groups,
          members,
          {{"", model_groups_schema(), members ? model_flows_schema() : Schema()}}};
}

std::vector<Block> blocks_of(const ModelBranch& branch, std::size_t rows, bool members) {
  std::vector<Block> blocks;
  for (std::size_t begin = 0; begin < branch.size(); begin += rows) {
    const auto at = [&](std::size_t i) {
      return branch.begin() + static_cast<std::ptrdiff_t>(std::min(i, branch.size()));
    };
    const std::vector<ModelGroup> part(at(begin), at(begin + rows));
    std::vector<ModelFlow> flows;
    for (const ModelGroup& group : part) {
      flows.insert(flows.end(), group.members.begin(), group.members.end());
    }
    add_block(blocks, BlockKind::groups, groups_batch(part));
    if (members && !flows.empty()) {
      add_block(blocks, BlockKind::members, members_batch(flows));
    }
  }
  return blocks;
}

std::vector<ModelTuple> naive_tuples(const std::vector<ModelBranch>& branches,
                                     const ModelExpression& expression) {
  std::vector<ModelTuple> result;
  ModelTuple tuple;
  std::vector<const ModelGroup*> groups;
  const std::function<void()> extend = [&] {
    if (tuple.size() == branches.size()) {
      if (expression.meaning(groups) == Truth(true)) {
        result.push_back(tuple);
      }
      return;
    }
    const ModelBranch& branch = branches[tuple.size()];
    for (std::size_t i = 0; i < branch.size(); ++i) {
      tuple.push_back(i);
      groups.push_back(&branch[i]);
      extend();
      tuple.pop_back();
      groups.pop_back();
    }
  };
  extend();
  return result;
}

std::vector<std::vector<std::pair<std::uint64_t, std::size_t>>> naive_components(
    const std::vector<ModelBranch>& branches, const std::vector<ModelTuple>& tuples) {
  using Node = std::pair<std::size_t, std::size_t>;  // branch, place
  std::map<Node, std::uint64_t> label;               // lowest so far of a node's component
  std::uint64_t next = 0;
  for (std::size_t branch = 0; branch < branches.size(); ++branch) {
    for (std::size_t i = 0; i < branches[branch].size(); ++i) {
      if (std::any_of(tuples.begin(), tuples.end(),
                      [&](const ModelTuple& tuple) { return tuple[branch] == i; })) {
        label[{branch, i}] = next++;
      }
    }
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (const ModelTuple& tuple : tuples) {
      std::uint64_t lowest = next;
      for (std::size_t branch = 0; branch < tuple.size(); ++branch) {
        lowest = std::min(lowest, label[{branch, tuple[branch]}]);
      }
      for (std::size_t branch = 0; branch < tuple.size(); ++branch) {
        std::uint64_t& own = label[{branch, tuple[branch]}];
        changed = changed || own != lowest;
        own = lowest;
      }
    }
  }
  std::map<std::uint64_t, std::uint64_t> dense;
  for (const auto& entry : label) {  // by branch, then place
    dense.emplace(entry.second, 0);
  }
  std::uint64_t number = 0;
  for (auto& entry : dense) {  // labels rise with the component's first node
    entry.second = number++;
  }
  std::vector<std::vector<std::pair<std::uint64_t, std::size_t>>> result(branches.size());
  for (const auto& [node, own] : label) {
    result[node.first].emplace_back(dense[own], node.second);
  }
  for (auto& groups : result) {
    std::sort(groups.begin(), groups.end());
  }
  return result;
}

bool spelled_out_allen(const std::string& relation, std::int64_t xs, std::int64_t xe,
                       std::int64_t ys, std::int64_t ye, std::optional<std::int64_t> delta) {
  const bool gap = relation == "before" || relation == "after";
  const std::int64_t d = gap ? 0 : delta.value_or(0);
  const auto eq = [d](std::int64_t a, std::int64_t b) { return a - b <= d && b - a <= d; };
  const auto lt = [&](std::int64_t a, std::int64_t b) { return !eq(a, b) && a < b; };
  const auto gt = [&](std::int64_t a, std::int64_t b) { return !eq(a, b) && a > b; };
  const bool both_less = lt(xs, ys) && lt(xe, ye);
  const bool both_more = gt(xs, ys) && gt(xe, ye);
  const std::map<std::string, bool> truth = {
      {"equals", eq(xs, ys) && eq(xe, ye)},
      {"starts", eq(xs, ys) && lt(xe, ye)},
      {"started-by", eq(xs, ys) && gt(xe, ye)},
      {"finishes", gt(xs, ys) && eq(xe, ye)},
      {"finished-by", lt(xs, ys) && eq(xe, ye)},
      {"during", gt(xs, ys) && lt(xe, ye)},
      {"contains", lt(xs, ys) && gt(xe, ye)},
      {"before", both_less && lt(xe, ys) && (!delta || ys - xe <= *delta)},
      {"meets", both_less && eq(xe, ys)},
      {"overlaps", both_less && gt(xe, ys)},
      {"after", both_more && gt(xs, ye) && (!delta || xs - ye <= *delta)},
      {"met-by", both_more && eq(xs, ye)},
      {"overlapped-by", both_more && lt(xs, ye)},
  };
  return truth.at(relation);
}

}  // namespace nfql::test
