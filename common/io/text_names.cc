#include "common/io/text_names.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "common/base/names.h"
#include "common/io/text_element_names.h"

namespace nfql {
namespace {

// A name that others use, and the IPFIX name of what it is; "" for what we have no field for.
struct PeerName {
  std::string_view name;
  std::string_view field;
  Notation notation = Notation::plain;
};

// nfdump: -o csv up to 1.7.2, csv of later versions with all elements, json and ndjson.
constexpr PeerName kNfdump[] = {
    {"ts", "flowStartMilliseconds"},
    {"te", "flowEndMilliseconds"},
    {"td", "flowDurationMilliseconds", Notation::duration_seconds},
    {"sa", "sourceIPv4Address"},
    {"da", "destinationIPv4Address"},
    {"sp", "sourceTransportPort"},
    {"dp", "destinationTransportPort"},
    {"pr", "protocolIdentifier"},
    {"flg", "tcpControlBits"},
    {"fwd", "forwardingStatus"},
    {"stos", "ipClassOfService"},
    {"ipkt", "packetDeltaCount"},
    {"ibyt", "octetDeltaCount"},
    {"opkt", "reversePacketDeltaCount"},
    {"obyt", "reverseOctetDeltaCount"},
    {"in", "ingressInterface"},
    {"out", "egressInterface"},
    {"sas", "bgpSourceAsNumber"},
    {"das", "bgpDestinationAsNumber"},
    {"smk", "sourceIPv4PrefixLength"},
    {"dmk", "destinationIPv4PrefixLength"},
    {"dtos", "postIpClassOfService"},
    {"dir", "flowDirection"},
    {"nh", "ipNextHopIPv4Address"},
    {"nhb", "bgpNextHopIPv4Address"},
    {"svln", "vlanId"},
    {"dvln", "postVlanId"},
    {"ismc", "sourceMacAddress"},
    {"odmc", "postDestinationMacAddress"},
    {"idmc", "destinationMacAddress"},
    {"osmc", "postSourceMacAddress"},
    {"cl", ""},
    {"sl", ""},
    {"al", ""},
    {"ra", "exporterIPv4Address"},
    {"eng", ""},
    {"exid", "nfdumpExporter"},
    {"tr", "collectionTimeMilliseconds"},

    {"firstSeen", "flowStartMilliseconds"},
    {"lastSeen", "flowEndMilliseconds"},
    {"received", "collectionTimeMilliseconds"},
    {"duration", "flowDurationMilliseconds", Notation::duration_seconds},
    {"inPackets", "packetDeltaCount"},
    {"inBytes", "octetDeltaCount"},
    {"outPackets", "reversePacketDeltaCount"},
    {"outBytes", "reverseOctetDeltaCount"},
    {"icmpType", "destinationTransportPort", Notation::icmp_type},
    {"icmpCode", "destinationTransportPort", Notation::icmp_code},
    {"fwdStatus", "forwardingStatus"},
    {"srcTos", "ipClassOfService"},
    {"dstTos", "postIpClassOfService"},
    {"biDirection", "biflowDirection"},
    {"endReason", "flowEndReason"},
    {"srcVlan", "vlanId"},
    {"dstVlan", "postVlanId"},
    {"bgpNextIP", "bgpNextHopIPv4Address"},
    {"nextIP", "ipNextHopIPv4Address"},
    {"routerIP", "exporterIPv4Address"},
    {"inSrcMac", "sourceMacAddress"},
    {"outDstMac", "postDestinationMacAddress"},
    {"inDstMac", "destinationMacAddress"},
    {"outSrcMac", "postSourceMacAddress"},
    {"nextAS", "bgpNextAdjacentAsNumber"},
    {"prevAS", "bgpPrevAdjacentAsNumber"},
    {"obsDomainID", "observationDomainId"},
    {"obsPointID", "observationPointId"},
    {"ingressVrfID", "ingressVRFID"},
    {"egressVrfID", "egressVRFID"},
    {"minTTL", "minimumTTL"},
    {"maxTTL", "maximumTTL"},
    {"exporterID", "nfdumpExporter"},
    {"flowID", ""},
    {"version", ""},
    {"count", ""},
    {"cnt", ""},
    {"af", ""},
    {"ident", ""},
    {"engine", ""},
    {"bps", ""},
    {"pps", ""},
    {"bpp", ""},
    {"srcNet", ""},
    {"dstNet", ""},
    {"inIfName", ""},
    {"outIfName", ""},
    {"clientLatency", ""},
    {"serverLatency", ""},
    {"appLatency", ""},
    {"srcGeo", ""},
    {"dstGeo", ""},

    {"type", ""},
    {"sampled", ""},
    {"export_sysid", "nfdumpExporter"},
    {"first", "flowStartMilliseconds"},
    {"last", "flowEndMilliseconds"},
    {"in_packets", "packetDeltaCount"},
    {"in_bytes", "octetDeltaCount"},
    {"out_packets", "reversePacketDeltaCount"},
    {"out_bytes", "reverseOctetDeltaCount"},
    {"aggr_flows", "deltaFlowCount"},
    {"icmp_type", "destinationTransportPort", Notation::icmp_type},
    {"icmp_code", "destinationTransportPort", Notation::icmp_code},
    {"src_port", "sourceTransportPort"},
    {"dst_port", "destinationTransportPort"},
    {"fwd_status", "forwardingStatus"},
    {"src_tos", "ipClassOfService"},
    {"dst_tos", "postIpClassOfService"},
    {"src4_addr", "sourceIPv4Address"},
    {"dst4_addr", "destinationIPv4Address"},
    {"src6_addr", "sourceIPv6Address"},
    {"dst6_addr", "destinationIPv6Address"},
    {"src_geo", ""},
    {"dst_geo", ""},
    {"input_snmp", "ingressInterface"},
    {"output_snmp", "egressInterface"},
    {"src_net", ""},
    {"dst_net", ""},
    {"direction", "flowDirection"},
    {"src_vlan", "vlanId"},
    {"dst_vlan", "postVlanId"},
    {"bgp4_next_hop", "bgpNextHopIPv4Address"},
    {"bgp6_next_hop", "bgpNextHopIPv6Address"},
    {"ip4_next_hop", "ipNextHopIPv4Address"},
    {"ip6_next_hop", "ipNextHopIPv6Address"},
    {"ip4_router", "exporterIPv4Address"},
    {"ip6_router", "exporterIPv6Address"},
    {"in_src_mac", "sourceMacAddress"},
    {"out_dst_mac", "postDestinationMacAddress"},
    {"in_dst_mac", "destinationMacAddress"},
    {"out_src_mac", "postSourceMacAddress"},
    {"next_as", "bgpNextAdjacentAsNumber"},
    {"prev_as", "bgpPrevAdjacentAsNumber"},
    {"cli_latency", ""},
    {"srv_latency", ""},
    {"app_latency", ""},
    {"label", ""},
};

// goflow2 -format json; version 1 writes the same names without underscores (TimeFlowStart).
constexpr PeerName kGoflow2[] = {
    {"type", ""},
    {"time_received_ns", "collectionTimeMilliseconds", Notation::nanoseconds},
    {"time_received", "collectionTimeMilliseconds", Notation::seconds},
    {"sequence_num", ""},
    {"sampling_rate", "samplingInterval"},
    {"flow_direction", "flowDirection"},
    {"sampler_address", "exporterIPv4Address"},
    {"time_flow_start_ns", "flowStartMilliseconds", Notation::nanoseconds},
    {"time_flow_end_ns", "flowEndMilliseconds", Notation::nanoseconds},
    {"time_flow_start_ms", "flowStartMilliseconds"},
    {"time_flow_end_ms", "flowEndMilliseconds"},
    {"time_flow_start", "flowStartMilliseconds", Notation::seconds},
    {"time_flow_end", "flowEndMilliseconds", Notation::seconds},
    {"src_addr", "sourceIPv4Address"},
    {"dst_addr", "destinationIPv4Address"},
    {"etype", ""},
    {"src_port", "sourceTransportPort"},
    {"dst_port", "destinationTransportPort"},
    {"in_if", "ingressInterface"},
    {"out_if", "egressInterface"},
    {"src_mac", "sourceMacAddress"},
    {"dst_mac", "destinationMacAddress"},
    {"src_vlan", "vlanId"},
    {"dst_vlan", "postVlanId"},
    {"vlan_id", ""},
    {"ingress_vrf_id", "ingressVRFID"},
    {"egress_vrf_id", "egressVRFID"},
    {"ip_tos", "ipClassOfService"},
    {"forwarding_status", "forwardingStatus"},
    {"ip_ttl", "minimumTTL"},
    {"tcp_flags", "tcpControlBits"},
    {"icmp_type", "destinationTransportPort", Notation::icmp_type},
    {"icmp_code", "destinationTransportPort", Notation::icmp_code},
    {"bi_flow_direction", "biflowDirection"},
    {"src_as", "bgpSourceAsNumber"},
    {"dst_as", "bgpDestinationAsNumber"},
    {"next_hop", "ipNextHopIPv4Address"},
    {"next_hop_as", "bgpNextAdjacentAsNumber"},
    {"bgp_next_hop", "bgpNextHopIPv4Address"},
    {"src_net", "sourceIPv4PrefixLength"},
    {"dst_net", "destinationIPv4PrefixLength"},
    {"observation_domain_id", "observationDomainId"},
    {"observation_point_id", "observationPointId"},
    {"ip_flags", ""},
    {"ipv6_flow_label", ""},
    {"fragment_id", ""},
    {"fragment_offset", ""},
    {"icmp_name", ""},
    {"as_path", ""},
    {"bgp_communities", ""},
    {"csum", ""},
};

// Names that nobody else uses, one of which each file of theirs has.
constexpr std::array<std::string_view, 10> kNfdumpMarks = {
    "ts",       "te",         "ipkt",     "ibyt",      "firstSeen",
    "lastSeen", "in_packets", "in_bytes", "src4_addr", "src6_addr"};
constexpr std::array<std::string_view, 6> kGoflow2Marks = {
    "time_received_ns", "time_received", "sampler_address",
    "time_flow_start",  "sequence_num",  "time_flow_start_ns"};

bool same_but_underscores(std::string_view a, std::string_view b) {
  const auto bare = [](std::string_view name) {
    std::string text = lower(name);
    text.erase(std::remove(text.begin(), text.end(), '_'), text.end());
    return text;
  };
  return bare(a) == bare(b);
}

bool is_mark(std::string_view name, TextOrigin origin) {
  if (origin == TextOrigin::nfdump) {
    return std::find(kNfdumpMarks.begin(), kNfdumpMarks.end(), name) != kNfdumpMarks.end();
  }
  return std::any_of(kGoflow2Marks.begin(), kGoflow2Marks.end(),
                     [name](std::string_view mark) { return same_but_underscores(mark, name); });
}

const PeerName* find_peer_name(std::string_view name, TextOrigin origin) {
  const std::span<const PeerName> names = origin == TextOrigin::nfdump
                                              ? std::span<const PeerName>(kNfdump)
                                              : std::span<const PeerName>(kGoflow2);
  for (const PeerName& peer : names) {
    if (origin == TextOrigin::nfdump ? same_name(peer.name, name)
                                     : same_but_underscores(peer.name, name)) {
      return &peer;
    }
  }
  return nullptr;
}

// `mpls1`, `mplsLabel1`, `mpls_1` ... 10.
std::optional<Field> find_mpls(std::string_view name) {
  for (const std::string_view prefix : {"mplsLabel", "mpls_", "mpls"}) {
    if (name.starts_with(prefix)) {
      const FieldInfo* info = find_field("mpls" + std::string(name.substr(prefix.size())));
      return info == nullptr ? std::nullopt : std::optional(field_of(*info));
    }
  }
  return std::nullopt;
}

std::optional<TextName> find_of_peers(std::string_view name, TextOrigin origin) {
  if (origin == TextOrigin::own) {
    return std::nullopt;
  }
  if (origin == TextOrigin::nfdump && name.starts_with("mpls")) {
    return TextName{find_mpls(name), Notation::mpls, true};
  }
  const PeerName* peer = find_peer_name(name, origin);
  if (peer == nullptr) {
    return std::nullopt;
  }
  const FieldInfo* info = peer->field.empty() ? nullptr : find_field(peer->field);
  return TextName{info == nullptr ? std::nullopt : std::optional(field_of(*info)), peer->notation,
                  true};
}

// What SiLK's rwcut and others call fields.
constexpr PeerName kCommonNames[] = {
    {"protocol", "protocolIdentifier"},
    {"pro", "protocolIdentifier"},
    {"dur", "flowDurationMilliseconds", Notation::duration_seconds},
};

std::optional<TextName> find_common_name(std::string_view name) {
  for (const PeerName& common : kCommonNames) {
    if (same_name(common.name, name)) {
      return TextName{field_of(*find_field(common.field)), common.notation, true};
    }
  }
  return std::nullopt;
}

}  // namespace

TextOrigin text_origin(const std::vector<std::string>& names) {
  for (const TextOrigin origin : {TextOrigin::nfdump, TextOrigin::goflow2}) {
    if (std::any_of(names.begin(), names.end(),
                    [origin](const std::string& name) { return is_mark(name, origin); })) {
      return origin;
    }
  }
  return TextOrigin::own;
}

TextName find_text_name(std::string_view name, TextOrigin origin) {
  if (const std::optional<TextName> peer = find_of_peers(name, origin)) {
    return *peer;
  }
  if (const FieldInfo* info = find_field(name)) {
    return {field_of(*info), Notation::plain, true};
  }
  if (same_name(name, "stream")) {
    return {Field{"stream", element::kStream, Type::u64, Meaning::number, Type::u64},
            Notation::plain, true};
  }
  for (const auto& other : {find_common_name(name), find_element_name(name)}) {
    if (other) {
      return *other;
    }
  }
  return {std::nullopt, Notation::plain, false};
}

}  // namespace nfql
