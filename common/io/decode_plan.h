// How the records of one template become rows of one schema: made once, used for every set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/flow/schema.h"
#include "common/io/element_sources.h"
#include "common/io/record_kernels.h"

namespace nfql {

/// An element of whoever wrote the stream, which the stream itself explains (RFC 5610).
struct AnnouncedElement {
  ElementId element;
  DataType type = DataType::octetArray;
  Field field;
};

/// The steps that decode records into columns.
struct DecodePlan {
  /// One field into the column `target`. A column may take several, in this order.
  struct Step {
    std::uint16_t target;
    Kernel kernel;
    Template::Place place;
  };
  struct AddressStep {
    std::uint16_t target;
    AddressPlaces places;
  };

  std::vector<Step> steps;
  std::vector<AddressStep> address_steps;
  /// The latest uptime in a record, where times are made from uptimes; for streams that do not say
  /// when they began to count.
  std::optional<Template::Place> uptime;
  /// Of answers: records where all of these are zero have no row, as there was none.
  std::vector<Template::Place> answered;
};

/// Whether a record of this layout tells of a flow in the other direction, and counts it.
[[nodiscard]] bool has_reverse_flow(const Template& layout);

/// Makes the plan. Columns that no step is for are unknown in rows of such records.
[[nodiscard]] DecodePlan make_plan(const Template& layout, const Schema& schema,
                                   Direction direction,
                                   const std::vector<AnnouncedElement>& announced);

}  // namespace nfql
