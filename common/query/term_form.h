// The term form of JSON queries, as the C implementation of 2013 reads them, told as expressions.
#pragma once

#include <cstddef>
#include <optional>

#include "common/query/json.h"

namespace nfql {

// Each gives a stage's expression as text, or nothing when a term is wrong: that and what else is
// wrong goes to the problems of the value. What is no stage at all throws TextError.

/// `{"dnf-expr": [{"clause": [{"term": …}…]}…]}` of a filter or group filter.
[[nodiscard]] std::optional<MappedText> filter_text(const JsonValue& stage);
/// The list of clauses of a grouper.
[[nodiscard]] std::optional<MappedText> group_text(const JsonValue& dnf);
/// `{"clause": [{"term": …}…]}` of an aggregation.
[[nodiscard]] std::optional<MappedText> aggregate_text(const JsonValue& aggregation);
/// As of a filter; branches are named by their numbers, below `branches`.
[[nodiscard]] std::optional<MappedText> merge_text(const JsonValue& stage, std::size_t branches);

}  // namespace nfql
