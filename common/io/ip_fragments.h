// Packets put together again from their fragments.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <utility>
#include <vector>

#include "common/io/packet_layers.h"

namespace nfql {

/// Keeps the fragments of up to 64 packets, each of up to 65535 bytes; of more, what was begun
/// first is given up.
class IpFragments {
 public:
  /// Takes a fragment. Returns the payload of its packet if that is whole now, valid until the
  /// next call, else nothing (empty).
  std::span<const std::byte> add(const IpPacket& fragment);
  /// Packets of which parts are missing so far.
  [[nodiscard]] std::uint64_t incomplete() const { return given_up_ + pending_.size(); }

 private:
  struct Pending {
    Address source;
    Address destination;
    std::uint32_t id = 0;
    std::uint8_t protocol = 0;
    std::vector<std::byte> bytes;
    std::vector<std::pair<std::size_t, std::size_t>> have;  // begin and end, in order, apart
    std::size_t length = 0;                                 // 0: the last fragment is not there

    [[nodiscard]] bool is_of(const IpPacket& fragment) const {
      return id == fragment.id && protocol == fragment.protocol && source == fragment.source &&
             destination == fragment.destination;
    }
    [[nodiscard]] bool is_whole() const {
      return length != 0 && have.size() == 1 && have.front() == std::pair(std::size_t{0}, length);
    }
  };

  static void put(Pending& packet, const IpPacket& fragment);

  std::deque<Pending> pending_;  // in the order in which they began
  std::vector<std::byte> whole_;
  std::uint64_t given_up_ = 0;
};

}  // namespace nfql
