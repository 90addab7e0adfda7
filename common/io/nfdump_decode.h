// Flow records of nfdump files to columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/base/buffer.h"
#include "common/flow/batch.h"
#include "common/flow/schema.h"
#include "common/io/fixed_records.h"
#include "common/io/nfdump_flows.h"
#include "common/io/nfdump_format.h"

namespace nfql {

/// Kinds of elements that the columns of `schema` are decoded from.
[[nodiscard]] NfdumpSlots nfdump_slots(const Schema& schema);

/// Decodes flows, some at a time, into the columns of one batch after the other.
///
/// A flow without the element that a field lies in does not know the field, but for these: it is
/// one flow where no count is given, the exporter's address and sampling interval are those that
/// the file gives for the exporter, and flowIds are counted. An address column is 4 bytes wide
/// until its batch meets an IPv6 address.
class NfdumpDecoder {
 public:
  explicit NfdumpDecoder(const Schema& schema);

  /// Appends the `rows` flows noted, which have these flowIds.
  void append(const NfdumpFlows& flows, std::size_t rows, const FlowNumbers& numbers);
  [[nodiscard]] std::size_t rows() const { return rows_; }
  /// Moves what was appended to `batch` and starts anew, in the memory that `batch` had.
  void move_to(Batch& batch);
  /// Whether some flow knew the field in this column.
  [[nodiscard]] bool ever_known(std::size_t column) const { return targets_[column].ever_known; }

  /// Decodes one field of the flows whose elements lie `at`, `offset` bytes into each. With `only`
  /// it leaves alone what it would read from NfdumpFlows::zeros().
  using Decode = void (*)(std::span<const std::byte* const> at, std::size_t offset, bool only,
                          std::byte* to);

 private:
  struct Origin {
    nfdump::Place place;
    Decode decode;
  };
  struct Target {
    Field field;
    std::vector<Origin> origins;
    Buffer values;
    Buffer known;  // empty: all known
    bool wide = false;
    bool ever_known = false;
  };
  /// The rows that are appended.
  struct Rows {
    const NfdumpFlows& flows;
    std::size_t first;
    std::size_t count;
    std::size_t likely;  // how many the batch will have
    const FlowNumbers& numbers;
  };

  static Target make_target(const Field& field);
  static void decode(Target& target, const Rows& rows);
  static void decode_integers(Target& target, const Rows& rows);
  static void decode_addresses(Target& target, const Rows& rows);
  static void decode_flow_count(Target& target, const Rows& rows);
  static void decode_icmp(Target& target, const Rows& rows);
  static void look_up_exporters(Target& target, const Rows& rows);
  static void look_up_samplers(Target& target, const Rows& rows);
  static void mark_known(Target& target, const Rows& rows);
  static std::uint8_t* known_of(Target& target, const Rows& rows);
  static void widen(Target& target, std::size_t rows, std::size_t likely);
  template <class T>
  static T* room(Target& target, const Rows& rows);

  std::vector<Target> targets_;
  std::size_t rows_ = 0;
  std::size_t last_rows_ = 0;  // of the batch before: the next is likely to be as large
};

}  // namespace nfql
