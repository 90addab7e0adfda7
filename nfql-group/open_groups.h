// Flows taken one by one: each joins the first group that accepts it, or founds one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/expr/aggregate.h"
#include "common/flow/batch.h"
#include "nfql-group/group_terms.h"
#include "nfql-group/held_values.h"
#include "nfql-group/module_index.h"

namespace nfql {

/// The groups that terms make of flows in their order. Groups are numbered as they are founded.
///
/// A flow is compared only with open groups that have its keys, in the order of their founding. A
/// group that no later flow can join is closed: when a flow comes across it, and when as many have
/// been founded as were open after the last time that all were looked at.
/// Memory: the keys, 4 bytes a group where they are shared, and the open groups.
class OpenGroups {
 public:
  explicit OpenGroups(GroupTerms terms);

  /// Groups founded so far.
  [[nodiscard]] std::size_t size() const { return size_; }
  /// Places for open groups: as many as were held at one time.
  [[nodiscard]] std::size_t places() const { return places_.size(); }

  /// Takes the next flows. `earliest` has for each the least start of it and all after it, and may
  /// have less. `groups` are replaced by the flows' groups, and if `accepted` is given, it by the
  /// modules that accept them: bit i for the i-th, all of a founding flow.
  void add(const Batch& batch, std::span<const std::int64_t> earliest, std::vector<GroupId>& groups,
           std::vector<std::uint64_t>* accepted);

  /// Shared key `index` of `groups`; its memory is added to `owner`.
  [[nodiscard]] Column keys(std::size_t index, std::span<const GroupId> groups, Batch& owner) const;

 private:
  static constexpr std::uint32_t kNone = ModuleIndex::kNone;

  // A place for an open group. One that is in no list is free.
  struct Place {
    GroupId group = 0;
    std::uint32_t lists = 0;  // that it is in, one a module at most
    bool closed = true;
  };

  void read(const Batch& batch);
  void prefetch(std::size_t row, std::size_t rows) const;
  [[nodiscard]] std::uint32_t find(std::size_t row);
  [[nodiscard]] std::uint32_t find_in(std::size_t module, std::size_t row, std::uint32_t best);
  GroupId join(std::uint32_t place, std::size_t row);
  void move(std::uint32_t place, std::size_t row);
  GroupId found(std::size_t row);
  std::uint32_t take_place();
  void release(std::uint32_t place);
  void close_past();
  [[nodiscard]] bool is_past(std::uint32_t place) const;
  [[nodiscard]] std::uint64_t accepting(std::uint32_t place, std::size_t row) const;
  [[nodiscard]] const relate::Condition* refusal_of(std::size_t module, std::uint32_t place,
                                                    std::size_t row) const;
  [[nodiscard]] const relate::Value* values_of(std::size_t row) const;
  [[nodiscard]] relate::Pair pair(std::uint32_t place, std::size_t row) const;

  GroupTerms terms_;
  std::vector<ModuleIndex> indexes_;
  std::vector<std::size_t> shared_;    // by shared key: its place among the first module's
  std::vector<std::uint32_t> key_of_;  // by group: its key in the first index
  std::size_t size_ = 0;

  std::vector<relate::Value> flow_;   // by row of the batch, then by value
  std::vector<relate::Value> later_;  // of a flow, but only the least start from this flow on
  std::optional<std::size_t> start_;  // which value that is
  relate::HeldValues held_;           // by place
  std::vector<Place> places_;
  std::vector<std::uint32_t> free_;
  std::uint32_t before_ = kNone;  // the place before the one found last, in its list
  std::size_t look_at_;           // places there will be when all groups are looked at next
};

}  // namespace nfql
