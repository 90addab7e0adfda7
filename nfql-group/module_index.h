// By its equalities, how flows find the open groups that a module may accept them into.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "common/flow/batch.h"
#include "common/stage/key_groups.h"
#include "nfql-group/group_terms.h"

namespace nfql {

/// The open groups of each key as a list in the order of their founding. A group stands in it by
/// its place, a small number that is used again when the group is gone.
class ModuleIndex {
 public:
  static constexpr std::uint32_t kNone = 0xffff'ffffU;

  explicit ModuleIndex(const GroupModule& module);

  /// Reads the keys of a batch; `row` below is one of it.
  void read(const Batch& batch);
  /// The number of the key that the flow has as the first of a group.
  [[nodiscard]] std::uint32_t own_key(std::size_t row) const { return founds_[row]; }
  /// Key column `index` of the keys of these numbers; its memory is added to `owner`.
  [[nodiscard]] Column keys(std::size_t index, std::span<const std::uint32_t> numbers,
                            Batch& owner) const {
    return keys_.keys(index, numbers, owner);
  }

  /// The first group that the flow may join, or kNone.
  [[nodiscard]] std::uint32_t first(std::size_t row) const {
    return joins_[row] == kNone ? kNone : lists_[joins_[row]].head;
  }
  /// The group after this one in its list, or kNone.
  [[nodiscard]] std::uint32_t after(std::uint32_t place) const { return links_[place].next; }
  /// Whether the flow may join the group.
  [[nodiscard]] bool matches(std::uint32_t place, std::size_t row) const {
    return joins_[row] != kNone && links_[place].key == joins_[row];
  }

  /// Enters a group that the flow founds, unless no flow could join it by its key; says which.
  bool add(std::uint32_t place, std::size_t row);
  /// Takes a group out; `before` is the one before it in its list, or kNone.
  void remove(std::uint32_t place, std::uint32_t before);
  /// Whether groups are found by their last flow, so that one that a flow has joined is to be moved
  /// to where it belongs then: taken out and added again. It may stand before others there:
  /// is_earlier(a, b) says whether group a was founded before group b.
  [[nodiscard]] bool moving() const { return moving_; }
  template <class IsEarlier>
  bool add_moved(std::uint32_t place, std::size_t row, const IsEarlier& is_earlier);
  /// Takes all groups out for which gone(place), of the list in which `place` stands, if it does;
  /// calls removed(place) for each.
  template <class Gone, class Removed>
  void remove_all(std::uint32_t place, const Gone& gone, const Removed& removed);

  /// Bring near what first() reads, and what after() of it does.
  void prefetch_list(std::size_t row) const {
    if (joins_[row] != kNone) {
      __builtin_prefetch(&lists_[joins_[row]]);
    }
  }
  void prefetch_link(std::uint32_t place) const { __builtin_prefetch(&links_[place]); }

 private:
  struct List {
    std::uint32_t head = kNone;
    std::uint32_t tail = kNone;
  };
  struct Link {
    std::uint32_t next = kNone;
    std::uint32_t key = kNone;  // kNone: in no list
  };

  [[nodiscard]] bool is_barren(std::size_t row) const {
    return !barren_.empty() && barren_[row] != 0;
  }
  void insert(std::uint32_t place, std::uint32_t key, std::uint32_t before);
  void read_crossed(const Batch& batch, std::vector<Column>&& shared);

  std::vector<GroupKey> same_;
  std::vector<std::pair<GroupKey, GroupKey>> crossed_;
  bool moving_;
  KeyGroups keys_;
  std::vector<List> lists_;  // by key
  std::vector<Link> links_;  // by place
  // By row: numbers of keys, as the first of a group, and of groups that the flow may join.
  std::vector<std::uint32_t> founds_;
  std::vector<std::uint32_t> joins_;
  std::vector<std::uint8_t> barren_;  // by row: 1 if no flow can join by its key; empty: none is
};

template <class Gone, class Removed>
void ModuleIndex::remove_all(std::uint32_t place, const Gone& gone, const Removed& removed) {
  if (links_[place].key == kNone) {
    return;
  }
  std::uint32_t before = kNone;
  for (std::uint32_t at = lists_[links_[place].key].head; at != kNone;) {
    const std::uint32_t next = links_[at].next;
    if (gone(at)) {
      remove(at, before);
      removed(at);
    } else {
      before = at;
    }
    at = next;
  }
}

template <class IsEarlier>
bool ModuleIndex::add_moved(std::uint32_t place, std::size_t row, const IsEarlier& is_earlier) {
  if (is_barren(row)) {
    return false;
  }
  const List& list = lists_[founds_[row]];
  std::uint32_t before = list.tail;
  if (before != kNone && is_earlier(place, before)) {
    before = kNone;
    for (std::uint32_t at = list.head; is_earlier(at, place); at = links_[at].next) {
      before = at;
    }
  }
  insert(place, founds_[row], before);
  return true;
}

}  // namespace nfql
