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
#include "nfql-group/group_keys.h"
#include "nfql-group/group_options.h"

namespace nfql {

/// Who says when a group starts.
enum class StartsOf : std::uint8_t {
  aggregate,  ///< one of the columns' own
  founders    ///< somebody who keeps the first flows, and fills GroupColumns::start_column()
};

/// The aggregates of a grouping, bound to the flows' columns: those asked for, and the ones that
/// every group has, start (the least), end (the greatest) and count.
///
/// What stands for a key or a column that is there anyway adds none: a key in the list or its
/// static or first, start, `min(start) as start`, `max(end) as end`, count. A key that is the start
/// or end of flows is the start or end of its groups.
class GroupColumns {
 public:
  /// `modules` are the names of all modules. Throws Error(Exit::usage), with a caret for what
  /// bind_aggregate() refuses, for fields that `flows` does not have, for modules that are not
  /// there, for two columns of one name and for one that has the name of what every group has;
  /// without one where start or end is printed and `flows` has none.
  GroupColumns(const std::vector<GroupKey>& keys, const GroupOptions& options,
               const std::vector<std::string>& modules, const Schema& flows, StartsOf starts);

  /// The keys, then the aggregates.
  [[nodiscard]] const Schema& schema() const { return schema_; }

  /// The column to be filled by who knows the groups' starts, if any.
  [[nodiscard]] std::optional<std::size_t> start_column() const { return start_column_; }
  /// Whether some are of the members of one module only, so that add() needs to know these.
  [[nodiscard]] bool by_module() const;
  /// Adds the indices of the flows' columns that it reads.
  void collect_columns(const Schema& flows, std::vector<std::size_t>& columns) const;

  /// Called once, first: reserves what the aggregates keep, see Aggregate::place().
  void place(GroupStates& states);
  /// Counts the rows of a batch in. `accepted` has for each row the modules that accept it, a bit
  /// each; it may be empty unless by_module().
  void add(const Batch& batch, const GroupedRows& rows, std::span<const std::uint64_t> accepted);
  /// Called once, after the last add().
  void finish(std::size_t group_count);
  /// Adds the columns after the keys to `to`: the values of `groups`. What GroupOptions::printed
  /// leaves out has a type and rows, but no values.
  void emit(std::span<const GroupId> groups, Batch& to) const;
  /// Whether a sum was cut off at the end of its type's range. Only after finish().
  [[nodiscard]] bool saturated() const;

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  struct Input {
    std::size_t reader = kNone;        // in readers_; kNone for count
    std::size_t module = kNone;        // of whose members; kNone for all
    std::unique_ptr<Aggregate> state;  // null: a column without values
  };

  void add_column(BoundAggregate bound, const std::optional<FieldReader>& reader,
                  std::size_t module = kNone);
  void add_to_module(Input& input, const Column& column, const GroupedRows& rows,
                     std::span<const std::uint64_t> accepted) const;
  void keep_only(const std::vector<bool>& needed);
  void add_built_in(AggregateFunction function, ElementId id, const Schema& flows);
  std::size_t reader_of(const FieldReader& reader);

  Schema schema_;
  std::optional<std::size_t> start_column_;
  std::vector<FieldReader> readers_;
  std::vector<Input> inputs_;
};

}  // namespace nfql
