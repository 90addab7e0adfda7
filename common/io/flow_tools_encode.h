// Columns to flow-tools records of version 5.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/base/buffer.h"
#include "common/flow/batch.h"
#include "common/flow/schema.h"

namespace nfql {

/// Makes a record of each row of a batch, flow or group. Unknown values become 0.
///
/// A field of the record is taken from the column that is its IPFIX element, else from a computed
/// column that bears one of its names (`sum(bytes) as bytes`), else, for packets, bytes and flags,
/// from a computed column of integers that is named FUNCTION_FIELD (`sum_bytes`, `or_flags`; a sum,
/// of flags an or, comes before others). Columns for which a record has no place are left out.
///
/// Times: what the router said (export time, its uptime then, First and Last) is written where a
/// row has all five, so that records read from a flow-tools file come out byte for byte. Else they
/// are made of start and end: a router that started at the earlier of the two and exported at the
/// later one. A row with one of the two is one of no duration.
class FlowToolsEncoder {
 public:
  /// `where` and `what` ("flow", "group") are for messages.
  FlowToolsEncoder(const Schema& schema, std::string where, std::string what);

  /// Makes records, little-endian, of `count` rows of `batch` from `first` on; `ordinal` is the
  /// number of the first of them in the output. Valid until the next call.
  /// Throws Error(Exit::failed) for a value that has no room in a record, naming row and field.
  std::span<const std::byte> encode(const Batch& batch, std::size_t first, std::size_t count,
                                    std::uint64_t ordinal);

 private:
  struct Slot {
    std::size_t column;
    std::size_t offset;
    std::size_t width;
    std::string field;
  };
  // The columns that times are made of, where there are such.
  struct Times {
    std::optional<std::size_t> start;
    std::optional<std::size_t> end;
    std::vector<std::size_t> raw;  // five or none
  };
  struct Rows {
    const Batch& batch;
    std::size_t first;
    std::size_t count;
    std::uint64_t ordinal;
  };

  void encode_slot(const Slot& slot, const Rows& rows);
  void encode_times(const Rows& rows);
  void make_times(const Rows& rows, std::size_t row, std::byte* record) const;
  [[noreturn]] void fail_row(const Rows& rows, std::size_t row, const std::string& problem) const;

  std::string where_;
  std::string what_;
  std::vector<Slot> slots_;
  Times times_;
  Buffer records_;
};

}  // namespace nfql
