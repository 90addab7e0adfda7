#include "nfql-group/held_flows.h"

#include <algorithm>

namespace nfql {
namespace {

// Keys of reals are not quite the values: there is one zero, and one that is no number. What gives
// flows their order is looked up for single flows.
bool may_be_left_out(const Field& field) {
  return field.type != Type::f64 && field.type != Type::set && field.id != element::kStart &&
         field.id != element::kFlowId;
}

HeldFlows::KeyOf keys_of(const Schema& flows, const std::vector<GroupKey>& keys) {
  HeldFlows::KeyOf key_of(flows.size());
  for (std::size_t key = 0; key < keys.size(); ++key) {
    const std::optional<std::size_t> column = keys[key].reader().column();
    if (column && keys[key].is(flows[*column]) && may_be_left_out(flows[*column])) {
      key_of[*column] = key;
    }
  }
  return key_of;
}

Schema held_columns(const Schema& flows, const HeldFlows::KeyOf& key_of) {
  Schema held;
  for (std::size_t i = 0; i < flows.size(); ++i) {
    if (!key_of[i]) {
      held.add(flows[i]);
    }
  }
  return held;
}

}  // namespace

HeldFlows::HeldFlows(const Schema& flows, const std::vector<GroupKey>& keys, OrderBy by)
    : HeldFlows(flows, keys_of(flows, keys), by) {}

HeldFlows::HeldFlows(const Schema& flows, KeyOf key_of, OrderBy by)
    : key_of_(std::move(key_of)), rows_(held_columns(flows, key_of_)), order_(rows_.schema(), by) {}

void HeldFlows::add(Batch&& batch) {
  std::size_t held = 0;
  for (std::size_t i = 0; i < key_of_.size(); ++i) {
    if (!key_of_[i]) {
      batch.columns[held++] = batch.columns[i];
    }
  }
  batch.columns.resize(held);
  rows_.add(std::move(batch));
}

Batch HeldFlows::take(std::span<const std::uint32_t> rows, std::span<const GroupId> groups,
                      const KeyGroups& keys) const {
  Batch flows = rows_.gather(rows, rows_.schema().size());
  const std::vector<Column> held = std::exchange(flows.columns, {});
  auto next = held.begin();
  for (const std::optional<std::size_t>& key : key_of_) {
    flows.columns.push_back(key ? keys.keys(*key, groups, flows) : *next++);
  }
  return flows;
}

}  // namespace nfql
