// Records of SiLK files to columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/flow/batch.h"
#include "common/flow/schema.h"
#include "common/io/fixed_records.h"
#include "common/io/silk_header.h"

namespace nfql {

/// The fields that flows of SiLK files have, in order; only those of `wanted` if given. Who asks
/// for them gets deltaFlowCount, 1 in every flow, and icmpTypeCode, too.
[[nodiscard]] Schema silk_schema(const std::optional<std::vector<ElementId>>& wanted);

/// Decodes records piece by piece into the columns of one batch after the other.
///
/// Unknown are the flags of the first packet and of the rest where the record does not tell them
/// apart, sensors and types of flow that have the number that SiLK takes for none, and ICMP types
/// of what is not ICMP. An address column is 4 bytes wide until its batch meets an IPv6 record.
class SilkDecoder {
 public:
  explicit SilkDecoder(const Schema& schema);

  /// Prepares for the records after this header.
  void bind(const SilkHeader& header);
  /// Appends records, which have these flowIds.
  void append(std::span<const std::byte> records, const FlowNumbers& numbers);
  [[nodiscard]] std::size_t rows() const { return rows_; }
  /// Moves what was appended to `batch` and starts anew, in the memory that `batch` had.
  void move_to(Batch& batch);

 private:
  /// Whole records, one behind the other.
  struct Records {
    const std::byte* at;
    std::size_t stride;
    std::size_t count;
    bool any_ipv6;
  };
  /// Tells of which records the field is known.
  using Known = void (*)(const std::byte* records, std::size_t stride, std::size_t rows,
                         std::uint8_t* to);
  struct Target {
    Field field;
    FixedDecode decode = nullptr;  // none: addresses of 16 bytes, flowIds
    std::size_t offset = 0;
    Known known_of = nullptr;  // none: of all
    bool wide = false;
    Buffer values;
    Buffer known;
  };

  template <ByteOrder Order>
  static void bind_target(Target& target, const silk::Layout& layout);
  void append(Target& target, const Records& records, const FlowNumbers& numbers) const;
  void append_addresses(Target& target, const Records& records) const;
  template <class T>
  T* room(Target& target, std::size_t rows) const;
  void widen(Target& target) const;

  std::vector<Target> targets_;
  std::size_t record_size_ = 0;
  bool may_be_ipv6_ = false;
  std::size_t rows_ = 0;
  std::size_t last_rows_ = 0;  // of the batch before: the next is likely to be as large
};

}  // namespace nfql
