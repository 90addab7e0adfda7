#include "common/stage/group_table.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <random>
#include <utility>

#include "common/base/error.h"
#include "common/base/hash.h"

namespace nfql {
namespace {

// Keys whose slots are fetched together: their hashes fit the first-level cache.
constexpr std::size_t kChunk = 1024;
constexpr std::size_t kFirstSlots = 4096;
// Number + 1 must fit a slot.
constexpr std::size_t kMostGroups = 0xffff'fffeU;

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

}  // namespace

GroupTable::GroupTable(std::size_t words)
    : words_(words), seed_(random_seed()), slots_(kFirstSlots), mask_(kFirstSlots - 1) {}

// Words = 0 stands for a count known only at run time.
template <std::size_t Words>
std::uint32_t GroupTable::hash_of(const std::uint64_t* key) const {
  const std::size_t words = Words == 0 ? words_ : Words;
  return static_cast<std::uint32_t>(XXH3_64bits_withSeed(key, words * sizeof *key, seed_));
}

template <std::size_t Words>
GroupId GroupTable::number_one(const std::uint64_t* key, std::uint32_t hash) {
  const std::size_t words = Words == 0 ? words_ : Words;
  std::size_t at = hash & mask_;
  while (slots_[at].group != 0) {
    const Slot slot = slots_[at];
    if (slot.hash == hash && std::equal(key, key + words, &keys_[(slot.group - 1) * words])) {
      return slot.group - 1;
    }
    at = (at + 1) & mask_;
  }
  const auto group = static_cast<GroupId>(size_++);
  slots_[at] = {hash, group + 1};
  keys_.insert(keys_.end(), key, key + words);
  return group;
}

// Three passes, so that the misses of many keys overlap: the slots, then the keys they lead to,
// then the comparison itself.
template <std::size_t Words>
void GroupTable::number_chunk(const std::uint64_t* keys, std::span<GroupId> groups) {
  const std::size_t words = Words == 0 ? words_ : Words;
  std::array<std::uint32_t, kChunk> hashes;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    hashes[i] = hash_of<Words>(keys + i * words);
    __builtin_prefetch(&slots_[hashes[i] & mask_]);
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const Slot slot = slots_[hashes[i] & mask_];
    __builtin_prefetch(keys_.data() + (slot.group == 0 ? 0 : slot.group - 1) * words);
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    groups[i] = number_one<Words>(keys + i * words, hashes[i]);
  }
}

void GroupTable::number(std::span<const std::uint64_t> keys, std::span<GroupId> groups) {
  assert(keys.size() == groups.size() * words_);
  if (words_ == 0) {
    std::fill(groups.begin(), groups.end(), GroupId{0});
    size_ = groups.empty() ? size_ : 1;
    return;
  }
  for (std::size_t first = 0; first < groups.size(); first += kChunk) {
    const std::span<GroupId> chunk = groups.subspan(first, std::min(kChunk, groups.size() - first));
    const std::uint64_t* from = keys.data() + first * words_;
    reserve(size_ + chunk.size());
    switch (words_) {
      case 1:
        number_chunk<1>(from, chunk);
        break;
      case 2:
        number_chunk<2>(from, chunk);
        break;
      case 4:
        number_chunk<4>(from, chunk);
        break;
      default:
        number_chunk<0>(from, chunk);
    }
  }
}

void GroupTable::insert(Slot slot) {
  std::size_t at = slot.hash & mask_;
  while (slots_[at].group != 0) {
    at = (at + 1) & mask_;
  }
  slots_[at] = slot;
}

// At most 5 of 8 slots are taken: a probe then looks at two on average.
void GroupTable::reserve(std::size_t size) {
  if (size > kMostGroups) {
    fail(Exit::failed, "more than {} million groups", kMostGroups / 1'000'000);
  }
  if (size * 8 <= slots_.size() * 5) {
    return;
  }
  const std::size_t grown = std::bit_ceil(size * 8 / 5 + 1);
  const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(grown));
  mask_ = grown - 1;
  for (const Slot& slot : old) {
    if (slot.group != 0) {
      insert(slot);
    }
  }
}

void GroupTable::replace_keys(std::vector<std::uint64_t> keys, std::size_t words) {
  assert(keys.size() == size_ * words);
  keys_ = std::move(keys);
  words_ = words;
  slots_.assign(slots_.size(), Slot{});
  for (std::size_t group = 0; group < size_; ++group) {
    insert({hash_of<0>(&keys_[group * words_]), static_cast<std::uint32_t>(group + 1)});
  }
}

}  // namespace nfql
