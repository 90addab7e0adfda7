// Columns to flow records of nfdump files.
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
#include "common/io/nfdump_flows.h"
#include "common/io/nfdump_format.h"

namespace nfql {

/// Makes a record of each row of a batch, flow or group.
///
/// Each field is taken from the column that find_record_column() says; columns for which a record
/// has no place are left out. A record has the elements of which it knows a field, and in them 0
/// for fields that it does not know. Addresses are written as IPv4 where both of a pair are. Of
/// start and end one stands for the other where that is unknown. A group is as many flows as it
/// has members, unless a column says how many.
class NfdumpEncoder {
 public:
  /// Most rows that encode() takes; their records are smaller than a block.
  static constexpr std::size_t kMostRows = 512;

  /// `where` and `what` ("flow", "group") are for messages.
  NfdumpEncoder(const Schema& schema, std::string where, std::string what);

  /// The columns of the schema that records have fields of.
  [[nodiscard]] std::vector<std::size_t> columns() const;

  /// Appends to `to` records of `count` rows of `batch` from `first` on; `ordinal` is the number of
  /// the first of them in the output.
  /// Throws Error(Exit::failed) for a value that has no room in a record, naming row and field.
  void encode(const Batch& batch, std::size_t first, std::size_t count, std::uint64_t ordinal,
              Buffer& to);
  /// Where an element of a record just made lies, behind its type and size; nullptr if it has none.
  /// Valid until records are appended to what it lies in.
  [[nodiscard]] const std::byte* at(nfdump::Slot slot, std::size_t row) const {
    return at_[slot][row];
  }

 private:
  /// A column and where its values go.
  struct Cell {
    std::size_t column;
    nfdump::Slot slot;
    std::size_t offset;
    std::size_t width;
    ElementId id;
  };
  /// A record with some elements, and where in it they lie.
  struct Form {
    NfdumpSlots elements = 0;
    std::array<std::uint16_t, nfdump::kSlots> at{};
    Buffer bytes;
  };
  /// Elements of which there is one of two by the family of addresses.
  struct Pair {
    nfdump::Slot ipv4;
    nfdump::Slot ipv6;
    std::vector<std::size_t> columns;
  };
  struct Rows {
    const Batch& batch;
    std::size_t first;
    std::size_t count;
    std::uint64_t ordinal;
  };

  void add_cell(const Schema& schema, const nfdump::Place& place);
  void choose_elements(const Rows& rows);
  void choose_families(const Rows& rows);
  void choose_events(const Rows& rows);
  void choose_counters(const Rows& rows);
  void lay_out(const Rows& rows, Buffer& to);
  static Form form_of(NfdumpSlots elements);
  void store_cell(const Cell& cell, const Rows& rows);
  void complete_times(const Rows& rows);
  [[nodiscard]] bool known(const Rows& rows, std::size_t column, std::size_t row) const;
  [[noreturn]] void fail_value(const Cell& cell, const Rows& rows, std::size_t row) const;

  std::string where_;
  std::string what_;
  std::vector<Cell> cells_;
  std::vector<Pair> pairs_;
  std::optional<std::size_t> start_;
  std::optional<std::size_t> end_;
  std::optional<std::size_t> flow_count_;
  NfdumpSlots used_ = slot_bit(nfdump::kHeader) | slot_bit(nfdump::kGeneric);  // by some record
  std::array<NfdumpSlots, kMostRows> elements_{};
  std::array<std::array<std::byte*, kMostRows>, nfdump::kSlots> at_{};
  Form form_;  // of the record before; most are as it is
};

}  // namespace nfql
