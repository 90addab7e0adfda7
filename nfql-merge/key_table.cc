#include "nfql-merge/key_table.h"

#include <algorithm>
#include <bit>

#include "common/base/hash.h"
#include "common/flow/address.h"

namespace nfql::merge {
namespace {

bool is_half(const FlatColumn& column) {
  return column.type == Type::address ? column.high.empty() : width_of(column.type) <= 4;
}

}  // namespace

KeyPacker::KeyPacker(const std::vector<std::pair<ColumnRef, ColumnRef>>& pairs,
                     FlatColumns& columns) {
  for (const auto& [left, right] : pairs) {
    const FlatColumn& a = columns.get(left);
    const FlatColumn& b = columns.get(right);
    left_.push_back(make_part(left, a, b));
    right_.push_back(make_part(right, b, a));
    places_.push_back(next_place(a, b));
  }
}

KeyPacker::Part KeyPacker::make_part(const ColumnRef& ref, const FlatColumn& own,
                                     const FlatColumn& other) {
  return {ref.branch, &own, own.high.empty() && !other.high.empty(),
          own.type == Type::i64 && other.type != Type::i64};
}

KeyPacker::Place KeyPacker::next_place(const FlatColumn& a, const FlatColumn& b) {
  if (is_half(a) && is_half(b)) {
    if (half_free_) {
      return {*std::exchange(half_free_, std::nullopt), 32};
    }
    half_free_ = words_;
    return {words_++, 0};
  }
  const Place place{words_, 0};
  words_ += a.high.empty() && b.high.empty() ? 1U : 2U;
  return place;
}

void KeyPacker::pack_left(const Tuples& tuples, PackedKeys& keys) const {
  pack(left_, tuples, keys);
}

void KeyPacker::pack_right(const Tuples& tuples, PackedKeys& keys) const {
  pack(right_, tuples, keys);
}

void KeyPacker::pack(const std::vector<Part>& parts, const Tuples& tuples, PackedKeys& keys) const {
  keys.words = words_;
  keys.keys.assign(tuples.rows * words_, 0);
  keys.present.assign(tuples.rows, 1);
  keys.hashes.assign(tuples.rows, 0);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    pack_part(parts[i], places_[i], tuples, keys);
  }
  for (std::size_t row = 0; row < tuples.rows; ++row) {
    std::uint64_t hash = 0;
    for (std::size_t word = 0; word < words_; ++word) {
      hash = mix(hash, keys.key(row)[word]);
    }
    keys.hashes[row] = hash;
  }
}

void KeyPacker::pack_part(const Part& part, Place place, const Tuples& tuples, PackedKeys& keys) {
  const FlatColumn& column = *part.column;
  const std::vector<GroupId>& ids = tuples.ids[part.branch];
  std::uint64_t* to = keys.keys.data() + place.word;
  const std::uint64_t extra = part.to_wide ? kMappedPrefix : 0;
  for (std::size_t row = 0; row < tuples.rows; ++row) {
    to[row * keys.words] |= (column.low[ids[row]] | extra) << place.shift;
  }
  for (std::size_t row = 0; !column.high.empty() && row < tuples.rows; ++row) {
    to[row * keys.words + 1] = column.high[ids[row]];
  }
  for (std::size_t row = 0; row < tuples.rows; ++row) {
    const bool refused = part.refuse_negatives && column.number(ids[row]) < 0;
    if (refused || !column.is_known(ids[row])) {
      keys.present[row] = 0;
    }
  }
}

KeyTable::KeyTable(const PackedKeys& keys)
    : words_(keys.words),
      mask_(std::bit_ceil(std::max<std::size_t>(16, keys.present.size() * 2)) - 1),
      slots_(mask_ + 1),
      numbers_(keys.present.size(), kNone) {
  for (std::size_t row = 0; row < numbers_.size(); ++row) {
    if (row + kAhead < numbers_.size()) {
      prefetch(keys.hashes[row + kAhead]);
    }
    if (keys.present[row] == 0) {
      continue;
    }
    Slot& slot = slots_[find_slot(keys.key(row), keys.hashes[row])];
    if (slot.number == kNone) {
      slot = {static_cast<std::uint32_t>(size_++),
              static_cast<std::uint32_t>(keys.hashes[row] >> 32)};
      keys_.insert(keys_.end(), keys.key(row), keys.key(row) + words_);
    }
    numbers_[row] = slot.number;
  }
}

std::uint32_t KeyTable::find(const std::uint64_t* key, std::uint64_t hash) const {
  return slots_[find_slot(key, hash)].number;
}

// The slot that has the key, or the free one where it would be.
std::size_t KeyTable::find_slot(const std::uint64_t* key, std::uint64_t hash) const {
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  for (std::uint64_t at = hash & mask_;; at = (at + 1) & mask_) {
    const Slot& slot = slots_[at];
    if (slot.number == kNone ||
        (slot.tag == tag &&
         std::equal(key, key + words_, keys_.data() + std::size_t{slot.number} * words_))) {
      return at;
    }
  }
}

}  // namespace nfql::merge
