#include "common/io/nfdump_exporters.h"

#include <algorithm>
#include <limits>

#include "common/base/byte_order.h"
#include "common/io/nfdump_format.h"

namespace nfql {
namespace {

namespace nf = nfdump;

// Of one exporter; a router has a few. What a file may make us keep is bounded so.
constexpr std::size_t kMostSamplers = 256;

}  // namespace

void NfdumpExporters::take(std::span<const std::byte> record) {
  const std::byte* at = record.data();
  const auto type = load<std::uint16_t>(at);
  if (type == nf::kExporterRecord && record.size() == nf::kExporterBytes) {
    take_exporter(record);
  } else if (type == nf::kOldSamplerRecord && record.size() == nf::kOldSamplerBytes) {
    take_sampler(load<std::uint16_t>(at + 14),
                 {load<std::uint32_t>(at + 4), load<std::uint32_t>(at + 8)});
  } else if (type == nf::kSamplerRecord && record.size() == nf::kSamplerBytes) {
    // So many packets are looked at, then so many are not.
    const std::uint64_t seen = load<std::uint32_t>(at + 16);
    const std::uint64_t passed = load<std::uint32_t>(at + 20);
    const std::uint64_t interval = seen == 0 ? 0 : (seen + passed) / seen;
    take_sampler(
        load<std::uint16_t>(at + 4),
        {load<std::uint64_t>(at + 8), static_cast<std::uint32_t>(std::min<std::uint64_t>(
                                          interval, std::numeric_limits<std::uint32_t>::max()))});
  }
}

void NfdumpExporters::take_exporter(std::span<const std::byte> record) {
  const Address stored{load<std::uint64_t>(record.data() + 8),
                       load<std::uint64_t>(record.data() + 16)};
  constexpr std::uint16_t kIpv4Family = 2;
  const auto family = load<std::uint16_t>(record.data() + 24);
  const bool ipv4 = family == kIpv4Family && stored.high == 0;
  const auto exporter = load<std::uint16_t>(record.data() + 26);
  addresses_[exporter] = ipv4 ? mapped(static_cast<std::uint32_t>(stored.low)) : stored;
}

void NfdumpExporters::take_sampler(std::uint16_t exporter, const Sampler& sampler) {
  std::vector<Sampler>& known = samplers_[exporter];
  const auto same = std::find_if(known.begin(), known.end(),
                                 [&](const Sampler& other) { return other.id == sampler.id; });
  if (same != known.end()) {
    same->interval = sampler.interval;
  } else if (known.size() < kMostSamplers) {
    known.push_back(sampler);
  }
}

std::optional<Address> NfdumpExporters::address(std::uint16_t exporter) const {
  const auto found = addresses_.find(exporter);
  return found == addresses_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint32_t> NfdumpExporters::interval(std::uint16_t exporter,
                                                       std::optional<std::uint64_t> sampler) const {
  const auto found = samplers_.find(exporter);
  if (found == samplers_.end()) {
    return std::nullopt;
  }
  for (const Sampler& known : found->second) {
    if (sampler ? known.id == *sampler
                : known.id == nfdump::kNoSampler || found->second.size() == 1) {
      return known.interval;
    }
  }
  return std::nullopt;
}

}  // namespace nfql
