// Which element says of one direction of a biflow what another says of a flow.
#pragma once

#include <cstdint>
#include <optional>

#include "common/flow/registry.h"

namespace nfql {

/// A record of a biflow tells of two flows (RFC 5103).
enum class Direction : std::uint8_t {
  both,     ///< one flow, with the elements of the other direction as fields of their own
  forward,  ///< the flow that began
  reverse,  ///< its answer: source and destination change places
};

/// Whether the element is of the other direction of a biflow.
[[nodiscard]] bool is_reverse(ElementId id);
/// The element of the other direction, if this one can have one.
[[nodiscard]] std::optional<ElementId> reverse_of(ElementId id);
/// The element that says of the answer what this one says of the flow, if no element of the other
/// direction does: itself, or that of the other end. Nothing if it is only known of the flow.
[[nodiscard]] std::optional<ElementId> same_of_answer(ElementId id);

/// The element that says of the flow in this direction what `element` says of a flow, among those
/// for which is_there(element) holds. Nothing if there is none.
template <class IsThere>
[[nodiscard]] std::optional<ElementId> element_towards(ElementId element, Direction direction,
                                                       const IsThere& is_there) {
  std::optional<ElementId> towards = element;
  if (direction == Direction::reverse) {
    const std::optional<ElementId> reverse = reverse_of(element);
    if (reverse && is_there(*reverse)) {
      return reverse;
    }
    towards = same_of_answer(element);
  } else if (direction == Direction::forward && is_reverse(element)) {
    return std::nullopt;
  }
  return towards && is_there(*towards) ? towards : std::nullopt;
}

}  // namespace nfql
