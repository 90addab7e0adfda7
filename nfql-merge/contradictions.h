// Terms that can never hold together, found before any group is there.
#pragma once

#include <string>
#include <vector>

#include "common/expr/parse.h"
#include "nfql-merge/terms.h"

namespace nfql::merge {

/// Looks at each alternative of an expression: whether terms on the same operands leave anything,
/// and bounds on differences, with no group ending before it starts. `A before B and A after B`
/// leaves nothing, nor does `A.ip = B.ip and A.ip != B.ip`. Not every contradiction is found, but
/// what is found is one.
///
/// Throws Error(Exit::usage), with a caret under the last of the terms, when no alternative can
/// hold; returns a warning for each that cannot when others can. `source` is the text of `bound`.
[[nodiscard]] std::vector<std::string> check_contradictions(const ExpressionText& source,
                                                            const BoundExpression& bound,
                                                            const std::vector<Branch>& branches);

}  // namespace nfql::merge
