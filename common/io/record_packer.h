// Records that do not lie one behind the other at one distance, brought into that form.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "common/base/buffer.h"
#include "common/io/record_kernels.h"

namespace nfql {

/// Copies of records, with Template::fixed_bytes() each. What they return is valid until the next
/// call.
class RecordPacker {
 public:
  /// The records of a set whose template has fields of variable length, without those fields. Stops
  /// at a record that does not fit: rest() then is not shorter than the least record.
  RecordSpan pack(std::span<const std::byte> set, const Template& layout);
  /// Bytes behind the last record that pack() took.
  [[nodiscard]] std::size_t rest() const { return rest_; }

  /// The records that are not zero at one of `places`, at least.
  RecordSpan select(const RecordSpan& records, std::span<const Template::Place> places);

 private:
  std::size_t rest_ = 0;
  Buffer packed_;
  Buffer selected_;
};

/// Calls `visit(spec, bytes)` for each field of the record that `set` begins with; returns the
/// bytes of the record, or nothing if it does not fit into `set`.
template <class Visit>
std::optional<std::size_t> for_each_field(std::span<const std::byte> set, const Template& layout,
                                          const Visit& visit) {
  constexpr std::size_t kLongMark = 255;  // then two bytes follow that have the length
  std::size_t at = 0;
  for (const FieldSpec& spec : layout.fields()) {
    std::size_t length = spec.length;
    if (spec.length == kVariableLength) {
      if (at >= set.size()) {
        return std::nullopt;
      }
      length = std::to_integer<std::size_t>(set[at++]);
      if (length == kLongMark) {
        if (set.size() - at < 2) {
          return std::nullopt;
        }
        length =
            std::to_integer<std::size_t>(set[at]) << 8U | std::to_integer<std::size_t>(set[at + 1]);
        at += 2;
      }
    }
    if (length > set.size() - at) {
      return std::nullopt;
    }
    visit(spec, set.subspan(at, length));
    at += length;
  }
  return at;
}

}  // namespace nfql
