// A combination of terms as alternatives, each of which is one join.
#pragma once

#include <cstddef>
#include <vector>

#include "nfql-merge/terms.h"

namespace nfql::merge {

/// Nodes that must all be true; no node is an `all` of single terms.
using Conjunct = std::vector<Node>;

/// Most alternatives that one `and` of several `or`s is multiplied out to. Beyond that an `or`
/// stays whole and is checked on the tuples that the other terms leave.
inline constexpr std::size_t kMaxProduct = 64;

/// The node is true exactly when all of one of these are. Those of no conjunct are never true; a
/// conjunct of no nodes always is. An `or` over one branch only is not taken apart.
[[nodiscard]] std::vector<Conjunct> expand(const Node& node, const std::vector<Leaf>& leaves);

}  // namespace nfql::merge
