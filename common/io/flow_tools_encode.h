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
/// column that find_record_column() takes for it (`sum(bytes) as bytes`, `sum_bytes`). Columns for
/// which a record has no place are left out.
///
/// Times: what the router said (export time, its uptime then, First and Last) is written where a
/// row has all five, so that records read from a flow-tools file come out byte for byte. Else they
/// are made of start and end: a router that started at the earlier of the two and exported at the
/// later one. A row with one of the two is one of no duration.
class FlowToolsEncoder {
 public:
  /// `what` ("flow", "group") is for messages.
  FlowToolsEncoder(const Schema& schema, std::string what);

  /// The columns of the schema that records have fields of.
  [[nodiscard]] std::vector<std::size_t> columns() const;

  /// Makes records, little-endian, of `count` rows of `batch` from `first` on; rows with a value
  /// that has no room in a record get none. Valid until the next call.
  std::span<const std::byte> encode(const Batch& batch, std::size_t first, std::size_t count);

  /// Whether a row of the last call, counted from its first, got a record.
  [[nodiscard]] bool has_record(std::size_t row) const { return row >= bad_.size() || !bad_[row]; }
  /// Rows that got no record so far, and what it was with the first of them: `flow 7: IPv6 address
  /// ::1`. Rows are counted from 0 over all calls.
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }
  [[nodiscard]] const std::string& first_problem() const { return first_problem_; }

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
  };

  void encode_slot(const Slot& slot, const Rows& rows);
  void encode_times(const Rows& rows);
  void make_times(const Rows& rows, std::size_t row, std::byte* record);
  template <class Stored>
  void store_slot(const Slot& slot, const Rows& rows);
  void leave_out(std::size_t row, const std::string& problem);
  std::span<const std::byte> remaining(std::size_t count);

  std::string what_;
  std::vector<Slot> slots_;
  Times times_;
  Buffer records_;
  std::vector<bool> bad_;  // of the rows of this call; empty: none
  std::uint64_t rows_ = 0;
  std::uint64_t left_out_ = 0;
  std::uint64_t first_row_ = 0;  // of first_problem_
  std::string first_problem_;
};

}  // namespace nfql
