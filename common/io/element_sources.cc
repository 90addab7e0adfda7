#include "common/io/element_sources.h"

#include <algorithm>
#include <array>

namespace nfql {
namespace {

constexpr ElementId iana(std::uint16_t element) {
  return {0, element};
}

constexpr std::uint16_t kPadding = 210;

// Elements that stand for a field, the best first; of other directions the same with their
// enterprise number.
struct StandIn {
  ElementId field;
  std::uint16_t element;
  Coding coding;
};
constexpr StandIn kStandIns[] = {
    {element::kStart, 152, Coding::milliseconds},
    {element::kStart, 156, Coding::ntp_nanoseconds},
    {element::kStart, 154, Coding::ntp_microseconds},
    {element::kStart, 150, Coding::seconds},
    {element::kStart, 158, Coding::before_export},
    {element::kStart, 22, Coding::uptime},
    {element::kEnd, 153, Coding::milliseconds},
    {element::kEnd, 157, Coding::ntp_nanoseconds},
    {element::kEnd, 155, Coding::ntp_microseconds},
    {element::kEnd, 151, Coding::seconds},
    {element::kEnd, 159, Coding::before_export},
    {element::kEnd, 21, Coding::uptime},
    {element::kDuration, 161, Coding::milliseconds},
    {element::kDuration, 162, Coding::microseconds},
    {element::kOctets, 1, Coding::number},
    {element::kOctets, 85, Coding::number},
    {element::kPackets, 2, Coding::number},
    {element::kPackets, 86, Coding::number},
    {element::kSourcePort, 7, Coding::number},
    {element::kSourcePort, 182, Coding::number},
    {element::kSourcePort, 180, Coding::number},
    {element::kDestinationPort, 11, Coding::number},
    {element::kDestinationPort, 183, Coding::number},
    {element::kDestinationPort, 181, Coding::number},
    {element::kDestinationPort, 32, Coding::number},
    {element::kDestinationPort, 139, Coding::number},
};

Coding coding_of(ElementId id) {
  const ElementInfo* info = find_element_info(id);
  switch (info == nullptr ? DataType::unsigned64 : info->type) {
    case DataType::signed8:
    case DataType::signed16:
    case DataType::signed32:
    case DataType::signed64:
      return Coding::signed_number;
    case DataType::float32:
    case DataType::float64:
      return Coding::real;
    case DataType::dateTimeSeconds:
      return Coding::seconds;
    case DataType::dateTimeMilliseconds:
      return Coding::milliseconds;
    case DataType::dateTimeMicroseconds:
      return Coding::ntp_microseconds;
    case DataType::dateTimeNanoseconds:
      return Coding::ntp_nanoseconds;
    default:
      return Coding::number;
  }
}

// Text and lists are of no use as numbers, even when they are short.
bool is_column(const FieldSpec& spec) {
  const ElementInfo* info = find_element_info(spec.id);
  if (spec.id == iana(kPadding) || spec.length == kVariableLength || spec.length == 0) {
    return false;
  }
  if (info == nullptr || info->type == DataType::octetArray) {
    return spec.length <= sizeof(std::uint64_t);
  }
  if (info->type == DataType::ipv4Address || info->type == DataType::ipv6Address) {
    return spec.length == size_of(info->type);
  }
  return info->type != DataType::string && info->type < DataType::basicList &&
         spec.length <= sizeof(std::uint64_t);
}

bool is_there(const Template& layout, ElementId id) {
  return layout.find(id).has_value();
}

// The field that the element of this record stands for, if that has no better element; only for
// elements that are no named fields themselves.
std::optional<ElementId> stood_for(const Template& layout, ElementId id) {
  const bool reverse = id.enterprise == kReverseEnterprise;
  if ((id.enterprise != 0 && !reverse) ||
      find_field(field_of_element(iana(id.element))) != nullptr) {
    return std::nullopt;
  }
  for (const StandIn& stand_in : kStandIns) {
    if (stand_in.element != id.element) {
      continue;
    }
    for (const StandIn& better : kStandIns) {
      if (better.field == stand_in.field && &better < &stand_in &&
          is_there(layout, {id.enterprise, better.element})) {
        return std::nullopt;
      }
    }
    return ElementId{id.enterprise, stand_in.field.element};
  }
  return std::nullopt;
}

// A duration is of use where start and end do not say it.
bool completes_times(const Template& layout, ElementId field) {
  const auto any = [&layout](ElementId of) {
    return std::any_of(std::begin(kStandIns), std::end(kStandIns), [&](const StandIn& stand_in) {
      return stand_in.field == of && is_there(layout, iana(stand_in.element));
    });
  };
  return field == element::kDuration && (any(element::kStart) || any(element::kEnd));
}

}  // namespace

std::vector<ElementSource> sources_of(ElementId field) {
  std::vector<ElementSource> sources;
  const bool reverse = field.enterprise == kReverseEnterprise;
  const ElementId forward = reverse ? iana(field.element) : field;
  for (const StandIn& stand_in : kStandIns) {
    if (stand_in.field == forward) {
      sources.push_back({{field.enterprise, stand_in.element}, stand_in.coding});
    }
  }
  if (!sources.empty()) {
    return sources;
  }
  if (field == element::kFlowId) {
    return {};  // its number is that of exporters, who may give two flows the same
  }
  if (field == element::kExportedFlowId) {
    return {{element::kFlowId, Coding::number}};
  }
  sources.push_back({field, coding_of(field)});
  const FieldInfo* info = find_field(forward);
  if (info != nullptr && info->element6 != 0) {
    sources.push_back({{field.enterprise, info->element6}, Coding::number_unless_zero});
  }
  return sources;
}

std::vector<ElementId> fields_of(const Template& layout, Direction direction) {
  std::vector<ElementId> fields;
  for (const FieldSpec& spec : layout.fields()) {
    if (!is_column(spec) || (direction != Direction::both && is_reverse(spec.id))) {
      continue;
    }
    const ElementId field = stood_for(layout, spec.id).value_or(field_of_element(spec.id));
    if (!completes_times(layout, field) &&
        std::find(fields.begin(), fields.end(), field) == fields.end()) {
      fields.push_back(field);
    }
  }
  return fields;
}

}  // namespace nfql
