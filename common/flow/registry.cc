#include "common/flow/registry.h"

#include <vector>

#include "common/base/names.h"

namespace nfql {
namespace {

using enum Type;

constexpr FieldInfo kFields[] = {
    {element::kStart,
     0,
     "flowStartMilliseconds",
     "",
     {"start", "stime"},
     i64,
     Meaning::time,
     "ms",
     "first packet, wall clock"},
    {element::kEnd,
     0,
     "flowEndMilliseconds",
     "",
     {"end", "etime"},
     i64,
     Meaning::time,
     "ms",
     "last packet, wall clock"},
    {element::kDuration,
     0,
     "flowDurationMilliseconds",
     "",
     {"duration", "td"},
     i64,
     Meaning::duration,
     "ms",
     "end - start, computed"},
    {element::kSourceAddress,
     27,
     "sourceIPv4Address",
     "sourceIPv6Address",
     {"srcip", "src", "sip", "srcaddr"},
     address,
     Meaning::address,
     "",
     "source address"},
    {element::kSourcePort,
     0,
     "sourceTransportPort",
     "",
     {"srcport", "sport"},
     u16,
     Meaning::port,
     "",
     "source port"},
    {element::kDestinationAddress,
     28,
     "destinationIPv4Address",
     "destinationIPv6Address",
     {"dstip", "dst", "dip", "dstaddr"},
     address,
     Meaning::address,
     "",
     "destination address"},
    {element::kDestinationPort,
     0,
     "destinationTransportPort",
     "",
     {"dstport", "dport"},
     u16,
     Meaning::port,
     "",
     "destination port; ICMP: type * 256 + code"},
    {element::kProtocol,
     0,
     "protocolIdentifier",
     "",
     {"proto", "prot"},
     u8,
     Meaning::protocol,
     "",
     "IP protocol"},
    {element::kTcpFlags,
     0,
     "tcpControlBits",
     "",
     {"flags", "tcp_flags"},
     u8,
     Meaning::flags,
     "",
     "TCP flags, or of all packets"},
    {element::kPackets,
     0,
     "packetDeltaCount",
     "",
     {"packets", "pkts", "dPkts"},
     u64,
     Meaning::number,
     "packets",
     "packets"},
    {element::kOctets,
     0,
     "octetDeltaCount",
     "",
     {"bytes", "octets", "dOctets"},
     u64,
     Meaning::number,
     "bytes",
     "bytes of IP packets"},
    {element::kFlowCount,
     0,
     "deltaFlowCount",
     "",
     {"flows", "dFlows"},
     u64,
     Meaning::number,
     "flows",
     "flows in this record, 1 where not said"},
    {element::kClassOfService,
     0,
     "ipClassOfService",
     "",
     {"tos"},
     u8,
     Meaning::number,
     "",
     "type of service"},
    {element::kIngress,
     0,
     "ingressInterface",
     "",
     {"inif", "input", "sif"},
     u32,
     Meaning::number,
     "",
     "SNMP index, incoming"},
    {element::kEgress,
     0,
     "egressInterface",
     "",
     {"outif", "output", "dif"},
     u32,
     Meaning::number,
     "",
     "SNMP index, outgoing"},
    {element::kNextHop,
     62,
     "ipNextHopIPv4Address",
     "ipNextHopIPv6Address",
     {"nexthop"},
     address,
     Meaning::address,
     "",
     "next hop"},
    {element::kSourceAs,
     0,
     "bgpSourceAsNumber",
     "",
     {"srcas", "src_as"},
     u32,
     Meaning::number,
     "",
     "source AS"},
    {element::kDestinationAs,
     0,
     "bgpDestinationAsNumber",
     "",
     {"dstas", "dst_as"},
     u32,
     Meaning::number,
     "",
     "destination AS"},
    {element::kSourceMask,
     29,
     "sourceIPv4PrefixLength",
     "sourceIPv6PrefixLength",
     {"srcmask", "src_mask"},
     u8,
     Meaning::number,
     "bits",
     "source prefix length"},
    {element::kDestinationMask,
     30,
     "destinationIPv4PrefixLength",
     "destinationIPv6PrefixLength",
     {"dstmask", "dst_mask"},
     u8,
     Meaning::number,
     "bits",
     "destination prefix length"},
    {element::kExporter,
     131,
     "exporterIPv4Address",
     "exporterIPv6Address",
     {"exporter", "exaddr"},
     address,
     Meaning::address,
     "",
     "exporting router"},
    {element::kEngineType,
     0,
     "engineType",
     "",
     {"engine_type"},
     u8,
     Meaning::number,
     "",
     "type of switching engine"},
    {element::kEngineId,
     0,
     "engineId",
     "",
     {"engine_id"},
     u8,
     Meaning::number,
     "",
     "slot of switching engine"},
    {element::kStartUptime,
     0,
     "flowStartSysUpTime",
     "",
     {"First"},
     u32,
     Meaning::duration,
     "ms",
     "first packet, router uptime"},
    {element::kEndUptime,
     0,
     "flowEndSysUpTime",
     "",
     {"Last"},
     u32,
     Meaning::duration,
     "ms",
     "last packet, router uptime"},
    {element::kFlowId,
     0,
     "flowId",
     "",
     {"flowId", "rec_id"},
     u64,
     Meaning::number,
     "",
     "ordinal over all inputs, from 0"},
    {element::kExportSeconds,
     0,
     "exportSeconds",
     "",
     {"unix_secs"},
     u32,
     Meaning::number,
     "s",
     "flow-tools: export time"},
    {element::kExportNanoseconds,
     0,
     "exportNanoseconds",
     "",
     {"unix_nsecs"},
     u32,
     Meaning::number,
     "ns",
     "flow-tools: export time, rest"},
    {element::kExportUptime,
     0,
     "exportSysUpTime",
     "",
     {"sysuptime"},
     u32,
     Meaning::duration,
     "ms",
     "flow-tools: uptime at export"},
    {element::kPadding,
     0,
     "flowToolsPadding",
     "",
     {"ft_pad"},
     u8,
     Meaning::number,
     "",
     "flow-tools: byte 55 of the record"},
};

bool named(const FieldInfo& field, std::string_view name) {
  if (same_name(field.name, name) || (!field.name6.empty() && same_name(field.name6, name))) {
    return true;
  }
  for (const std::string_view alias : field.aliases) {
    if (!alias.empty() && same_name(alias, name)) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::span<const FieldInfo> all_fields() {
  return kFields;
}

const FieldInfo* find_field(std::string_view name) {
  for (const FieldInfo& field : kFields) {
    if (named(field, name)) {
      return &field;
    }
  }
  return nullptr;
}

const FieldInfo* find_field(ElementId id) {
  for (const FieldInfo& field : kFields) {
    if (field.id == id) {
      return &field;
    }
  }
  return nullptr;
}

std::string_view nearest_field(std::string_view name) {
  std::vector<std::string_view> names;
  for (const FieldInfo& field : kFields) {
    names.push_back(field.name);
    if (!field.name6.empty()) {
      names.push_back(field.name6);
    }
    for (const std::string_view alias : field.aliases) {
      if (!alias.empty()) {
        names.push_back(alias);
      }
    }
  }
  return nearest_name(name, names);
}

}  // namespace nfql
