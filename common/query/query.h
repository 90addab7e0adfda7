// A whole query: branches, how they are merged, and what becomes of the result.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/expr/parse.h"

namespace nfql {

/// The grouper of a branch.
struct GroupQuery {
  ExpressionText terms;       ///< no terms: one group
  ExpressionText aggregates;  ///< only `what` and `text` are used
  std::vector<AggregateItem> items;
  std::vector<std::string> modules;  ///< names, one for each list of terms; none: g1, g2 …
  bool members = true;
  bool input_order = false;
};

/// One branch. A stage that is not named does not run.
struct BranchQuery {
  std::string name;
  std::optional<ExpressionText> filter;
  std::optional<GroupQuery> group;
  std::optional<ExpressionText> gfilter;
};

/// The merger.
struct MergeQuery {
  ExpressionText expr;                 ///< blank: all tuples
  std::vector<ExpressionText> except;  ///< what is left out of them
  bool collection = false;
};

/// The ungrouper.
struct UngroupQuery {
  bool flat = false;
};

/// What all ways of writing a query become.
struct Query {
  std::vector<BranchQuery> branches;  ///< at least one, in document order
  std::optional<MergeQuery> merge;
  std::optional<UngroupQuery> ungroup;
  std::optional<std::uint64_t> limit;
  std::vector<std::string> warnings;  ///< of the translation, to be shown to the user
};

/// Reads a query in JSON: the expression form, the term form of the C implementation of 2013, or a
/// mixture (nfql-query(5)). `name` is what messages call the text.
/// Throws Error(Exit::usage) with the JSON path for what it does not understand, unknown keys too.
[[nodiscard]] Query parse_query_json(const std::string& text, const std::string& name);

}  // namespace nfql
