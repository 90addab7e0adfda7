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

GroupTable::GroupTable(std::size_t words) : words_(words), seed_(random_seed()) {
  resize_slots(kFirstSlots);
}

// Words = 0 stands for a count known only at run time.
template <std::size_t Words>
std::uint32_t GroupTable::hash_of(const std::uint64_t* key) const {
  const std::size_t words = Words == 0 ? words_ : Words;
  return static_cast<std::uint32_t>(XXH3_64bits_withSeed(key, words * sizeof *key, seed_));
}

template <std::size_t Words>
GroupId GroupTable::number_one(const std::uint64_t* key, std::uint32_t hash) {
  const std::size_t words = Words == 0 ? words_ : Words;
  auto* const slots = slots_.as<Slot>();
  auto* const keys = keys_.as<std::uint64_t>();
  std::size_t at = hash & mask_;
  while (slots[at].group != 0) {
    const Slot slot = slots[at];
    if (slot.hash == hash && std::equal(key, key + words, keys + (slot.group - 1) * words)) {
      return slot.group - 1;
    }
    at = (at + 1) & mask_;
  }
  const auto group = static_cast<GroupId>(size_++);
  slots[at] = {hash, group + 1};
  std::copy_n(key, words, keys + group * words);
  return group;
}

// Three passes, so that the misses of many keys overlap: the slots, then the keys they lead to,
// then the comparison itself.
template <std::size_t Words>
void GroupTable::number_chunk(const std::uint64_t* keys, std::span<GroupId> groups) {
  const std::size_t words = Words == 0 ? words_ : Words;
  const auto* const slots = slots_.as<Slot>();
  const auto* const held = keys_.as<std::uint64_t>();
  std::array<std::uint32_t, kChunk> hashes;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    hashes[i] = hash_of<Words>(keys + i * words);
    __builtin_prefetch(&slots[hashes[i] & mask_]);
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const Slot slot = slots[hashes[i] & mask_];
    __builtin_prefetch(held + (slot.group == 0 ? 0 : slot.group - 1) * words);
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
  auto* const slots = slots_.as<Slot>();
  std::size_t at = slot.hash & mask_;
  while (slots[at].group != 0) {
    at = (at + 1) & mask_;
  }
  slots[at] = slot;
}

// Free ones.
void GroupTable::resize_slots(std::size_t count) {
  Pages fresh;
  fresh.reserve(count * sizeof(Slot));
  slots_ = std::move(fresh);
  mask_ = count - 1;
}

// At most 5 of 8 slots are taken: a probe then looks at two on average.
void GroupTable::reserve(std::size_t size) {
  if (size > kMostGroups) {
    fail(Exit::failed, "more than {} million groups", kMostGroups / 1'000'000);
  }
  keys_.reserve(size * words_ * sizeof(std::uint64_t));
  const std::size_t slots = mask_ + 1;
  if (size * 8 <= slots * 5) {
    return;
  }
  const Pages old = std::exchange(slots_, Pages());
  resize_slots(std::bit_ceil(size * 8 / 5 + 1));
  for (const Slot& slot : std::span(old.as<Slot>(), slots)) {
    if (slot.group != 0) {
      insert(slot);
    }
  }
}

void GroupTable::replace_keys(std::span<const std::uint64_t> keys, std::size_t words) {
  assert(keys.size() == size_ * words);
  words_ = words;
  keys_.reserve(keys.size_bytes());
  std::copy(keys.begin(), keys.end(), keys_.as<std::uint64_t>());
  resize_slots(mask_ + 1);
  for (std::size_t group = 0; group < size_; ++group) {
    insert({hash_of<0>(&keys[group * words_]), static_cast<std::uint32_t>(group + 1)});
  }
}

}  // namespace nfql
