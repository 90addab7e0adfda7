// Columns of flows, filled by runs of records of IPFIX or NetFlow v9.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/base/buffer.h"
#include "common/flow/address.h"
#include "common/flow/batch.h"
#include "common/io/decode_plan.h"

namespace nfql {

/// The value of a column in records that do not have it themselves.
struct RecordConstant {
  ElementId id;
  std::uint64_t number = 0;
  Address address;  ///< where the column is of addresses
};

/// What a message says of all its records.
struct RecordContext {
  RecordClock clock;
  std::span<const RecordConstant> constants;
  std::uint64_t first_flow = 0;  ///< flowId of the first record
};

/// Collects the columns of one batch after the other.
///
/// A column that the records have no field for is unknown in their rows, but for flowIds, which are
/// counted, the constants of the message, and the count of flows, which is 1. An address column is
/// 4 bytes wide until its batch meets an IPv6 address. Columns that have no value in a whole batch
/// take the memory of one, and batches of more than some hundred columns have fewer rows.
class RecordDecoder {
 public:
  explicit RecordDecoder(const Schema& schema);

  /// Appends a row for each record, of which there are at most room(); `plan` was made for the
  /// schema and their template.
  void append(const DecodePlan& plan, const RecordSpan& records, const RecordContext& context);
  [[nodiscard]] std::size_t rows() const { return rows_; }
  /// How many more the batch can take.
  [[nodiscard]] std::size_t room() const { return most_rows_ - rows_; }
  /// Moves what was appended to `batch` and starts anew.
  void move_to(Batch& batch);
  /// Whether records had this column's field.
  [[nodiscard]] bool ever_known(std::size_t column) const { return targets_[column].ever_known; }

 private:
  struct Target {
    Field field;
    Buffer values;
    Buffer known;          // empty: all known
    std::size_t rows = 0;  // up to the last that has a value: those behind are unknown
    bool wide = false;
    bool ever_known = false;
  };

  static std::size_t width_of_values(const Target& target);
  static void widen(Target& target);
  static void mark(Target& target, std::size_t rows, bool known);
  std::byte* next_values(Target& target, std::size_t rows);
  void catch_up(Target& target);
  std::byte* grow(Target& target, std::size_t rows) const;
  void fill_constant(Target& target, std::size_t rows, const RecordConstant& constant);
  void decode_addresses(Target& target, const AddressPlaces& places, const RecordSpan& records);
  void fill_from_context(Target& target, std::size_t rows, const RecordContext& context);

  std::vector<Target> targets_;
  std::size_t most_rows_ = kMaxRows;  // of a batch
  std::size_t rows_ = 0;
};

}  // namespace nfql
