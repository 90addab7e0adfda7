// Inside the aggregates: what the files that implement them share. Not for other code.
#pragma once

#include <nfql/aggregate.h>

#include <cmath>
#include <memory>
#include <type_traits>
#include <utility>

#include "common/expr/aggregate.h"
#include "common/flow/column_builder.h"

namespace nfql {

[[nodiscard]] std::unique_ptr<Aggregate> make_count_state();
[[nodiscard]] std::unique_ptr<Aggregate> make_count_known_state();
/// Of integers; the sum is exact inside and held at the ends of the result's type.
[[nodiscard]] std::unique_ptr<Aggregate> make_sum_state(const Field& input, const Field& result);
/// Of integers, from an exact sum.
[[nodiscard]] std::unique_ptr<Aggregate> make_mean_state(const Field& input, const Field& result);
[[nodiscard]] std::unique_ptr<Aggregate> make_extreme_state(AggregateFunction function,
                                                            const Field& input,
                                                            const Field& result);
[[nodiscard]] std::unique_ptr<Aggregate> make_ordered_state(AggregateFunction function,
                                                            const Field& input,
                                                            const Field& result);
[[nodiscard]] std::unique_ptr<Aggregate> make_bits_state(AggregateFunction function,
                                                         const Field& input, const Field& result);
/// The functions that need all values of a group at once.
[[nodiscard]] std::unique_ptr<Aggregate> make_statistic_state(AggregateFunction function,
                                                              const Field& input,
                                                              const Field& result, double argument);
[[nodiscard]] std::unique_ptr<Aggregate> make_distinct_state(AggregateFunction function,
                                                             const Field& input,
                                                             const Field& result);

/// bind_aggregate() of an item whose function is a plug-in's. The column has no id.
[[nodiscard]] BoundAggregate bind_plugin(const AggregateItem& item, std::string_view text,
                                         const Field* input);
/// `input` is a field whose values the plug-in is given as the request says, `result` one of the
/// type that it gives.
[[nodiscard]] std::unique_ptr<Aggregate> make_plugin_state(const nfql_aggregate& function,
                                                           const nfql_request& request,
                                                           const Field& input, const Field& result);

/// Calls `visit(std::type_identity<T>{})` with the type that values of `type` have in a state:
/// that of columns, but addresses are always wide.
template <class Visitor>
decltype(auto) visit_states(Type type, Visitor&& visit) {
  return visit_values(type, sizeof(Address), std::forward<Visitor>(visit));
}

/// Calls `body(row, value)` for every known value of the column, in the order of rows. Reals that
/// are no number count as unknown, and there is one zero.
template <class T, class Body>
void each_known(const Column& column, Body&& body) {
  const auto loop = [&]<class Stored>(std::type_identity<Stored>, const auto& is_known) {
    const std::span<const Stored> values = column.values<Stored>();
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!is_known(i)) {
        continue;
      }
      if constexpr (std::is_same_v<T, double>) {
        if (!std::isnan(values[i])) {
          body(i, values[i] + 0.0);
        }
      } else if constexpr (std::is_same_v<T, Stored>) {
        body(i, values[i]);
      } else {
        body(i, mapped(values[i]));
      }
    }
  };
  const auto both = [&](auto stored) {
    if (column.known == nullptr) {
      loop(stored, [](std::size_t) { return true; });
    } else {
      loop(stored, [&](std::size_t i) { return column.known[i] != 0; });
    }
  };
  if constexpr (std::is_same_v<T, Address>) {
    if (column.width != sizeof(Address)) {
      both(std::type_identity<std::uint32_t>{});
      return;
    }
  }
  both(std::type_identity<T>{});
}

/// Adds a column of type `T` to `to`: value(group) for each of `groups` of which is_known(group)
/// holds.
template <class T, class Value, class Known>
void emit_column(const Field& field, std::span<const GroupId> groups, Batch& to, const Value& value,
                 const Known& is_known) {
  if constexpr (std::is_same_v<T, Address>) {
    ColumnBuilder builder(field);
    for (const GroupId group : groups) {
      if (is_known(group)) {
        builder.push_address(value(group));
      } else {
        builder.push_unknown();
      }
    }
    builder.move_to(to);
  } else {
    Buffer values(groups.size() * sizeof(T));
    Buffer known(groups.size());
    bool all_known = true;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const bool one_known = is_known(groups[i]);
      values.as<T>()[i] = one_known ? value(groups[i]) : T{};
      known.as<std::uint8_t>()[i] = one_known ? 1 : 0;
      all_known = all_known && one_known;
    }
    Column column;
    column.type = field.type;
    column.element_type = field.type;
    column.width = sizeof(T);
    column.rows = groups.size();
    column.data = to.keep(std::move(values));
    column.known =
        all_known ? nullptr : reinterpret_cast<const std::uint8_t*>(to.keep(std::move(known)));
    to.columns.push_back(column);
    to.rows = groups.size();
  }
}

/// The same where every group has a value.
template <class T, class Value>
void emit_column(const Field& field, std::span<const GroupId> groups, Batch& to,
                 const Value& value) {
  emit_column<T>(field, groups, to, value, [](GroupId) { return true; });
}

}  // namespace nfql
