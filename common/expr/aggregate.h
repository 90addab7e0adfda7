// Aggregate functions: what a group says about one field of its flows.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/expr/ast.h"
#include "common/expr/group_states.h"
#include "common/flow/batch.h"
#include "common/flow/schema.h"

namespace nfql {

/// A flow's place in the order in which flows are taken.
struct FlowOrder {
  std::int64_t start = 0;
  std::uint64_t id = 0;

  friend constexpr auto operator<=>(const FlowOrder&, const FlowOrder&) = default;
};

/// Which groups the rows of a batch belong to. The spans are as long as the batch has rows; there
/// may be no order where no aggregate looks at it: only `first` and `last` do.
struct GroupedRows {
  std::span<const GroupId> groups;
  std::span<const FlowOrder> order;
  std::size_t group_count = 0;  ///< every id is below it; it never shrinks
};

/// The state of one aggregate for all groups. What add() is given, and then emit(), has the type
/// that the aggregate was made for. Results do not depend on how rows are cut into batches, and
/// emit() may be called by many threads.
class Aggregate {
 public:
  Aggregate() = default;
  Aggregate(const Aggregate&) = delete;
  Aggregate& operator=(const Aggregate&) = delete;
  virtual ~Aggregate() = default;

  /// Called once, first: reserves what it keeps in `states`, which stay as long as it does, and are
  /// as large as GroupedRows::group_count says whenever add() is called, and finish().
  virtual void place(GroupStates& states) { static_cast<void>(states); }
  /// Counts the rows of one batch in. Unknown values, and reals that are no number, are skipped.
  virtual void add(const Column& values, const GroupedRows& rows) = 0;
  /// Called once between the last add() and the first emit().
  virtual void finish(std::size_t group_count) { static_cast<void>(group_count); }
  /// Adds a column to `to`: the results of `groups`, in that order.
  virtual void emit(std::span<const GroupId> groups, Batch& to) const = 0;
  /// True once a sum was cut off at the end of its type's range.
  [[nodiscard]] virtual bool saturated() const { return false; }
};

enum class AggregateFunction : std::uint8_t {
  count,
  count_known,
  sum,
  prod,
  min,
  max,
  first,
  last,
  mean,
  stddev,
  median,
  quantile,
  bit_and,
  bit_or,
  bit_xor,
  union_set,
  unique
};

/// By the name that queries use, case ignored; `static` and "" (a bare field) are first, `count` is
/// count_known. Nothing for another name.
[[nodiscard]] std::optional<AggregateFunction> find_aggregate(std::string_view name);

/// The column's name: the alias, or `sum_bytes`, `quantile_bytes_0.9`, `count`; a bare field's own;
/// with a module in front: `g1_sum_bytes`.
[[nodiscard]] std::string aggregate_name(const AggregateItem& item);

/// An aggregate and the column that it gives.
struct BoundAggregate {
  Field field;
  std::unique_ptr<Aggregate> state;
};

/// Makes `function` over a field; count takes any. The field of the result has the input's name and
/// no id. `argument` is the q of quantile, 0..1. The function must accept the field (see below).
[[nodiscard]] BoundAggregate make_aggregate(AggregateFunction function, const Field& input,
                                            double argument = 0);

/// Why `function` cannot take `input`, e.g. "takes numbers and durations"; "" when it can.
///
/// count, union, unique, min, max, first and last take every field that is no set; sum, prod and
/// stddev numbers and durations; mean, median and quantile times as well; and, or and xor integers.
/// Ports, protocols and flags are numbers here, MAC addresses only for and, or and xor.
[[nodiscard]] std::string_view refusal(AggregateFunction function, const Field& input);

/// Throws Error(Exit::usage) for an item whose function neither nfql has nor a plug-in, whose
/// functions are `others`; with a caret and the nearest name of all.
[[noreturn]] void fail_unknown_aggregate(const AggregateItem& item, std::string_view text,
                                         std::vector<std::string_view> others);

/// Makes the aggregate that `item` of the list `text` asks for; `input` is its field, null for a
/// bare count.
///
/// Its id is that of the input's element when it stands for the field itself: first, static or
/// bare (not of a module), or under the field's own name or alias and of its values (not a count or
/// set of them). It never has the id of what groups have of their own: start, end, duration and
/// count. Throws Error(Exit::usage) with a caret for an unknown function, one that does not take
/// such a field, and a missing or wrong argument.
[[nodiscard]] BoundAggregate bind_aggregate(const AggregateItem& item, std::string_view text,
                                            const Field* input);

}  // namespace nfql
