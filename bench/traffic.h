// Made-up traffic for benchmarks: the flows a router would export, the same for the same seed.
#pragma once

#include <cstdint>
#include <queue>
#include <vector>

namespace nfql::bench {

/// One direction of one connection, or of a minute of it.
struct Flow {
  std::int64_t start_ms = 0;
  std::int64_t end_ms = 0;
  std::uint32_t source = 0;
  std::uint32_t destination = 0;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint8_t protocol = 0;
  std::uint8_t tcp_flags = 0;
  std::uint32_t packets = 0;
  std::uint32_t bytes = 0;
};

/// SplitMix64: small, and the same on every machine, which std's distributions are not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits();
  /// In [0, 1).
  double unit() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
  /// In [0, limit).
  std::uint32_t below(std::uint32_t limit);
  /// A rank in [0, count), rank r about as often as 1 / (r + 1): few endpoints have most traffic.
  std::uint32_t rank(std::uint32_t count);
  /// At least `smallest`, mean about six times that, rarely very much more (Pareto, 1.2).
  double heavy(double smallest);

 private:
  std::uint64_t state_;
};

/// Sessions between clients and servers: each gives flows of requests and flows of responses with
/// swapped endpoints, cut every minute as routers do. Flows come in the order of their ends.
/// An endless stream: a shorter trace is the beginning of a longer one of the same seed.
class Traffic {
 public:
  explicit Traffic(std::uint64_t seed) : random_(seed) {}

  Flow next();

 private:
  struct EndsLater {
    bool operator()(const Flow& a, const Flow& b) const { return a.end_ms > b.end_ms; }
  };

  void add_session();
  void add_direction(const Flow& whole);

  Random random_;
  double clock_ms_ = 0;  // when the last session made began
  std::priority_queue<Flow, std::vector<Flow>, EndsLater> open_;
};

}  // namespace nfql::bench
