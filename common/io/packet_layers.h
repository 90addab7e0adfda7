// From frames as they were captured to UDP datagrams.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "common/base/byte_order.h"
#include "common/flow/address.h"

namespace nfql {

/// Whether frames of this link type (LINKTYPE_ of pcap files) are known: BSD loopback, Ethernet,
/// raw IP and Linux "cooked" captures.
[[nodiscard]] bool is_known_link(std::uint32_t link_type);

/// The IP packet in a frame, behind VLAN tags; nothing if it has none. `order` is that of the
/// machine that captured it.
[[nodiscard]] std::optional<std::span<const std::byte>> ip_in_frame(
    std::span<const std::byte> frame, std::uint32_t link_type, ByteOrder order);

/// What is of use of an IP packet, whole or a fragment.
struct IpPacket {
  static constexpr std::uint8_t kUdp = 17;

  Address source;
  Address destination;
  std::uint8_t protocol = 0;
  std::span<const std::byte> payload;  ///< as much as was captured
  std::uint32_t id = 0;                ///< of the packet that this is a fragment of
  std::size_t offset = 0;              ///< in the payload of that packet
  bool more = false;                   ///< other fragments are behind this one

  [[nodiscard]] bool is_fragment() const { return more || offset != 0; }
};

/// Nothing if it is no packet of IPv4 or IPv6.
[[nodiscard]] std::optional<IpPacket> parse_ip(std::span<const std::byte> packet);

/// A UDP datagram.
struct UdpDatagram {
  std::uint16_t port = 0;              ///< of the destination
  std::size_t length = 0;              ///< of the whole payload
  std::span<const std::byte> payload;  ///< as much as was captured
};

/// Nothing if it is none.
[[nodiscard]] std::optional<UdpDatagram> parse_udp(std::span<const std::byte> bytes);

}  // namespace nfql
