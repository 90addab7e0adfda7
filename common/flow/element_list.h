// Questions to short lists of elements, such as the fields that a request names.
#pragma once

#include <algorithm>
#include <iterator>
#include <vector>

#include "common/flow/schema.h"

namespace nfql {

template <class Range>
[[nodiscard]] bool contains(const Range& ids, ElementId id) {
  return std::find(std::begin(ids), std::end(ids), id) != std::end(ids);
}

/// The columns of `schema` that are among `named` while ever_known(column) does not hold.
template <class EverKnown>
[[nodiscard]] std::vector<ElementId> never_known(const Schema& schema,
                                                 const std::vector<ElementId>& named,
                                                 const EverKnown& ever_known) {
  std::vector<ElementId> missing;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    if (contains(named, schema[i].id) && !ever_known(i)) {
      missing.push_back(schema[i].id);
    }
  }
  return missing;
}

}  // namespace nfql
