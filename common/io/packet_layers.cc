#include "common/io/packet_layers.h"

#include <algorithm>

namespace nfql {
namespace {

using PacketBytes = std::span<const std::byte>;

// LINKTYPE_ of pcap files.
namespace pcap_link {
constexpr std::uint32_t kNull = 0, kEthernet = 1, kRawBsd = 12, kRaw = 101, kLoop = 108,
                        kLinuxCooked = 113, kRawIpv4 = 228, kRawIpv6 = 229, kLinuxCooked2 = 276;
}  // namespace pcap_link

constexpr std::uint16_t kIpv4Type = 0x0800, kIpv6Type = 0x86dd;
constexpr std::size_t kIpv4Header = 20, kIpv6Header = 40;

std::uint8_t byte_at(PacketBytes bytes, std::size_t at) {
  return std::to_integer<std::uint8_t>(bytes[at]);
}
std::uint16_t net16(PacketBytes bytes, std::size_t at) {
  return load<std::uint16_t>(bytes.data() + at, ByteOrder::big);
}
std::uint32_t net32(PacketBytes bytes, std::size_t at) {
  return load<std::uint32_t>(bytes.data() + at, ByteOrder::big);
}

// What is behind a field of 2 bytes that names a protocol, and behind tags of VLANs.
std::optional<PacketBytes> behind_type(PacketBytes frame, std::size_t type_at) {
  constexpr std::uint16_t kTags[] = {0x8100, 0x88a8, 0x9100};
  constexpr std::size_t kTagBytes = 4;
  while (frame.size() >= type_at + sizeof(std::uint16_t)) {
    const std::uint16_t type = net16(frame, type_at);
    if (type == kIpv4Type || type == kIpv6Type) {
      return frame.subspan(type_at + sizeof(std::uint16_t));
    }
    if (std::find(std::begin(kTags), std::end(kTags), type) == std::end(kTags)) {
      return std::nullopt;
    }
    type_at += kTagBytes;
  }
  return std::nullopt;
}

// The family in front of a packet of a loopback: 2 is IPv4 everywhere, IPv6 has many numbers.
std::optional<PacketBytes> behind_family(PacketBytes frame, ByteOrder order) {
  constexpr std::uint32_t kFamilies[] = {2, 10, 24, 28, 30};
  if (frame.size() < sizeof(std::uint32_t)) {
    return std::nullopt;
  }
  const auto family = load<std::uint32_t>(frame.data(), order);
  const bool known =
      std::find(std::begin(kFamilies), std::end(kFamilies), family) != std::end(kFamilies);
  return known ? std::optional(frame.subspan(sizeof(std::uint32_t))) : std::nullopt;
}

std::optional<IpPacket> parse_ipv4(PacketBytes packet) {
  constexpr std::uint16_t kMore = 0x2000, kOffset = 0x1fff;
  constexpr std::size_t kOffsetUnit = 8;
  if (packet.size() < kIpv4Header) {
    return std::nullopt;
  }
  const std::size_t header = std::size_t{byte_at(packet, 0) & 0xfU} * sizeof(std::uint32_t);
  // A length of 0 is what a network card leaves that cuts packets up itself.
  const std::size_t said = net16(packet, 2);
  const std::size_t total = said == 0 ? packet.size() : std::min(said, packet.size());
  if (header < kIpv4Header || total < header) {
    return std::nullopt;
  }
  const std::uint16_t fragment = net16(packet, 6);
  IpPacket ip;
  ip.source = mapped(net32(packet, 12));
  ip.destination = mapped(net32(packet, 16));
  ip.protocol = byte_at(packet, 9);
  ip.payload = packet.subspan(header, total - header);
  ip.id = net16(packet, 4);
  ip.offset = static_cast<std::size_t>(fragment & kOffset) * kOffsetUnit;
  ip.more = (fragment & kMore) != 0;
  return ip;
}

Address ipv6_at(PacketBytes bytes, std::size_t at) {
  return {load<std::uint64_t>(bytes.data() + at, ByteOrder::big),
          load<std::uint64_t>(bytes.data() + at + sizeof(std::uint64_t), ByteOrder::big)};
}

// Goes past one header of extension; false if there is none.
bool take_extension(IpPacket& ip) {
  constexpr std::uint8_t kHopByHop = 0, kRouting = 43, kFragment = 44, kDestination = 60;
  constexpr std::size_t kUnit = 8;
  if (ip.payload.size() < kUnit || ip.is_fragment()) {
    return false;
  }
  std::size_t length = kUnit;
  if (ip.protocol == kFragment) {
    ip.offset = net16(ip.payload, 2) & 0xfff8U;
    ip.more = (byte_at(ip.payload, 3) & 1U) != 0;
    ip.id = net32(ip.payload, 4);
  } else if (ip.protocol == kHopByHop || ip.protocol == kRouting || ip.protocol == kDestination) {
    length += byte_at(ip.payload, 1) * kUnit;
  } else {
    return false;
  }
  ip.protocol = byte_at(ip.payload, 0);
  ip.payload = ip.payload.subspan(std::min(length, ip.payload.size()));
  return true;
}

std::optional<IpPacket> parse_ipv6(PacketBytes packet) {
  if (packet.size() < kIpv6Header) {
    return std::nullopt;
  }
  const std::size_t said = net16(packet, 4);
  const std::size_t left = packet.size() - kIpv6Header;
  IpPacket ip;
  ip.source = ipv6_at(packet, 8);
  ip.destination = ipv6_at(packet, 24);
  ip.protocol = byte_at(packet, 6);
  ip.payload = packet.subspan(kIpv6Header, said == 0 ? left : std::min(said, left));
  while (take_extension(ip)) {
  }
  return ip;
}

}  // namespace

bool is_known_link(std::uint32_t link_type) {
  switch (link_type) {
    case pcap_link::kNull:
    case pcap_link::kEthernet:
    case pcap_link::kRawBsd:
    case pcap_link::kRaw:
    case pcap_link::kLinuxCooked:
    case pcap_link::kLoop:
    case pcap_link::kRawIpv4:
    case pcap_link::kRawIpv6:
    case pcap_link::kLinuxCooked2:
      return true;
    default:
      return false;
  }
}

std::optional<PacketBytes> ip_in_frame(PacketBytes frame, std::uint32_t link_type,
                                       ByteOrder order) {
  constexpr std::size_t kEthernetTypeAt = 12, kCookedTypeAt = 14, kCooked2Header = 20;
  switch (link_type) {
    case pcap_link::kNull:
      return behind_family(frame, order);
    case pcap_link::kLoop:
      return behind_family(frame, ByteOrder::big);
    case pcap_link::kEthernet:
      return behind_type(frame, kEthernetTypeAt);
    case pcap_link::kLinuxCooked:
      return behind_type(frame, kCookedTypeAt);
    case pcap_link::kLinuxCooked2: {
      // The type stands in front of all else, a tag behind it.
      if (frame.size() < kCooked2Header) {
        return std::nullopt;
      }
      const std::uint16_t type = net16(frame, 0);
      return type == kIpv4Type || type == kIpv6Type
                 ? std::optional(frame.subspan(kCooked2Header))
                 : behind_type(frame, kCooked2Header + sizeof(std::uint16_t));
    }
    default:
      return frame;
  }
}

std::optional<IpPacket> parse_ip(PacketBytes packet) {
  constexpr unsigned kVersionShift = 4;
  const unsigned version = packet.empty() ? 0U : byte_at(packet, 0) >> kVersionShift;
  return version == 4 ? parse_ipv4(packet) : version == 6 ? parse_ipv6(packet) : std::nullopt;
}

std::optional<UdpDatagram> parse_udp(PacketBytes bytes) {
  constexpr std::size_t kHeader = 8;
  if (bytes.size() < kHeader || net16(bytes, 4) < kHeader) {
    return std::nullopt;
  }
  UdpDatagram datagram;
  datagram.port = net16(bytes, 2);
  datagram.length = net16(bytes, 4) - kHeader;
  datagram.payload = bytes.subspan(kHeader, std::min(datagram.length, bytes.size() - kHeader));
  return datagram;
}

}  // namespace nfql
