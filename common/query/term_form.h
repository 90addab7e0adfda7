// The term form of JSON queries, as the C implementation of 2013 reads them, told as expressions.
#pragma once

#include <string>
#include <vector>

#include "common/query/json.h"

namespace nfql {

/// A stage's expression as text, with what the user should know about it.
struct TermText {
  std::string text;
  std::vector<std::string> warnings;
};

/// `{"dnf-expr": [{"clause": [{"term": …}…]}…]}` of a filter or group filter.
[[nodiscard]] TermText filter_text(const JsonValue& stage);
/// The same of a grouper (other members of the object are the caller's).
[[nodiscard]] TermText group_text(const JsonValue& dnf);
/// `{"clause": [{"term": …}…]}` of an aggregation.
[[nodiscard]] std::string aggregate_text(const JsonValue& aggregation);
/// The same of a merger; branches are named by their numbers, below `branches`.
[[nodiscard]] TermText merge_text(const JsonValue& stage, std::size_t branches);

}  // namespace nfql
