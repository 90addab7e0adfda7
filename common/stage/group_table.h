// A hash table that numbers keys: equal keys get equal numbers, new ones the next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/base/pages.h"
#include "common/expr/group_states.h"

namespace nfql {

/// Keys are rows of a fixed count of words. Open addressing with linear probing; the hashes are
/// kept in the slots, so that growing touches no key. The hash has a secret seed: nobody who sends
/// traffic can aim at one slot. Numbers do not depend on it.
class GroupTable {
 public:
  /// `words` of a key; with 0 all rows are of one group.
  explicit GroupTable(std::size_t words);

  /// Keys so far.
  [[nodiscard]] std::size_t size() const { return size_; }
  /// All keys, in the order of their numbers.
  [[nodiscard]] std::span<const std::uint64_t> keys() const {
    return {keys_.as<std::uint64_t>(), size_ * words_};
  }

  /// Sets groups[i] to the number of key i; `keys` are groups.size() rows. Keys are new in the
  /// order of rows. Throws Error(Exit::failed) when there are about 2^32 of them.
  void number(std::span<const std::uint64_t> keys, std::span<GroupId> groups);

  /// Replaces the keys by `keys` of `words` words each, which are size() distinct ones in the order
  /// of their numbers.
  void replace_keys(std::span<const std::uint64_t> keys, std::size_t words);

  /// Frees what only number() needs, which may not be called any more.
  void end_numbering() { slots_.clear(); }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t group = 0;  // number + 1; 0: free
  };

  template <std::size_t Words>
  void number_chunk(const std::uint64_t* keys, std::span<GroupId> groups);
  template <std::size_t Words>
  GroupId number_one(const std::uint64_t* key, std::uint32_t hash);
  template <std::size_t Words>
  [[nodiscard]] std::uint32_t hash_of(const std::uint64_t* key) const;
  void reserve(std::size_t size);
  void resize_slots(std::size_t count);
  void insert(Slot slot);

  std::size_t words_;
  std::uint64_t seed_;
  std::size_t size_ = 0;
  Pages keys_;
  Pages slots_;
  std::size_t mask_ = 0;
};

}  // namespace nfql
