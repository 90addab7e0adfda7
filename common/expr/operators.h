// The signs and words that stand between operands, and what they mean.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/expr/ast.h"
#include "common/expr/parse.h"

namespace nfql {

/// `=` `==` `!=` `<>` `<` `<=` `>` `>=`.
[[nodiscard]] std::optional<Op> op_of(std::string_view sign);
[[nodiscard]] std::string_view sign_of(Op op);
/// One of + - & |.
[[nodiscard]] Arithmetic arithmetic_of(char sign);
[[nodiscard]] char sign_of(Arithmetic op);
/// What `=`, `<` and `>` mean between two branches.
[[nodiscard]] std::optional<Allen> relation_of(Op op);
/// One of us ms s m min h d.
[[nodiscard]] bool is_unit(std::string_view word);

/// The message for a sign that is no comparison; `quoted` is the sign as messages show it.
[[nodiscard]] std::string unknown_operator(std::string_view quoted, std::string_view sign);
/// The word that relates operands nearest to a misspelt one, or "".
[[nodiscard]] std::string_view nearest_relation(std::string_view word, Grammar grammar);

}  // namespace nfql
