// Records of exporters and samplers, as nfdump files have them before the first flow that is
// theirs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include "common/base/buffer.h"
#include "common/flow/batch.h"
#include "common/flow/schema.h"

namespace nfql {

/// Makes a record of each exporter that flows name by number and know the address of, and one of
/// its sampler where they know how it samples.
class NfdumpExporterRecords {
 public:
  explicit NfdumpExporterRecords(const Schema& schema);

  /// Appends to `to` what the rows of `batch` from `first` to `first + count` need and none before
  /// them did; returns how many records.
  std::uint32_t append(const Batch& batch, std::size_t first, std::size_t count, Buffer& to);

 private:
  using Column = std::optional<std::size_t>;
  using Sampler =
      std::pair<std::uint64_t, std::uint32_t>;  // its number, and one packet in how many

  bool append_exporter(const Batch& batch, std::size_t row, std::uint16_t exporter, Buffer& to);
  bool append_sampler(const Batch& batch, std::size_t row, std::uint16_t exporter, Buffer& to);

  Column number_;
  Column address_;
  Column version_;
  Column domain_;
  Column interval_;
  Column sampler_;
  Column algorithm_;
  std::set<std::uint16_t> exporters_;
  std::set<std::pair<std::uint16_t, Sampler>> samplers_;
  std::optional<std::uint16_t> last_;  // of the row before; most are its exporter's, too
};

}  // namespace nfql
