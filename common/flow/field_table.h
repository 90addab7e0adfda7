// The table behind the registry: one entry a field, in the order of --help-fields.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/flow/registry.h"

namespace nfql::fields {

/// What the values of a field are.
struct Kind {
  Type type;
  Meaning meaning = Meaning::number;
  std::string_view unit = {};
};
inline constexpr Kind kTime{Type::i64, Meaning::time, "ms"};
inline constexpr Kind kDuration{Type::i64, Meaning::duration, "ms"};
inline constexpr Kind kUptime{Type::u32, Meaning::duration, "ms"};
inline constexpr Kind kAddress{Type::address, Meaning::address};
inline constexpr Kind kMac{Type::u64, Meaning::mac};
inline constexpr Kind kPort{Type::u16, Meaning::port};
inline constexpr Kind kProtocol{Type::u8, Meaning::protocol};
inline constexpr Kind kFlags{Type::u8, Meaning::flags};
inline constexpr Kind kU8{Type::u8}, kU16{Type::u16}, kU32{Type::u32}, kU64{Type::u64};
inline constexpr Kind kBits{Type::u8, Meaning::number, "bits"};
inline constexpr Kind kPackets{Type::u64, Meaning::number, "packets"};
inline constexpr Kind kBytes{Type::u64, Meaning::number, "bytes"};
inline constexpr Kind kPackets32{Type::u32, Meaning::number, "packets"};
inline constexpr Kind kSeconds{Type::u32, Meaning::number, "s"};
inline constexpr Kind kNanoseconds{Type::u32, Meaning::number, "ns"};
inline constexpr Kind kFlows{Type::u64, Meaning::number, "flows"};

/// An entry; `aliases` are separated by blanks, the first is what outputs call the field.
constexpr FieldInfo field(ElementId id, std::string_view name, std::string_view aliases,
                          const Kind& kind, std::string_view about) {
  FieldInfo info{id, 0, name, {}, {}, kind.type, kind.meaning, kind.unit, about};
  for (std::size_t i = 0; !aliases.empty(); ++i) {
    const std::size_t end = aliases.find(' ');
    info.aliases.at(i) = aliases.substr(0, end);
    aliases.remove_prefix(end == std::string_view::npos ? aliases.size() : end + 1);
  }
  return info;
}

/// The same field with the element of its IPv6 half.
constexpr FieldInfo both(FieldInfo info, std::uint16_t element6, std::string_view name6) {
  info.element6 = element6;
  info.name6 = name6;
  return info;
}

constexpr ElementId ipfix(std::uint16_t element) {
  return {0, element};
}

inline constexpr std::array kTable = {
    field(element::kStart, "flowStartMilliseconds", "start stime", kTime,
          "first packet, wall clock"),
    field(element::kEnd, "flowEndMilliseconds", "end etime", kTime, "last packet, wall clock"),
    field(element::kDuration, "flowDurationMilliseconds", "duration td", kDuration,
          "end - start, computed"),
    both(field(element::kSourceAddress, "sourceIPv4Address", "srcip src sip srcaddr", kAddress,
               "source address"),
         27, "sourceIPv6Address"),
    field(element::kSourcePort, "sourceTransportPort", "srcport sport", kPort, "source port"),
    both(field(element::kDestinationAddress, "destinationIPv4Address", "dstip dst dip dstaddr",
               kAddress, "destination address"),
         28, "destinationIPv6Address"),
    field(element::kDestinationPort, "destinationTransportPort", "dstport dport", kPort,
          "destination port; ICMP: type * 256 + code"),
    both(field(element::kIcmpTypeCode, "icmpTypeCodeIPv4", "icmptypecode", kU16,
               "ICMP: type * 256 + code"),
         139, "icmpTypeCodeIPv6"),
    field(element::kProtocol, "protocolIdentifier", "proto prot", kProtocol, "IP protocol"),
    field(element::kTcpFlags, "tcpControlBits", "flags tcp_flags", kFlags,
          "TCP flags, or of all packets"),
    field(element::kInitialTcpFlags, "initialTCPFlags", "initialflags", kFlags,
          "TCP flags of the first packet"),
    field(element::kUnionTcpFlags, "unionTCPFlags", "sessionflags", kFlags,
          "TCP flags, or of all packets but the first"),
    field(element::kPackets, "packetDeltaCount", "packets pkts dPkts", kPackets, "packets"),
    field(element::kOctets, "octetDeltaCount", "bytes octets dOctets", kBytes,
          "bytes of IP packets"),
    field(element::kReversePackets, "reversePacketDeltaCount", "outpackets outpkts", kPackets,
          "packets in the other direction"),
    field(element::kReverseOctets, "reverseOctetDeltaCount", "outbytes", kBytes,
          "bytes in the other direction"),
    field(element::kFlowCount, "deltaFlowCount", "flows dFlows", kFlows,
          "flows in this record, 1 where not said"),
    field(element::kClassOfService, "ipClassOfService", "tos", kU8, "type of service"),
    field(ipfix(55), "postIpClassOfService", "dsttos", kU8, "type of service on the way out"),
    field(element::kIngress, "ingressInterface", "inif input sif", kU32, "SNMP index, incoming"),
    field(element::kEgress, "egressInterface", "outif output dif", kU32, "SNMP index, outgoing"),
    both(field(element::kNextHop, "ipNextHopIPv4Address", "nexthop", kAddress, "next hop"), 62,
         "ipNextHopIPv6Address"),
    both(field(element::kBgpNextHop, "bgpNextHopIPv4Address", "bgpnexthop", kAddress,
               "next hop of BGP"),
         63, "bgpNextHopIPv6Address"),
    field(element::kSourceAs, "bgpSourceAsNumber", "srcas src_as", kU32, "source AS"),
    field(element::kDestinationAs, "bgpDestinationAsNumber", "dstas dst_as", kU32,
          "destination AS"),
    field(ipfix(128), "bgpNextAdjacentAsNumber", "nextas", kU32, "AS that follows"),
    field(ipfix(129), "bgpPrevAdjacentAsNumber", "prevas", kU32, "AS that comes before"),
    both(field(element::kSourceMask, "sourceIPv4PrefixLength", "srcmask src_mask", kBits,
               "source prefix length"),
         29, "sourceIPv6PrefixLength"),
    both(field(element::kDestinationMask, "destinationIPv4PrefixLength", "dstmask dst_mask", kBits,
               "destination prefix length"),
         30, "destinationIPv6PrefixLength"),
    both(field(element::kExporter, "exporterIPv4Address", "exporter exaddr", kAddress,
               "exporting router"),
         131, "exporterIPv6Address"),
    field(element::kEngineType, "engineType", "engine_type", kU8, "type of switching engine"),
    field(element::kEngineId, "engineId", "engine_id", kU8, "slot of switching engine"),
    field(ipfix(214), "exportProtocolVersion", "exportversion", kU8, "of NetFlow or IPFIX"),
    field(ipfix(138), "observationPointId", "pointid", kU64, "observation point"),
    field(element::kObservationDomain, "observationDomainId", "obsdomain", kU32,
          "observation domain"),
    field(ipfix(258), "collectionTimeMilliseconds", "received", kTime, "when the collector got it"),
    field(ipfix(61), "flowDirection", "direction dir", kU8, "0 ingress, 1 egress"),
    field(ipfix(239), "biflowDirection", "biflowdir", kU8, "1 initiator, 2 reverse, 3 perimeter"),
    field(ipfix(136), "flowEndReason", "endreason", kU8,
          "1 idle, 2 active timeout, 3 end, 4 forced"),
    field(ipfix(89), "forwardingStatus", "fwdstatus", kU8,
          "forwarded, dropped or consumed, and why"),
    field(ipfix(58), "vlanId", "srcvlan vlan", kU32, "VLAN, incoming"),
    field(ipfix(59), "postVlanId", "dstvlan", kU32, "VLAN, outgoing"),
    field(ipfix(56), "sourceMacAddress", "srcmac", kMac, "source MAC, incoming"),
    field(ipfix(80), "destinationMacAddress", "dstmac", kMac, "destination MAC, incoming"),
    field(ipfix(81), "postSourceMacAddress", "outsrcmac", kMac, "source MAC, outgoing"),
    field(ipfix(57), "postDestinationMacAddress", "outdstmac", kMac, "destination MAC, outgoing"),
    field(ipfix(70), "mplsTopLabelStackSection", "mpls1", kU32, "MPLS label, class and bottom bit"),
    field(ipfix(71), "mplsLabelStackSection2", "mpls2", kU32, "label below"),
    field(ipfix(72), "mplsLabelStackSection3", "mpls3", kU32, "label below"),
    field(ipfix(73), "mplsLabelStackSection4", "mpls4", kU32, "label below"),
    field(ipfix(74), "mplsLabelStackSection5", "mpls5", kU32, "label below"),
    field(ipfix(75), "mplsLabelStackSection6", "mpls6", kU32, "label below"),
    field(ipfix(76), "mplsLabelStackSection7", "mpls7", kU32, "label below"),
    field(ipfix(77), "mplsLabelStackSection8", "mpls8", kU32, "label below"),
    field(ipfix(78), "mplsLabelStackSection9", "mpls9", kU32, "label below"),
    field(ipfix(79), "mplsLabelStackSection10", "mpls10", kU32, "label below"),
    field(ipfix(243), "dot1qVlanId", "dot1qvlan", kU16, "802.1Q VLAN, incoming"),
    field(ipfix(245), "dot1qCustomerVlanId", "customervlan", kU16, "802.1Q customer VLAN"),
    field(ipfix(254), "postDot1qVlanId", "outdot1qvlan", kU16, "802.1Q VLAN, outgoing"),
    field(ipfix(255), "postDot1qCustomerVlanId", "outcustomervlan", kU16,
          "customer VLAN, outgoing"),
    field(ipfix(252), "ingressPhysicalInterface", "inphysif", kU32, "physical interface, incoming"),
    field(ipfix(253), "egressPhysicalInterface", "outphysif", kU32, "physical interface, outgoing"),
    field(ipfix(351), "layer2SegmentId", "vxlan", kU64, "VXLAN or NVGRE segment"),
    field(ipfix(256), "ethernetType", "ethertype", kU16, "type of the Ethernet frame"),
    field(ipfix(60), "ipVersion", "ipversion", kU8, "4 or 6"),
    field(ipfix(197), "fragmentFlags", "fragment", kU8, "don't fragment, more fragments"),
    field(ipfix(52), "minimumTTL", "minttl", kU8, "least time to live"),
    field(ipfix(53), "maximumTTL", "maxttl", kU8, "largest time to live"),
    field(ipfix(234), "ingressVRFID", "invrf", kU32, "VRF, incoming"),
    field(ipfix(235), "egressVRFID", "outvrf", kU32, "VRF, outgoing"),
    field(element::kSamplingInterval, "samplingInterval", "sampling", kPackets32,
          "one packet of so many was seen"),
    field(ipfix(35), "samplingAlgorithm", "samplingalgorithm", kU8, "1 deterministic, 2 random"),
    field(element::kSelectorId, "selectorId", "sampler", kU64, "sampler that chose the packets"),
    field(ipfix(323), "observationTimeMilliseconds", "eventtime", kTime, "when the event happened"),
    field(ipfix(233), "firewallEvent", "fwevent", kU8, "1 created, 2 deleted, 3 denied, 5 update"),
    field(element::kFirewallDetail, "firewallExtendedEvent", "fwxevent", kU16,
          "why, as the firewall says"),
    field(element::kExportedFlowId, "exportedFlowId", "connid", kU64,
          "the exporter's own number of the flow"),
    field(ipfix(230), "natEvent", "natevent", kU8, "what the NAT did"),
    field(ipfix(283), "natPoolId", "natpool", kU32, "pool of the NAT"),
    both(field(ipfix(225), "postNATSourceIPv4Address", "natsrcip", kAddress, "source after NAT"),
         281, "postNATSourceIPv6Address"),
    both(field(ipfix(226), "postNATDestinationIPv4Address", "natdstip", kAddress,
               "destination after NAT"),
         282, "postNATDestinationIPv6Address"),
    field(ipfix(227), "postNAPTSourceTransportPort", "natsrcport", kPort, "source port after NAT"),
    field(ipfix(228), "postNAPTDestinationTransportPort", "natdstport", kPort,
          "destination port after NAT"),
    field(ipfix(361), "portRangeStart", "portstart", kPort, "first port of the block"),
    field(ipfix(362), "portRangeEnd", "portend", kPort, "last port of the block"),
    field(ipfix(363), "portRangeStepSize", "portstep", kU16, "from port to port of the block"),
    field(ipfix(364), "portRangeNumPorts", "portcount", kU16, "ports in the block"),
    field(element::kSilkApplication, "silkAppLabel", "application", kPort,
          "SiLK: the service that the content speaks of, as its port"),
    field(element::kSilkSensor, "silkFlowSensor", "sensor", kU16, "SiLK: number of the sensor"),
    field(element::kSilkFlowType, "silkFlowType", "flowtype", kU8,
          "SiLK: number of the class and type"),
    field(element::kSilkTcpState, "silkTCPState", "tcpstate", kU8,
          "SiLK: timeouts and other attributes, as bits"),
    field(element::kStartUptime, "flowStartSysUpTime", "First", kUptime,
          "first packet, router uptime"),
    field(element::kEndUptime, "flowEndSysUpTime", "Last", kUptime, "last packet, router uptime"),
    field(element::kFlowId, "flowId", "flowId rec_id", kU64, "ordinal over all inputs, from 0"),
    field(element::kExportSeconds, "exportSeconds", "unix_secs", kSeconds,
          "flow-tools: export time"),
    field(element::kExportNanoseconds, "exportNanoseconds", "unix_nsecs", kNanoseconds,
          "flow-tools: export time, rest"),
    field(element::kExportUptime, "exportSysUpTime", "sysuptime", kUptime,
          "flow-tools: uptime at export"),
    field(element::kPadding, "flowToolsPadding", "ft_pad", kU8,
          "flow-tools: byte 55 of the record"),
    field(element::kNfdumpExporter, "nfdumpExporter", "exid", kU16,
          "nfdump: number of the exporter"),
    field(element::kNfdumpFlags, "nfdumpFlags", "nf_flags", kU8,
          "nfdump: 1 event, 2 sampled, 4 anonymised"),
};

}  // namespace nfql::fields
