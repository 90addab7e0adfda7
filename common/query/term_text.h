// One term of the term form of 2013 as text of the expression form.
#pragma once

#include <cstddef>
#include <cstdint>

#include "common/query/json.h"

namespace nfql {

// Each throws TextError for what is wrong with the term.

/// `{"offset": {"name": …, "value": …}, "op": …}`.
[[nodiscard]] MappedText filter_term(const JsonValue& value);

/// How many clauses a grouper has.
enum class Clauses : std::uint8_t { one, several };
/// `{"offset": {"f1_name": …, "f2_name": …}, "op": {"name": …, "type": …}}`.
[[nodiscard]] MappedText group_term(const JsonValue& value, Clauses clauses);

/// The same with `branch1_id` and `branch2_id`, below `branches`; or an Allen relation.
[[nodiscard]] MappedText merge_term(const JsonValue& value, std::size_t branches);

/// `{"offset": {"name": …}, "op": …}`.
[[nodiscard]] MappedText aggregate_term(const JsonValue& value);

}  // namespace nfql
