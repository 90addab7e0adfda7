// A filter bound to columns: which rows of a batch does an expression hold for.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/expr/parse.h"
#include "common/flow/batch.h"
#include "common/flow/column_extremes.h"
#include "common/flow/schema.h"
#include "common/flow/time.h"

namespace nfql {

/// An expression over the columns of one schema, for flows and for groups alike.
///
/// Only rows for which it is *true* are selected: a comparison with an unknown value is unknown,
/// and so is its negation (Kleene's three-valued logic).
class Predicate {
 public:
  /// `zone` is of time literals without one. Throws Error(Exit::usage) with a caret for names that
  /// the schema has no column for, operands whose types do not compare, constants outside the range
  /// of the field, reversed ranges; Error(Exit::failed) for an unreadable @file.
  Predicate(const ExpressionText& expression, const Schema& schema, ZoneMinutes zone = 0);
  ~Predicate();
  Predicate(Predicate&&) noexcept;
  Predicate& operator=(Predicate&&) noexcept;

  /// True when it holds for every row of every batch (`any`, or no expression).
  [[nodiscard]] bool always() const;
  /// The columns of the schema that it reads, each once.
  [[nodiscard]] std::vector<std::size_t> columns() const;
  /// False when it is true for no row of any batch whose columns have such values. May be called by
  /// several threads at a time.
  [[nodiscard]] bool may_hold(std::span<const ColumnExtremes> columns) const;
  /// Sets mask[i] to 1 where it is true for row i, else 0; the mask has batch.rows bytes.
  void evaluate(const Batch& batch, std::span<std::uint8_t> mask);
  /// Replaces `rows` by the rows for which it is true, ascending.
  void select(const Batch& batch, std::vector<RowId>& rows);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The elements that an expression, or a list of them, reads of flows: what a reader must decode.
/// Names that are none of the registry are left out.
void collect_elements(const Expr& expr, std::vector<ElementId>& elements);

}  // namespace nfql
