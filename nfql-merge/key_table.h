// Equality joins: keys of several columns packed into words, and a hash table of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "nfql-merge/flat_column.h"
#include "nfql-merge/tuples.h"

namespace nfql::merge {

/// Keys of rows: `words` words each, end to end; a row whose key has an unknown part, or one that
/// nothing can be equal to, has none.
struct PackedKeys {
  std::size_t words = 0;
  std::vector<std::uint64_t> keys;
  std::vector<std::uint8_t> present;  ///< by row: whether there is a key
  std::vector<std::uint64_t> hashes;

  [[nodiscard]] const std::uint64_t* key(std::size_t row) const {
    return keys.data() + row * words;
  }
};

/// Packs keys such that two are equal exactly when their values are, whatever the columns' widths.
class KeyPacker {
 public:
  /// Of each pair the left column is on the left side of the join.
  KeyPacker(const std::vector<std::pair<ColumnRef, ColumnRef>>& pairs, FlatColumns& columns);

  /// `keys` is reused.
  void pack_left(const Tuples& tuples, PackedKeys& keys) const;
  void pack_right(const Tuples& tuples, PackedKeys& keys) const;

 private:
  // One column of one side.
  struct Part {
    std::size_t branch;
    const FlatColumn* column;
    bool to_wide;           // IPv4 addresses that are compared with 128-bit ones
    bool refuse_negatives;  // signed numbers that are compared with unsigned ones
  };
  struct Place {
    std::size_t word;
    unsigned shift;
  };

  static Part make_part(const ColumnRef& ref, const FlatColumn& own, const FlatColumn& other);
  Place next_place(const FlatColumn& a, const FlatColumn& b);
  void pack(const std::vector<Part>& parts, const Tuples& tuples, PackedKeys& keys) const;
  static void pack_part(const Part& part, Place place, const Tuples& tuples, PackedKeys& keys);

  std::vector<Part> left_;
  std::vector<Part> right_;
  std::vector<Place> places_;
  std::size_t words_ = 0;
  std::optional<std::size_t> half_free_;  // the word, if any, whose upper half is free
};

/// Distinct keys, numbered from 0 in the order of their first rows. Open addressing.
class KeyTable {
 public:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  /// Enters the keys of all rows; number_of(row) then is the key's number, or kNone.
  explicit KeyTable(const PackedKeys& keys);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::uint32_t number_of(std::size_t row) const { return numbers_[row]; }
  /// The number of a key that was packed for the other side, or kNone.
  [[nodiscard]] std::uint32_t find(const std::uint64_t* key, std::uint64_t hash) const;
  /// Rows ahead of the one at hand to prefetch for: enough cache misses in flight to hide most of
  /// their time.
  static constexpr std::size_t kAhead = 12;
  /// Has the memory that find() of this hash will look at brought near.
  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&slots_[hash & mask_]); }

 private:
  struct Slot {
    std::uint32_t number = kNone;
    std::uint32_t tag = 0;  // the upper half of the hash
  };

  [[nodiscard]] std::size_t find_slot(const std::uint64_t* key, std::uint64_t hash) const;

  std::size_t words_;
  std::size_t size_ = 0;
  std::uint64_t mask_;
  std::vector<Slot> slots_;
  std::vector<std::uint64_t> keys_;  // by number
  std::vector<std::uint32_t> numbers_;
};

}  // namespace nfql::merge
