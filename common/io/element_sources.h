// Which elements of a record the fields of a flow are taken from.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/io/biflow_elements.h"
#include "common/io/record_kernels.h"

namespace nfql {

/// An element from which a field can be taken.
struct ElementSource {
  ElementId element;
  Coding coding = Coding::number;
};

/// The elements that have the values of a field, the best first. Not for addresses and fields of
/// our own.
[[nodiscard]] std::vector<ElementSource> sources_of(ElementId field);

/// The fields that records of this layout have columns for, by themselves: those that elements of
/// it are, or stand for where it has no better.
[[nodiscard]] std::vector<ElementId> fields_of(const Template& layout, Direction direction);
}  // namespace nfql
