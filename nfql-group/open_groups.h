// Flows taken one by one: each joins the first group that accepts it, or founds one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/expr/aggregate.h"
#include "common/flow/batch.h"
#include "common/stage/key_groups.h"
#include "nfql-group/group_terms.h"

namespace nfql {

/// The groups that terms make of flows in their order. Groups are numbered as they are founded.
///
/// A flow is compared only with open groups that have its keys, in the order of their founding; one
/// that no later flow can join is closed when a flow comes across it, and its memory used again.
/// Memory: the keys, 4 bytes a group where they are shared, and the open groups.
class OpenGroups {
 public:
  explicit OpenGroups(GroupTerms terms);

  /// Groups founded so far.
  [[nodiscard]] std::size_t size() const { return size_; }

  /// Takes the next flows. `groups` are replaced by their groups, and if `accepted` is given, it by
  /// the modules that accept them: bit i for the i-th, all of a founding flow.
  void add(const Batch& batch, std::vector<GroupId>& groups, std::vector<std::uint64_t>* accepted);

  /// Shared key `index` of `groups`; its memory is added to `owner`.
  [[nodiscard]] Column keys(std::size_t index, std::span<const GroupId> groups, Batch& owner) const;

 private:
  static constexpr std::uint32_t kNone = 0xffff'ffffU;

  // The open groups of one key, in the order of their founding, as a list by place.
  struct Bucket {
    std::uint32_t head = kNone;
    std::uint32_t tail = kNone;
  };
  // How flows find the groups that one module may accept them into.
  struct Index {
    KeyGroups keys;
    std::vector<Bucket> buckets;         // by number of the key
    std::vector<std::uint32_t> founds;   // by row: the key of the group that it would found
    std::vector<std::uint32_t> joins;    // by row: the key of groups that it may join, or kNone
    std::vector<std::uint8_t> unlisted;  // by row: 1 where no flow can join by that key; or empty
  };
  // A place for an open group.
  struct Place {
    GroupId group = 0;
    std::uint32_t listed = 0;  // buckets that it is in
    bool closed = false;
  };

  void read(const Batch& batch);
  void read_keys(const GroupModule& module, const Batch& batch, Index& index);
  [[nodiscard]] std::uint32_t find(std::size_t row);
  [[nodiscard]] std::uint32_t find_in(std::size_t module, std::size_t row, std::uint32_t best);
  GroupId join(std::uint32_t place, std::size_t row);
  GroupId found(std::size_t row);
  std::uint32_t take_place();
  void list(std::size_t module, std::uint32_t key, std::uint32_t place);
  void unlist(Bucket& bucket, std::size_t module, std::uint32_t before, std::uint32_t place);
  [[nodiscard]] bool is_past(std::uint32_t place, std::size_t row) const;
  [[nodiscard]] std::uint64_t accepting(std::uint32_t place, std::size_t row) const;
  [[nodiscard]] const relate::Condition* refusal(std::size_t module, std::uint32_t place,
                                                 std::size_t row) const;
  [[nodiscard]] relate::Pair pair(std::uint32_t place, std::size_t row) const;
  std::uint32_t& next(std::size_t module, std::uint32_t place);

  GroupTerms terms_;
  std::vector<Index> indexes_;         // by module
  std::vector<std::size_t> shared_;    // by shared key: its place among the first module's
  std::vector<std::uint32_t> key_of_;  // by group: its key in the first index
  std::size_t size_ = 0;

  std::vector<relate::Value> flow_;  // by row of the batch, then by value
  std::vector<relate::Value> held_;  // by place, then by value
  std::vector<Place> places_;
  std::vector<std::uint32_t> next_;  // by place, then by module: the next place in the bucket
  std::vector<std::uint32_t> own_;   // by place, then by module: the key that it is listed under
  std::vector<std::uint32_t> free_;  // places
};

}  // namespace nfql
