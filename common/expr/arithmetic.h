// Which numbers, times and durations may be added, subtracted and compared, and what they give.
#pragma once

#include <optional>

#include "common/expr/operand.h"

namespace nfql {

/// True of times and durations.
[[nodiscard]] constexpr bool is_temporal(Meaning meaning) {
  return meaning == Meaning::time || meaning == Meaning::duration;
}

/// What `left op right` means; nothing where neither side says it. Only for looking ahead: what
/// must not be combined is found by combine().
[[nodiscard]] std::optional<Meaning> combined_meaning(Arithmetic op, std::optional<Meaning> left,
                                                      std::optional<Meaning> right);

/// `left op right`, at `span`. Throws Error(Exit::usage) with a caret when they do not go together:
/// two times added, a unit at a number that is no time, bits of times, addresses, sets.
[[nodiscard]] BoundOperand combine(const Scope& scope, Span span, Arithmetic op,
                                   const BoundOperand& left, const BoundOperand& right);

/// Throws unless two numbers may be compared: times with times, durations with durations and
/// numbers; a literal without a unit goes with everything, one with a unit only with time.
void check_comparable(const Scope& scope, const BoundOperand& left, const BoundOperand& right);

}  // namespace nfql
