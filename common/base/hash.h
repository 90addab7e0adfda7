// Hashing: XXH3 for content (checksums, fingerprints), a fast mixer for keys of hash tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace nfql {

/// XXH3, 64 bits, seed 0: the checksum of nfql-stream(5) and the fingerprint of sources.
[[nodiscard]] inline std::uint64_t xxh3(std::span<const std::byte> bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

/// Mixes 64 bits so that all bits of the result depend on all bits of `key`
/// (the finaliser of MurmurHash3).
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t key) {
  key ^= key >> 33;
  key *= 0xff51afd7ed558ccdULL;
  key ^= key >> 33;
  key *= 0xc4ceb9fe1a85ec53ULL;
  key ^= key >> 33;
  return key;
}

/// Combines the hash of one more part of a key with `seed`, the hash of the parts before.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t seed, std::uint64_t key) {
  return mix(seed * 0x9e3779b97f4a7c15ULL + key);
}

}  // namespace nfql
