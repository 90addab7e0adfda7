// Which elements of a record the fields of a flow are taken from, one way or the other.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/io/record_kernels.h"

namespace nfql {

/// A record of a biflow tells of two flows (RFC 5103).
enum class Direction : std::uint8_t {
  both,     ///< one flow, with the elements of the other direction as fields of their own
  forward,  ///< the flow that began
  reverse,  ///< its answer: source and destination change places
};

/// An element from which a field can be taken.
struct ElementSource {
  ElementId element;
  Coding coding = Coding::number;
};

/// The elements that have the values of a field, the best first. Not for addresses and fields of
/// our own.
[[nodiscard]] std::vector<ElementSource> sources_of(ElementId field);

/// The element that says of the flow in this direction what `element` says of a flow: itself, its
/// reverse element or that of the other end. Nothing if `layout` does not have it, or what it says
/// of the other direction is not known of this one.
[[nodiscard]] std::optional<ElementId> element_towards(ElementId element, Direction direction,
                                                       const Template& layout);

/// The fields that records of this layout have columns for, by themselves: those that elements of
/// it are, or stand for where it has no better.
[[nodiscard]] std::vector<ElementId> fields_of(const Template& layout, Direction direction);

/// Whether the element is of the other direction of a biflow.
[[nodiscard]] bool is_reverse(ElementId id);

}  // namespace nfql
