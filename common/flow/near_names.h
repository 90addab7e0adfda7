// The name that a misspelt field of an input was most likely to be.
#pragma once

#include <string>
#include <string_view>

#include "common/flow/schema.h"

namespace nfql {

/// The nearest to `name` of the names of `columns` and of all fields of the registry: inputs of
/// which only the wanted fields are decoded have few columns. A column comes before a field that is
/// as near. "" when none is near.
[[nodiscard]] std::string nearest_input_field(const Schema& columns, std::string_view name);

/// "did you mean 'NEAREST'?" of it, or "".
[[nodiscard]] std::string input_field_hint(const Schema& columns, std::string_view name);

}  // namespace nfql
