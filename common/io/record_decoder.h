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
/// 4 bytes wide until its batch meets an IPv6 address.
class RecordDecoder {
 public:
  explicit RecordDecoder(const Schema& schema);

  /// Appends a row for each record, of which there are at most kMaxRows - rows(); `plan` was made
  /// for the schema and their template.
  void append(const DecodePlan& plan, const RecordSpan& records, const RecordContext& context);
  [[nodiscard]] std::size_t rows() const { return rows_; }
  /// Moves what was appended to `batch` and starts anew.
  void move_to(Batch& batch);
  /// Whether records had this column's field.
  [[nodiscard]] bool ever_known(std::size_t column) const { return targets_[column].ever_known; }

 private:
  struct Target {
    Field field;
    Buffer values;
    Buffer known;  // empty: all known
    std::size_t rows = 0;
    bool wide = false;
    bool ever_known = false;
  };

  static std::size_t width_of_values(const Target& target);
  static std::byte* room(Target& target, std::size_t rows);
  static void widen(Target& target);
  static void mark(Target& target, std::size_t rows, bool known);
  static void fill_constant(Target& target, std::size_t rows, const RecordConstant& constant);
  static void decode_addresses(Target& target, const AddressPlaces& places,
                               const RecordSpan& records);
  void fill_absent(Target& target, std::size_t rows, const RecordContext& context) const;

  std::vector<Target> targets_;
  std::size_t rows_ = 0;
};

}  // namespace nfql
