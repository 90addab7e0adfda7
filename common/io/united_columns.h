// The columns that flows of several inputs have together.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/expr/computed.h"
#include "common/flow/schema.h"

namespace nfql {

/// What gives each column of all inputs in one of them: the same column, or, where the input has
/// none, what the field is computed from there. Nothing: it is not known there.
using ColumnOrigins = std::vector<std::optional<FieldReader>>;

/// Adds to `all` what it lacks of the columns of an input that messages call `name`. Throws
/// Error(Exit::usage) when one is there with another type.
void unite(Schema& all, const Schema& input, const std::string& name);

/// The origins of the columns of `all` in those of one input.
[[nodiscard]] ColumnOrigins origins_of(const Schema& all, const Schema& input);

}  // namespace nfql
