// The flow records of nfdump blocks: where in them the elements lie.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "common/flow/batch.h"
#include "common/io/nfdump_blocks.h"
#include "common/io/nfdump_exporters.h"
#include "common/io/nfdump_format.h"

namespace nfql {

/// A set of kinds of elements.
using NfdumpSlots = std::uint64_t;
static_assert(nfdump::kSlots <= 64);
[[nodiscard]] constexpr NfdumpSlots slot_bit(nfdump::Slot slot) {
  return NfdumpSlots{1} << slot;
}

/// Goes through the records of one block after the other and notes, for some flows at a time, where
/// the elements of each lie, so that one column after the other can be decoded from them while
/// they are in the cache. Of a record with addresses of both families the pair counts that is not
/// zero.
class NfdumpFlows {
 public:
  /// Most flows noted at a time.
  static constexpr std::size_t kMostFlows = 1024;

  /// `name` is the input's, for messages.
  explicit NfdumpFlows(std::string name) : name_(std::move(name)) {}

  /// From now on elements of these kinds are noted; before, none are.
  void need(NfdumpSlots needed);
  /// Begins a block, which must stay as it is while its flows are used.
  void open(const NfdumpBlock& block);
  /// Begins another file: numbers of exporters mean something else there.
  void begin_file() { exporters_.clear(); }
  /// Notes the next flows, at most `most`; returns how many, 0 at the end of the block. Throws
  /// Error(Exit::failed) at a damaged record, after the flows before it were given.
  std::size_t next(std::size_t most);

  /// Forgets the flows noted but these, counted from 0, ascending.
  void keep(std::span<const RowId> rows);

  /// Of each flow noted, where its element of a kind lies (behind type and size): at least
  /// kPayloadBytes of it. Flows without it have zeros() there. The kind must be needed.
  [[nodiscard]] std::span<const std::byte* const> at(nfdump::Slot slot) const {
    return std::span(noted_[slot]).first(flows_);
  }
  /// As many zero bytes as the largest element has.
  [[nodiscard]] static const std::byte* zeros();
  /// Whether each of the flows noted has an element of this kind, or any of them.
  [[nodiscard]] bool all_have(nfdump::Slot slot) const { return lacking_[slot] == 0; }
  [[nodiscard]] bool any_has(nfdump::Slot slot) const { return lacking_[slot] < flows_; }

  /// Kinds of elements that some flow had so far, needed or not.
  [[nodiscard]] NfdumpSlots seen() const { return seen_; }
  [[nodiscard]] const NfdumpExporters& exporters() const { return exporters_; }

 private:
  bool note(std::span<const std::byte> record);
  void settle_families();
  void count_lacking();
  [[noreturn]] void fail_record(const std::string& problem) const;

  std::string name_;
  std::vector<nfdump::Slot> needed_;
  std::array<std::vector<const std::byte*>, nfdump::kSlots> noted_;  // empty: not needed
  std::array<std::size_t, nfdump::kSlots> lacking_{};
  std::size_t flows_ = 0;
  NfdumpSlots seen_ = 0;
  NfdumpExporters exporters_;
  NfdumpBlock block_;
  std::size_t offset_ = 0;     // in the block
  std::uint32_t records_ = 0;  // of the block, gone through
};

}  // namespace nfql
