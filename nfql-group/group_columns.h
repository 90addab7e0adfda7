// The columns of groups: keys, aggregates in the order asked, start, end, count.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "common/expr/aggregate.h"
#include "common/expr/computed.h"
#include "common/flow/schema.h"
#include "common/stage/flow_order.h"
#include "nfql-group/group_keys.h"

namespace nfql {

/// The aggregates of a grouping, bound to the flows' columns: those asked for, and the ones that
/// every group has, start (the least), end (the greatest) and count.
///
/// What stands for a key or a column that is there anyway adds none: a key in the list or its
/// static or first, start, `min(start) as start`, `max(end) as end`, count. A key that is the start
/// or end of flows is the start or end of its groups.
class GroupColumns {
 public:
  /// `text` is what `items` were parsed from, `by` the order that first and last go by. Throws
  /// Error(Exit::usage), with a caret for what bind_aggregate() refuses, for fields that `flows`
  /// does not have and for two columns of one name; without one where `flows` has no start or end.
  GroupColumns(const std::vector<GroupKey>& keys, const std::vector<AggregateItem>& items,
               std::string_view text, const Schema& flows, OrderBy by);

  /// The keys, then the aggregates.
  [[nodiscard]] const Schema& schema() const { return schema_; }

  /// Counts the rows of a batch in.
  void add(const Batch& batch, const GroupedRows& rows);
  /// Called once, after the last add().
  void finish(std::size_t group_count);
  /// Adds the columns after the keys to `to`: the values of `groups`.
  void emit(std::span<const GroupId> groups, Batch& to) const;
  /// Whether a sum was cut off at the end of its type's range. Only after finish().
  [[nodiscard]] bool saturated() const;

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  struct Input {
    std::size_t reader = kNone;  // in readers_; kNone for count
    std::unique_ptr<Aggregate> state;
  };

  void add_column(BoundAggregate bound, const std::optional<FieldReader>& reader);
  void add_built_in(AggregateFunction function, ElementId id, const Schema& flows);
  std::size_t reader_of(const FieldReader& reader);

  Schema schema_;
  std::vector<FieldReader> readers_;
  std::vector<Input> inputs_;
};

}  // namespace nfql
