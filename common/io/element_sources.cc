#include "common/io/element_sources.h"

#include <algorithm>
#include <array>

namespace nfql {
namespace {

constexpr ElementId ipfix(std::uint16_t element) {
  return {0, element};
}

// CERT's elements of the other direction have this bit.
constexpr std::uint16_t kCertReverse = 0x4000;

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

// What is at one end of a flow and at the other.
struct Ends {
  std::uint16_t here;
  std::uint16_t there;
};
constexpr Ends kEnds[] = {
    {7, 11},    {8, 12},    {9, 13},    {10, 14},   {16, 17},   {27, 28},   {29, 30},
    {44, 45},   {56, 80},   {57, 81},   {58, 59},   {92, 93},   {128, 129}, {169, 170},
    {180, 181}, {182, 183}, {234, 235}, {243, 254}, {245, 255}, {252, 253}, {484, 485},
};

// What is the same in both directions: the protocol, times, who saw and sent it.
constexpr std::uint16_t kShared[] = {4,   21,  22,  32,  34,  35,  38,  39,  48,  49,  50,
                                     60,  95,  130, 131, 136, 137, 138, 139, 141, 142, 143,
                                     144, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157,
                                     158, 159, 160, 161, 162, 214, 256, 258, 302, 351};
constexpr std::uint16_t kCertShared[] = {31, 33};  // sensor, application

template <class Range>
bool has(const Range& range, std::uint16_t element) {
  return std::find(std::begin(range), std::end(range), element) != std::end(range);
}

std::optional<ElementId> reverse_of(ElementId id) {
  if (id.enterprise == 0) {
    return ElementId{kReverseEnterprise, id.element};
  }
  if (id.enterprise == kCertEnterprise) {
    return ElementId{kCertEnterprise, static_cast<std::uint16_t>(id.element | kCertReverse)};
  }
  return std::nullopt;
}

std::optional<ElementId> other_end(ElementId id) {
  for (const Ends& ends : kEnds) {
    if (id.enterprise == 0 && (id.element == ends.here || id.element == ends.there)) {
      return ipfix(id.element == ends.here ? ends.there : ends.here);
    }
  }
  return std::nullopt;
}

bool is_shared(ElementId id) {
  return (id.enterprise == 0 && has(kShared, id.element)) ||
         (id.enterprise == kCertEnterprise && has(kCertShared, id.element));
}

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
  if (spec.id == ipfix(kPadding) || spec.length == kVariableLength || spec.length == 0) {
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
      find_field(field_of_element(ipfix(id.element))) != nullptr) {
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
      return stand_in.field == of && is_there(layout, ipfix(stand_in.element));
    });
  };
  return field == element::kDuration && (any(element::kStart) || any(element::kEnd));
}

}  // namespace

std::vector<ElementSource> sources_of(ElementId field) {
  std::vector<ElementSource> sources;
  const bool reverse = field.enterprise == kReverseEnterprise;
  const ElementId forward = reverse ? ipfix(field.element) : field;
  for (const StandIn& stand_in : kStandIns) {
    if (stand_in.field == forward) {
      sources.push_back({{field.enterprise, stand_in.element}, stand_in.coding});
    }
  }
  if (!sources.empty()) {
    return sources;
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

bool is_reverse(ElementId id) {
  return id.enterprise == kReverseEnterprise ||
         (id.enterprise == kCertEnterprise && (id.element & kCertReverse) != 0);
}

std::optional<ElementId> element_towards(ElementId element, Direction direction,
                                         const Template& layout) {
  std::optional<ElementId> towards = element;
  if (direction == Direction::reverse) {
    const std::optional<ElementId> reverse = reverse_of(element);
    if (reverse && is_there(layout, *reverse)) {
      return reverse;
    }
    towards = is_shared(element) ? towards : other_end(element);
  } else if (direction == Direction::forward && is_reverse(element)) {
    return std::nullopt;
  }
  return towards && is_there(layout, *towards) ? towards : std::nullopt;
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
