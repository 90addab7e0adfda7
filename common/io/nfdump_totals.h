// The sums of an nfdump file, which nfdump -I shows.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "common/base/byte_order.h"
#include "common/io/nfdump_format.h"

namespace nfql {

/// Adds up flow records; counters of both directions count.
class NfdumpTotals {
 public:
  /// Adds the flow with these elements (behind type and size); `counters` may be nullptr.
  void add(const std::byte* generic, const std::byte* counters) {
    std::uint64_t flows = 1;
    std::uint64_t packets = load<std::uint64_t>(generic + 24);
    std::uint64_t bytes = load<std::uint64_t>(generic + 32);
    if (counters != nullptr) {
      flows = load<std::uint64_t>(counters);
      packets += load<std::uint64_t>(counters + 8);
      bytes += load<std::uint64_t>(counters + 16);
    }
    const std::size_t kind = kind_of(std::to_integer<std::uint8_t>(generic[44]));
    flows_[kind] += flows;
    packets_[kind] += packets;
    bytes_[kind] += bytes;
    const auto first = load<std::uint64_t>(generic);
    const auto last = load<std::uint64_t>(generic + 8);
    first_ms_ = first < first_ms_ ? first : first_ms_;
    last_ms_ = last > last_ms_ ? last : last_ms_;
  }

  [[nodiscard]] std::uint64_t last_ms() const { return last_ms_; }

  /// The statistics record.
  [[nodiscard]] std::array<std::byte, nfdump::kStatBytes> record() const {
    std::array<std::byte, nfdump::kStatBytes> bytes{};
    store(bytes.data(), nfdump::kStatRecord);
    store(bytes.data() + 2, static_cast<std::uint16_t>(bytes.size()));
    std::byte* to = bytes.data() + nfdump::kRecordStartBytes;
    const auto put = [&to](std::uint64_t value) {
      store(to, value);
      to += sizeof value;
    };
    for (const Sums* sums : {&flows_, &bytes_, &packets_}) {
      put((*sums)[0] + (*sums)[1] + (*sums)[2] + (*sums)[3]);
    }
    for (const Sums* sums : {&flows_, &bytes_, &packets_}) {
      for (const std::uint64_t sum : *sums) {
        put(sum);
      }
    }
    put(first_ms_);
    put(last_ms_);
    return bytes;  // the rest is the sequence failures: none
  }

 private:
  using Sums = std::array<std::uint64_t, 4>;  // TCP, UDP, ICMP, other

  static std::size_t kind_of(std::uint8_t protocol) {
    switch (protocol) {
      case 6:
        return 0;
      case 17:
        return 1;
      case 1:
      case 58:
        return 2;
      default:
        return 3;
    }
  }

  Sums flows_{};
  Sums packets_{};
  Sums bytes_{};
  std::uint64_t first_ms_ = std::numeric_limits<std::int64_t>::max();  // as nfdump, of no flow
  std::uint64_t last_ms_ = 0;
};

}  // namespace nfql
