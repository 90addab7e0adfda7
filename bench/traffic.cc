#include "bench/traffic.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace nfql::bench {
namespace {

constexpr std::int64_t kEpochMs = 1'767'225'600'000;  // 2026-01-01T00:00:00Z
constexpr double kSessionsPerMs = 0.7;                // 5 million flows are about an hour
constexpr std::int64_t kActiveTimeoutMs = 60'000;
constexpr std::int64_t kLongestMs = 600'000;
constexpr std::uint32_t kClients = 60'000;
constexpr std::uint32_t kServers = 200'000;
constexpr std::uint32_t kClientNet = 0x0a00'0000;  // 10.0.0.0/8
constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kFin = 0x01;
constexpr std::uint8_t kPushAck = 0x18;
constexpr std::uint32_t kFirstEphemeral = 32'768;
constexpr std::uint32_t kEphemerals = 28'232;
constexpr double kMostBytes = 1e9;  // well within the 32 bits of a flow-tools record

// What a kind of session looks like. Shares are of all sessions and add up to 1.
struct Service {
  double share;
  std::uint16_t port;  // 0: any ephemeral one
  std::uint8_t protocol;
  double request_bytes;  // smallest; see Random::heavy()
  double response_bytes;
  double duration_ms;
};

constexpr Service kServices[] = {{0.45, 443, kTcp, 500, 3'000, 150},
                                 {0.15, 80, kTcp, 400, 2'000, 60},
                                 {0.28, 53, kUdp, 60, 120, 2},
                                 {0.036, 22, kTcp, 900, 1'200, 2'000},
                                 {0.084, 0, kTcp, 300, 600, 100}};

const Service& choose_service(double unit) {
  for (const Service& service : kServices) {
    if (unit < service.share) {
      return service;
    }
    unit -= service.share;
  }
  return *std::rbegin(kServices);
}

// Neighbours in rank are no neighbours in address: both are one-to-one within their 24 bits.
std::uint32_t client_address(std::uint32_t rank) {
  return kClientNet | ((rank * 0x9e37'79b1U) & 0xff'ffffU);
}
std::uint32_t server_address(std::uint32_t rank) {
  const std::uint32_t spread = (rank * 0x85eb'ca6bU) & 0xff'ffffU;
  return 0x1000'0000U + spread * 12;  // 16.0.0.0 to 27.255.255.255
}

std::uint32_t share_of(std::uint32_t total, std::int64_t part, std::int64_t whole) {
  const double share = static_cast<double>(part) / static_cast<double>(whole);
  return std::max(1U, static_cast<std::uint32_t>(share * total));
}

}  // namespace

std::uint64_t Random::bits() {
  std::uint64_t z = (state_ += 0x9e37'79b9'7f4a'7c15U);
  z = (z ^ (z >> 30)) * 0xbf58'476d'1ce4'e5b9U;
  z = (z ^ (z >> 27)) * 0x94d0'49bb'1331'11ebU;
  return z ^ (z >> 31);
}

std::uint32_t Random::below(std::uint32_t limit) {
  return static_cast<std::uint32_t>(unit() * limit);
}

std::uint32_t Random::rank(std::uint32_t count) {
  const double position = std::pow(static_cast<double>(count), unit());
  return std::min(count - 1, static_cast<std::uint32_t>(position) - 1);
}

double Random::heavy(double smallest) {
  constexpr double kAlpha = 1.2;
  return smallest * std::pow(1 - unit(), -1 / kAlpha);
}

Flow Traffic::next() {
  // A session made later cannot end before it begins: what ends until then is complete.
  while (open_.empty() || open_.top().end_ms >= kEpochMs + static_cast<std::int64_t>(clock_ms_)) {
    add_session();
  }
  const Flow flow = open_.top();
  open_.pop();
  return flow;
}

void Traffic::add_session() {
  clock_ms_ += -std::log(1 - random_.unit()) / kSessionsPerMs;
  const Service& service = choose_service(random_.unit());

  Flow request;
  request.source = client_address(random_.rank(kClients));
  request.destination = server_address(random_.rank(kServers));
  request.source_port = static_cast<std::uint16_t>(kFirstEphemeral + random_.below(kEphemerals));
  request.destination_port = service.port;
  if (service.port == 0) {
    request.destination_port =
        static_cast<std::uint16_t>(kFirstEphemeral + random_.below(kEphemerals));
  }
  request.protocol = service.protocol;
  const auto duration = static_cast<std::int64_t>(random_.heavy(service.duration_ms));
  request.start_ms = kEpochMs + static_cast<std::int64_t>(clock_ms_);
  request.end_ms = request.start_ms + std::min(duration, kLongestMs);

  Flow response = request;
  std::swap(response.source, response.destination);
  std::swap(response.source_port, response.destination_port);
  const std::int64_t round_trip = 1 + random_.below(80);
  response.start_ms += round_trip;
  response.end_ms += round_trip;

  request.bytes =
      static_cast<std::uint32_t>(std::min(kMostBytes, random_.heavy(service.request_bytes)));
  response.bytes =
      static_cast<std::uint32_t>(std::min(kMostBytes, random_.heavy(service.response_bytes)));
  add_direction(request);
  add_direction(response);
}

void Traffic::add_direction(const Flow& whole) {
  constexpr std::uint32_t kBytesAPacket = 900;
  const std::int64_t length = whole.end_ms - whole.start_ms + 1;
  for (std::int64_t from = 0; from < length; from += kActiveTimeoutMs) {
    const std::int64_t until = std::min(length, from + kActiveTimeoutMs);
    Flow piece = whole;
    piece.start_ms = whole.start_ms + from;
    piece.end_ms = whole.start_ms + until - 1;
    // A piece has at least one packet, and a packet its 40 bytes of header.
    piece.bytes = std::max(40U, share_of(whole.bytes, until - from, length));
    piece.packets = 1 + piece.bytes / kBytesAPacket;
    if (whole.protocol == kTcp) {
      piece.tcp_flags = kPushAck;
      piece.tcp_flags |= from == 0 ? kSyn : std::uint8_t{0};
      piece.tcp_flags |= until == length ? kFin : std::uint8_t{0};
    }
    open_.push(piece);
  }
}

}  // namespace nfql::bench
