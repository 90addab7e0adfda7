// Whether a condition is wanted as it is written, or not so.
#pragma once

#include <cstdint>

namespace nfql {

/// How a condition is wanted. `not` is pushed down to the leaves while they are bound, so that only
/// what is *true* needs evaluation: `not (a = b)` is `a != b`, and both are unknown together.
enum class Sense : std::uint8_t { as_written, negated };

[[nodiscard]] constexpr Sense opposite(Sense sense) {
  return sense == Sense::negated ? Sense::as_written : Sense::negated;
}

}  // namespace nfql
