// What an nfdump file says about the routers that its flows come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "common/flow/address.h"

namespace nfql {

/// Exporters and their samplers, by the number that flow records call them by.
class NfdumpExporters {
 public:
  /// Takes a record of an exporter or a sampler, whole; other records, and those of a size that
  /// theirs is not, are passed over.
  void take(std::span<const std::byte> record);
  void clear() {
    addresses_.clear();
    samplers_.clear();
  }

  [[nodiscard]] bool has_samplers() const { return !samplers_.empty(); }
  [[nodiscard]] bool has_exporters() const { return !addresses_.empty(); }
  /// The address of an exporter.
  [[nodiscard]] std::optional<Address> address(std::uint16_t exporter) const;
  /// One packet in how many an exporter looked at: by the sampler of the number given; without
  /// one, by that which has no number, or is the only one.
  [[nodiscard]] std::optional<std::uint32_t> interval(std::uint16_t exporter,
                                                      std::optional<std::uint64_t> sampler) const;

 private:
  struct Sampler {
    std::uint64_t id;
    std::uint32_t interval;
  };

  void take_exporter(std::span<const std::byte> record);
  void take_sampler(std::uint16_t exporter, const Sampler& sampler);

  std::map<std::uint16_t, Address> addresses_;
  std::map<std::uint16_t, std::vector<Sampler>> samplers_;
};

}  // namespace nfql
