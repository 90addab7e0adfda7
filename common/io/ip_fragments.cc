#include "common/io/ip_fragments.h"

#include <algorithm>

namespace nfql {

std::span<const std::byte> IpFragments::add(const IpPacket& fragment) {
  constexpr std::size_t kMostPackets = 64;
  constexpr std::size_t kMostBytes = 65'535;
  const std::size_t end = fragment.offset + fragment.payload.size();
  if (end > kMostBytes || fragment.payload.empty()) {
    return {};
  }
  auto packet = std::find_if(pending_.begin(), pending_.end(),
                             [&](const Pending& known) { return known.is_of(fragment); });
  if (packet == pending_.end()) {
    if (pending_.size() == kMostPackets) {
      pending_.pop_front();
      ++given_up_;
    }
    packet = pending_.emplace(pending_.end());
    packet->source = fragment.source;
    packet->destination = fragment.destination;
    packet->id = fragment.id;
    packet->protocol = fragment.protocol;
  }
  put(*packet, fragment);
  if (!packet->is_whole()) {
    return {};
  }
  whole_ = std::move(packet->bytes);
  whole_.resize(packet->length);
  pending_.erase(packet);
  return whole_;
}

void IpFragments::put(Pending& packet, const IpPacket& fragment) {
  std::pair<std::size_t, std::size_t> range{fragment.offset,
                                            fragment.offset + fragment.payload.size()};
  if (!fragment.more) {
    packet.length = range.second;
  }
  packet.bytes.resize(std::max(packet.bytes.size(), range.second));
  std::copy(fragment.payload.begin(), fragment.payload.end(),
            packet.bytes.begin() + static_cast<std::ptrdiff_t>(range.first));
  // Ranges that it meets become part of it.
  const auto first = std::find_if(packet.have.begin(), packet.have.end(),
                                  [&](const auto& have) { return have.second >= range.first; });
  auto last = first;
  for (; last != packet.have.end() && last->first <= range.second; ++last) {
    range = {std::min(range.first, last->first), std::max(range.second, last->second)};
  }
  packet.have.insert(packet.have.erase(first, last), range);
}

}  // namespace nfql
