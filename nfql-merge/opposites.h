// Terms that say opposite things of the same operands, whatever these are.
#pragma once

#include <cstddef>
#include <vector>

#include "nfql-merge/conjuncts.h"
#include "nfql-merge/terms.h"

namespace nfql::merge {

/// The terms of the conjunct, ascending, that cannot hold together because of what they say of the
/// same operands, as `A.proto = tcp and not A.proto = tcp` or `A.x in {1, 2} and A.x not in {1, 2}`
/// do; none if there are no such. Operands are the same when they are written the same.
[[nodiscard]] std::vector<std::size_t> find_opposites(const Conjunct& conjunct,
                                                      const std::vector<Leaf>& leaves,
                                                      const std::vector<Branch>& branches);

}  // namespace nfql::merge
