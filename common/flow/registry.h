// The fields the toolkit knows by name: IPFIX information elements (IANA registry, RFC 7012) and
// the short names that people type.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "common/flow/type.h"

namespace nfql {

/// Stands where an enterprise number stands for fields that only this toolkit has.
inline constexpr std::uint32_t kLocalEnterprise = 0xffff'ffffU;

/// The enterprise number of elements that count the other direction of a biflow (RFC 5103).
inline constexpr std::uint32_t kReverseEnterprise = 29305;

/// What identifies a field whatever it is called: an IPFIX element. {0, 0} is none.
struct ElementId {
  std::uint32_t enterprise = 0;
  std::uint16_t element = 0;

  [[nodiscard]] constexpr bool any() const { return enterprise != 0 || element != 0; }
  friend constexpr bool operator==(const ElementId&, const ElementId&) = default;
};

/// One entry of the registry. A field that IPFIX splits by address family is one field here, under
/// the id of its IPv4 element.
struct FieldInfo {
  ElementId id;
  std::uint16_t element6;                   ///< IPFIX element of the IPv6 half, or 0
  std::string_view name;                    ///< IPFIX name
  std::string_view name6;                   ///< IPFIX name of the IPv6 half, or empty
  std::array<std::string_view, 4> aliases;  ///< the first is what outputs call it; may be empty
  Type type;
  Meaning meaning;
  std::string_view unit;
  std::string_view about;

  /// The first alias, or the IPFIX name.
  [[nodiscard]] constexpr std::string_view short_name() const {
    return aliases[0].empty() ? name : aliases[0];
  }
};

/// All entries, in the order in which --help-fields lists them.
[[nodiscard]] std::span<const FieldInfo> all_fields();
/// By IPFIX name or alias, case ignored; nullptr when unknown.
[[nodiscard]] const FieldInfo* find_field(std::string_view name);
/// By element; nullptr when unknown.
[[nodiscard]] const FieldInfo* find_field(ElementId id);
/// The known name or alias nearest to a misspelt one, if none is near that of another element
/// (elements.h), or "".
[[nodiscard]] std::string_view nearest_field(std::string_view name);

namespace element {
// Ids that code refers to; the rest is only in the table.
inline constexpr ElementId kOctets{0, 1}, kPackets{0, 2}, kFlowCount{0, 3}, kProtocol{0, 4},
    kClassOfService{0, 5}, kTcpFlags{0, 6}, kSourcePort{0, 7}, kSourceAddress{0, 8},
    kSourceMask{0, 9}, kIngress{0, 10}, kDestinationPort{0, 11}, kDestinationAddress{0, 12},
    kDestinationMask{0, 13}, kEgress{0, 14}, kNextHop{0, 15}, kSourceAs{0, 16},
    kDestinationAs{0, 17}, kEndUptime{0, 21}, kStartUptime{0, 22}, kEngineType{0, 38},
    kEngineId{0, 39}, kExporter{0, 130}, kFlowId{0, 148}, kStart{0, 152}, kEnd{0, 153},
    kDuration{0, 161}, kBgpNextHop{0, 18}, kIcmpTypeCode{0, 32}, kSamplingInterval{0, 34},
    kObservationDomain{0, 149}, kSelectorId{0, 302}, kReverseOctets{kReverseEnterprise, 1},
    kReversePackets{kReverseEnterprise, 2};
// Elements of CERT (PEN 6871), which SiLK and yaf use.
inline constexpr ElementId kInitialTcpFlags{6871, 14}, kUnionTcpFlags{6871, 15},
    kSilkFlowType{6871, 30}, kSilkSensor{6871, 31}, kSilkTcpState{6871, 32},
    kSilkApplication{6871, 33};
// Fields of a flow-tools record that IPFIX has no element for, kept so that it can be written back.
inline constexpr ElementId kExportSeconds{kLocalEnterprise, 1},
    kExportNanoseconds{kLocalEnterprise, 2}, kExportUptime{kLocalEnterprise, 3},
    kPadding{kLocalEnterprise, 4};
// Fields of an nfdump record for which the same is true.
inline constexpr ElementId kNfdumpExporter{kLocalEnterprise, 5}, kNfdumpFlags{kLocalEnterprise, 6},
    kFirewallDetail{kLocalEnterprise, 7}, kExportedFlowId{kLocalEnterprise, 8};
// Columns that stages make.
inline constexpr ElementId kStream{kLocalEnterprise, 16}, kComponent{kLocalEnterprise, 17},
    kCount{kLocalEnterprise, 18};
}  // namespace element

}  // namespace nfql
