// What the names of an expression can mean: the schema it is bound to, and messages about it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/expr/bound.h"
#include "common/expr/parse.h"
#include "common/flow/registry.h"
#include "common/flow/schema.h"
#include "common/flow/time.h"

namespace nfql {

/// Collects the slots that conditions read while an expression is bound. The expression and the
/// schema must outlive it.
class Scope {
 public:
  Scope(const ExpressionText& expression, const Schema& schema, ZoneMinutes zone)
      : expression_(expression), schema_(schema), zone_(zone) {}

  [[nodiscard]] const Schema& schema() const { return schema_; }
  [[nodiscard]] ZoneMinutes zone() const { return zone_; }
  [[nodiscard]] const Slot& slot(std::size_t index) const { return slots_[index]; }
  [[nodiscard]] std::vector<Slot> take_slots() { return std::move(slots_); }

  /// The slot of a field, perhaps of the networks of its addresses.
  [[nodiscard]] std::size_t add_slot(const FieldReader& reader,
                                     std::optional<unsigned> network = std::nullopt);
  /// The field that a name means, or nothing.
  [[nodiscard]] std::optional<FieldReader> find(const Name& name) const;
  /// The column that holds what a call stands for: `sum(bytes)` is sum_bytes where there is one,
  /// `prefix(src, 24)` is `prefix(srcip, 24)`.
  [[nodiscard]] std::optional<FieldReader> find(const Call& call) const;

  /// What the user wrote there, in quotes.
  [[nodiscard]] std::string quoted(Span span) const;
  /// Throws as fail_at() does.
  [[noreturn]] void fail(Span span, const std::string& message, std::string hint = {}) const;
  /// Throws: no such field, with the nearest name, or the aggregate to add, as the hint.
  [[noreturn]] void fail_unknown(Span span, const Name& name) const;
  /// Throws: no such function, or no column for this aggregate.
  [[noreturn]] void fail_unknown(Span span, const Call& call) const;

 private:
  const ExpressionText& expression_;
  const Schema& schema_;
  ZoneMinutes zone_;
  std::vector<Slot> slots_;
};

/// The hint where groups lack a field: `add 'sum(bytes) as bytes' to the aggregates`, after the
/// name of the column that they have for another aggregate of it. Only columns of `branch` are
/// looked at, `A.sum_bytes`, if that is not empty.
[[nodiscard]] std::string aggregate_hint(const Field& field, const Schema& columns,
                                         std::string_view branch);

/// The name as written: `srcip`, `A.srcip`.
[[nodiscard]] std::string full_name(const Name& name);

}  // namespace nfql
