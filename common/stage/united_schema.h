// The columns of several streams of flows as those of one.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "common/flow/batch.h"
#include "common/flow/schema.h"

namespace nfql {

/// Columns are the same when they are the same element, or are no element and bear one name. The
/// first schema that has a column gives its name and place; unsigned integers get the widest type.
class UnitedSchema {
 public:
  /// Throws Error(Exit::usage) when a column has types that cannot be united, or one name stands
  /// for two columns.
  explicit UnitedSchema(std::span<const Schema> inputs);

  [[nodiscard]] const Schema& schema() const { return schema_; }
  /// Turns rows of input schema `input` into rows of schema(); columns that the input lacks are
  /// unknown. Costs nothing when the schemas are equal.
  [[nodiscard]] Batch adapt(std::size_t input, Batch&& batch) const;

 private:
  using Origins = std::vector<std::optional<std::size_t>>;  // by column of schema_

  Schema schema_;
  std::vector<Origins> origins_;  // by input; empty: nothing to do
};

}  // namespace nfql
