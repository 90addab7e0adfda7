#include "common/flow/elements.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/base/names.h"
#include "common/base/number_text.h"

namespace nfql {
namespace {

constexpr ElementInfo kIana[] = {
#include "common/flow/elements_iana.inc"
};
constexpr ElementInfo kCert[] = {
#include "common/flow/elements_cert.inc"
};

constexpr bool by_number(const ElementInfo& a, const ElementInfo& b) {
  return a.number < b.number;
}
static_assert(std::is_sorted(std::begin(kIana), std::end(kIana), by_number));
static_assert(std::is_sorted(std::begin(kCert), std::end(kCert), by_number));

constexpr std::string_view kReverse = "reverse";
// Elements have 15 bits; the highest says in a record that an enterprise number follows.
constexpr std::uint16_t kLargestElement = 0x7fff;

// Elements that are a field of all_fields() in another unit.
struct OtherUnit {
  std::uint16_t element;
  std::uint16_t field;
};
constexpr OtherUnit kOtherUnits[] = {
    {150, element::kStart.element},    {154, element::kStart.element},
    {156, element::kStart.element},    {158, element::kStart.element},
    {151, element::kEnd.element},      {155, element::kEnd.element},
    {157, element::kEnd.element},      {159, element::kEnd.element},
    {162, element::kDuration.element},
};

const ElementInfo* find_name(std::span<const ElementInfo> elements, std::string_view name) {
  const auto found = std::find_if(elements.begin(), elements.end(), [&](const ElementInfo& info) {
    return same_name(info.name, name);
  });
  return found == elements.end() ? nullptr : &*found;
}

// A whole number and nothing else.
template <class T>
std::optional<T> number_up_to(std::string_view text, T largest) {
  const std::optional<T> number = to_number<T>(text);
  return number && *number <= largest ? number : std::nullopt;
}

std::optional<ElementId> parse_id(std::string_view name) {
  const std::string text = lower(name);
  const std::string_view view = text;
  if (view.starts_with("ie")) {
    const auto element = number_up_to<std::uint16_t>(view.substr(2), kLargestElement);
    return element ? std::optional(ElementId{0, *element}) : std::nullopt;
  }
  const std::size_t colon = view.find(':');
  if (!view.starts_with("e") || colon == std::string_view::npos) {
    return std::nullopt;
  }
  const auto enterprise =
      number_up_to<std::uint32_t>(view.substr(1, colon - 1), kLocalEnterprise - 1);
  const auto element = number_up_to<std::uint16_t>(view.substr(colon + 1), kLargestElement);
  return enterprise && element ? std::optional(ElementId{*enterprise, *element}) : std::nullopt;
}

}  // namespace

std::span<const ElementInfo> elements_of_enterprise(std::uint32_t enterprise) {
  switch (enterprise) {
    case 0:
      return kIana;
    case kCertEnterprise:
      return kCert;
    default:
      return {};
  }
}

const ElementInfo* find_element_info(ElementId id) {
  const std::span<const ElementInfo> elements =
      elements_of_enterprise(id.enterprise == kReverseEnterprise ? 0 : id.enterprise);
  const auto found = std::lower_bound(
      elements.begin(), elements.end(), id.element,
      [](const ElementInfo& info, std::uint16_t number) { return info.number < number; });
  return found == elements.end() || found->number != id.element ? nullptr : &*found;
}

std::size_t size_of(DataType type) {
  switch (type) {
    case DataType::unsigned8:
    case DataType::signed8:
    case DataType::boolean:
      return 1;
    case DataType::unsigned16:
    case DataType::signed16:
      return 2;
    case DataType::unsigned32:
    case DataType::signed32:
    case DataType::float32:
    case DataType::dateTimeSeconds:
    case DataType::ipv4Address:
      return 4;
    case DataType::macAddress:
      return 6;
    case DataType::unsigned64:
    case DataType::signed64:
    case DataType::float64:
    case DataType::dateTimeMilliseconds:
    case DataType::dateTimeMicroseconds:
    case DataType::dateTimeNanoseconds:
      return 8;
    case DataType::ipv6Address:
      return 16;
    case DataType::unsigned256:
      return 32;
    default:
      return 0;
  }
}

ElementId field_of_element(ElementId element) {
  if (element == element::kFlowId) {
    return element::kExportedFlowId;
  }
  if (element.enterprise != 0 && element.enterprise != kReverseEnterprise) {
    return element;
  }
  for (const OtherUnit& other : kOtherUnits) {
    if (other.element == element.element) {
      return {element.enterprise, other.field};
    }
  }
  for (const FieldInfo& info : all_fields()) {
    if (info.id.enterprise == 0 && info.element6 == element.element && info.element6 != 0) {
      return {element.enterprise, info.id.element};
    }
  }
  return element;
}

std::optional<ElementId> find_element(std::string_view name) {
  if (const FieldInfo* field = find_field(name)) {
    return field->id;
  }
  if (const std::optional<ElementId> id = parse_id(name)) {
    return field_of_element(*id);
  }
  for (const std::uint32_t enterprise : {std::uint32_t{0}, kCertEnterprise}) {
    if (const ElementInfo* info = find_name(elements_of_enterprise(enterprise), name)) {
      return field_of_element({enterprise, info->number});
    }
  }
  if (name.size() > kReverse.size() && same_name(name.substr(0, kReverse.size()), kReverse)) {
    if (const ElementInfo* info = find_name(kIana, name.substr(kReverse.size()))) {
      return field_of_element({kReverseEnterprise, info->number});
    }
  }
  return std::nullopt;
}

std::string element_name(ElementId id) {
  const ElementInfo* info = find_element_info(id);
  if (info == nullptr) {
    return id.enterprise == 0 ? fmt::format("ie{}", id.element)
                              : fmt::format("e{}:{}", id.enterprise, id.element);
  }
  std::string name(info->name);
  if (id.enterprise == kReverseEnterprise) {
    name.front() = static_cast<char>(
        name.front() >= 'a' && name.front() <= 'z' ? name.front() - 'a' + 'A' : name.front());
    name.insert(0, kReverse);
  }
  return name;
}

}  // namespace nfql
