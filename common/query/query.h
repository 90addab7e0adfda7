// A whole query: branches, how they are merged, and what becomes of the result.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/expr/parse.h"
#include "common/query/problems.h"

namespace nfql {

/// A file that a query names.
struct QueryFile {
  std::string name;  ///< "": none
  Span span;
};

/// The grouper of a branch.
struct GroupQuery {
  ExpressionText terms;       ///< no terms: one group
  ExpressionText aggregates;  ///< only `what`, `text` and `pieces` are used
  std::vector<AggregateItem> items;
  std::vector<std::string> modules;  ///< names of the alternatives in `terms`; none: g1, g2 …
  bool members = true;
  Span members_span;  ///< of what says that they are dropped
  bool input_order = false;
};

/// One branch. A stage that is not named does not run.
struct BranchQuery {
  std::string name;
  Span span;  ///< of the name, or of the branch where it has none
  std::optional<ExpressionText> filter;
  std::optional<GroupQuery> group;
  std::optional<ExpressionText> gfilter;
  QueryFile output;         ///< for a result of its own
  bool incomplete = false;  ///< mistakes leave open which columns its groups have
  bool lost_end = false;    ///< mistakes leave open where its result goes
};

/// The merger.
struct MergeQuery {
  ExpressionText expr;                 ///< blank: all tuples
  std::vector<ExpressionText> except;  ///< tuples for which one of these holds are left out
  bool collection = false;
};

/// The ungrouper.
struct UngroupQuery {
  bool flat = false;
};

/// What all ways of writing a query become.
struct Query {
  std::vector<QueryFile> inputs;      ///< with flows; the command line may name others
  std::vector<BranchQuery> branches;  ///< at least one, in document order
  std::optional<MergeQuery> merge;
  std::optional<UngroupQuery> ungroup;
  std::optional<std::uint64_t> limit;
  QueryFile output;  ///< for the result; the command line may name another
};

/// Reads a query: in JSON when the text begins with a brace, be it the expression form, the term
/// form of the C implementation of 2013, or a mixture; else in the text form (nfql-query(5)).
///
/// All that is wrong is added to `problems`, which are of this source. When there are some, the
/// query is what could be understood, and may have no branches.
[[nodiscard]] Query parse_query(const QuerySource& source, Problems& problems);

/// The query in the expression form of JSON, ending in a newline. Read again, it is the same query.
[[nodiscard]] std::string to_json(const Query& query);

}  // namespace nfql
