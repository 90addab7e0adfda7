// All information elements of IPFIX: what the registries say of them, and which field each one is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/flow/registry.h"

namespace nfql {

/// How an element lies in a record. The numbers are those of RFC 5610 and of IANA's registry of
/// data types.
enum class DataType : std::uint8_t {
  octetArray = 0,
  unsigned8 = 1,
  unsigned16 = 2,
  unsigned32 = 3,
  unsigned64 = 4,
  signed8 = 5,
  signed16 = 6,
  signed32 = 7,
  signed64 = 8,
  float32 = 9,
  float64 = 10,
  boolean = 11,
  macAddress = 12,
  string = 13,
  dateTimeSeconds = 14,
  dateTimeMilliseconds = 15,
  dateTimeMicroseconds = 16,
  dateTimeNanoseconds = 17,
  ipv4Address = 18,
  ipv6Address = 19,
  basicList = 20,
  subTemplateList = 21,
  subTemplateMultiList = 22,
  unsigned256 = 23,
};

/// The enterprise number of CERT, whose yaf and SiLK have elements of their own.
inline constexpr std::uint32_t kCertEnterprise = 6871;

/// An element as its registry has it.
struct ElementInfo {
  std::uint16_t number;
  DataType type;
  std::string_view name;
};

/// The elements of an enterprise, by number: 0 is IANA's registry, kCertEnterprise that of CERT;
/// none for others.
[[nodiscard]] std::span<const ElementInfo> elements_of_enterprise(std::uint32_t enterprise);
/// What the registry says, of an element that counts the other direction (kReverseEnterprise) what
/// it says of the one that counts this; nullptr for elements that no registry here has.
[[nodiscard]] const ElementInfo* find_element_info(ElementId id);
/// Bytes that a value has in a record unless the record says otherwise; 0 where it may be any.
[[nodiscard]] std::size_t size_of(DataType type);

/// The field that holds the values of an element: that of all_fields() it is a half of, or another
/// unit of (`flowStartSeconds` is `start`), else the element itself. `element` is as in a record,
/// where 148 is not our flowId but the exporter's.
[[nodiscard]] ElementId field_of_element(ElementId element);

/// The field that a user means by a name or alias of all_fields(), by a name of a registry, by
/// `reverse` and such a name (RFC 5103), or by number: `ie85`, `e6871:14`. Case is ignored.
[[nodiscard]] std::optional<ElementId> find_element(std::string_view name);

/// The name of the registry, for reverse elements with `reverse` in front, else `e6871:999`.
[[nodiscard]] std::string element_name(ElementId id);

}  // namespace nfql
