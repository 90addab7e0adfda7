#include "common/io/text_element_names.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>

#include "common/base/names.h"
#include "common/base/number_text.h"
#include "common/flow/elements.h"

namespace nfql {
namespace {

// The element as its registry has it, of which find_element() says whose unit it is.
const ElementInfo* named_element(std::string_view name) {
  constexpr std::string_view kNumbered = "ie";
  std::uint16_t number = 0;
  if (same_name(name.substr(0, kNumbered.size()), kNumbered) &&
      read_number(name.substr(kNumbered.size()), number)) {
    return find_element_info({0, number});
  }
  const std::span<const ElementInfo> all = elements_of_enterprise(0);
  const auto info = std::find_if(all.begin(), all.end(), [name](const ElementInfo& element) {
    return same_name(element.name, name);
  });
  return info == all.end() ? nullptr : &*info;
}

// How texts of such elements are written; none for those that are no values of a field, such as
// strings, or that need the time of export.
std::optional<Notation> notation_of(const ElementInfo& info) {
  constexpr std::uint16_t kStartDelta = 158;
  constexpr std::uint16_t kEndDelta = 159;
  constexpr std::uint16_t kDurationMicroseconds = 162;
  if (info.number == kStartDelta || info.number == kEndDelta) {
    return std::nullopt;
  }
  if (info.number == kDurationMicroseconds) {
    return Notation::microseconds;
  }
  switch (info.type) {
    case DataType::dateTimeSeconds:
      return Notation::seconds;
    case DataType::dateTimeMicroseconds:
      return Notation::microseconds;
    case DataType::dateTimeNanoseconds:
      return Notation::nanoseconds;
    case DataType::octetArray:
    case DataType::boolean:
    case DataType::string:
    case DataType::basicList:
    case DataType::subTemplateList:
    case DataType::subTemplateMultiList:
    case DataType::unsigned256:
      return std::nullopt;
    default:
      return Notation::plain;
  }
}

// Elements that stand for a field where a flow has it by no other, as in records
// (element_sources.h).
struct Substitute {
  ElementId element;
  ElementId field;
};
constexpr Substitute kSubstitutes[] = {
    {{0, 85}, element::kOctets},           {{0, 86}, element::kPackets},
    {{0, 180}, element::kSourcePort},      {{0, 182}, element::kSourcePort},
    {{0, 181}, element::kDestinationPort}, {{0, 183}, element::kDestinationPort},
};

}  // namespace

std::optional<TextName> find_element_name(std::string_view name) {
  constexpr std::string_view kReverse = "reverse";
  const std::optional<ElementId> id = find_element(name);
  if (!id) {
    return std::nullopt;
  }
  const bool reverse = id->enterprise == kReverseEnterprise && name.size() > kReverse.size();
  for (const Substitute& substitute : kSubstitutes) {
    if (substitute.element == *id) {
      return TextName{field_of(substitute.field), Notation::plain, true, true};
    }
  }
  const ElementInfo* info = named_element(reverse ? name.substr(kReverse.size()) : name);
  const bool stands_in = info != nullptr && id->element != info->number;
  info = info == nullptr ? find_element_info(*id) : info;
  const std::optional<Notation> notation =
      info == nullptr ? std::optional(Notation::plain) : notation_of(*info);
  if (!notation) {
    return TextName{std::nullopt, Notation::plain, true};
  }
  // A field that is the element itself is printed under its name, in ms.
  return TextName{field_of(*id), stands_in ? *notation : Notation::plain, true, stands_in};
}

}  // namespace nfql
