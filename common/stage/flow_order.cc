#include "common/stage/flow_order.h"

#include "common/base/error.h"

namespace nfql {
namespace {

void set_starts(const Column& column, std::vector<FlowOrder>& order) {
  const std::span<const std::int64_t> values = column.values<std::int64_t>();
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i].start = column.is_known(i) ? values[i] : kUnknownStart;
  }
}

// Leaves what is there where the id is unknown.
void set_ids(const Column& column, std::vector<FlowOrder>& order) {
  const std::span<const std::uint64_t> values = column.values<std::uint64_t>();
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i].id = column.is_known(i) ? values[i] : order[i].id;
  }
}

void check_type(const Schema& schema, std::optional<std::size_t> column, Type type) {
  if (column && schema[*column].type != type) {
    fail(Exit::failed, "the input's column '{}' has another type than this field has",
         schema[*column].name);
  }
}

}  // namespace

FlowOrderReader::FlowOrderReader(const Schema& schema, OrderBy by) {
  if (by == OrderBy::arrival) {
    return;
  }
  start_ = schema.find(element::kStart);
  if (!start_) {
    throw Error(Exit::usage, "the input has no field 'start', by which flows are ordered",
                "give it a column 'start'; where --columns chose the fields, keep it among them");
  }
  id_ = schema.find(element::kFlowId);
  check_type(schema, start_, Type::i64);
  check_type(schema, id_, Type::u64);
}

void FlowOrderReader::read(const Batch& batch, std::uint64_t arrival,
                           std::vector<FlowOrder>& order) const {
  order.resize(batch.rows);
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = {0, arrival + i};
  }
  if (start_) {
    set_starts(batch.columns[*start_], order);
  }
  if (id_) {
    set_ids(batch.columns[*id_], order);
  }
}

void FlowOrderReader::read(const RowStore& store, std::span<const std::uint32_t> rows,
                           std::vector<FlowOrder>& order) const {
  order.resize(rows.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = {0, rows[i]};
  }
  Batch scratch;
  if (start_) {
    set_starts(store.gather_column(*start_, rows, scratch), order);
  }
  if (id_) {
    set_ids(store.gather_column(*id_, rows, scratch), order);
  }
}

}  // namespace nfql
