#include "nfql-run/flow_columns.h"

#include <algorithm>
#include <set>

#include "common/cli/arguments.h"
#include "common/expr/predicate.h"

namespace nfql {
namespace {

using Elements = std::vector<ElementId>;

void add(Elements& elements, const Elements& more) {
  elements.insert(elements.end(), more.begin(), more.end());
}

void collect(const BranchQuery& branch, Elements& elements) {
  if (!branch.group) {
    add(elements, default_elements());
  } else {
    collect_elements(branch.group->terms.expr, elements);
    std::vector<std::string> fields;
    for (const AggregateItem& item : branch.group->items) {
      fields.push_back(item.field);
    }
    add(elements, elements_of(fields));
  }
  if (branch.gfilter) {
    collect_elements(branch.gfilter->expr, elements);
  }
}

void collect(const MergeQuery& merge, Elements& elements) {
  collect_elements(merge.expr.expr, elements);
  for (const ExpressionText& except : merge.except) {
    collect_elements(except.expr, elements);
  }
}

// Whether flows come out as the filters leave them.
bool only_filters(const Query& query) {
  return !query.merge && !query.ungroup &&
         std::all_of(query.branches.begin(), query.branches.end(),
                     [](const BranchQuery& b) { return !b.group && !b.gfilter; });
}

}  // namespace

std::string needed_columns(const Query& query, const std::optional<std::vector<std::string>>& shown,
                           const Schema& flows) {
  if (only_filters(query)) {
    return "";
  }
  Elements elements = {element::kStart, element::kEnd, element::kFlowId};
  for (const BranchQuery& branch : query.branches) {
    collect(branch, elements);
  }
  if (query.merge) {
    collect(*query.merge, elements);
  }
  if (shown) {
    add(elements, elements_of(*shown));
  } else if (query.ungroup) {
    add(elements, default_elements());
  }
  std::string list;
  std::set<std::string> seen;
  for (const ElementId id : elements) {
    const std::optional<std::size_t> column = flows.find(id);
    if (!column) {
      continue;  // made by a stage, or computed
    }
    const std::string& name = flows[*column].name;
    if (seen.insert(name).second) {
      list += (list.empty() ? "" : ",") + name;
    }
  }
  return list;
}

}  // namespace nfql
