// The bytes of a native stream: nfql-stream(5) in constants and fixed-size records.
//
//     stream    := header block* end                 everything starts at a multiple of 8 bytes
//     header    := magic:u8[8] version:u16 kind:u8 flags:u8 payload_length:u32 checksum:u64
//                  payload:u8[payload_length]
//     payload   := branches:u16 { name schema schema }[branches] zero:u8*    groups, then flows
//     schema    := columns:u16 { enterprise:u32 element:u16 type:u8 meaning:u8 element_type:u8
//                  name }[columns]
//     name      := length:u16 utf8:u8[length]
//     block     := kind:u8 flags:u8 branch:u16 rows:u32 columns:u32 directory_length:u32
//                  payload_length:u64 checksum:u64 entry[columns] stored[columns]
//     entry     := encoding:u8 method:u8 width:u8 flags:u8 zero:u32 stored_length:u64
//                  raw_length:u64 checksum:u64 min:u64 max:u64
//     stored    := u8[stored_length] zero:u8*
//     raw       := [ bitmap ] values | [ bitmap ] value | [ bitmap ] offsets values
//                  | [ bitmap ] distances | first:u64 step:u64
//
// All numbers are little-endian; `zero` pads to 8 bytes. `stored` is `raw` compressed by `method`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "common/base/buffer.h"

namespace nfql {

/// High bit, name, CR LF, end of text: survives no transfer that changes bytes or line ends.
inline constexpr std::array<unsigned char, 8> kStreamMagic{0x89, 'N',  'F',  'Q',
                                                           'L',  '\r', '\n', 0x1a};
inline constexpr std::uint16_t kStreamVersion = 1;

inline constexpr std::size_t kStreamHeadBytes = 24;  ///< of a header, before its payload
inline constexpr std::size_t kBlockHeadBytes = 32;   ///< of a block, before its directory
inline constexpr std::size_t kEntryBytes = 48;       ///< of a directory, per column

// Limits, each far above what queries need and low enough that a hostile stream costs little.
inline constexpr std::size_t kMaxHeaderPayload = 16U << 20;
inline constexpr std::size_t kMaxBranches = 4096;
inline constexpr std::size_t kMaxColumns = 4096;        ///< of one schema
inline constexpr std::size_t kMaxTotalColumns = 65535;  ///< of all schemas of a stream
/// Bytes that the columns of one block which are stored in fewer may expand to together.
inline constexpr std::uint64_t kMaxExpanded = 64U << 20;
/// Above every length that can be; keeps sums of lengths from overflowing.
inline constexpr std::uint64_t kMaxStored = std::uint64_t{1} << 40;

inline constexpr std::uint8_t kHasMembers = 1;     ///< flag of a header
inline constexpr std::uint8_t kSkippable = 1;      ///< flag of a block: ignore it if unknown
inline constexpr std::uint8_t kHasUnknown = 1;     ///< flag of an entry: a bitmap comes first
inline constexpr std::uint8_t kHasMinMax = 2;      ///< flag of an entry
inline constexpr std::uint8_t kEndOfStream = 255;  ///< kind of the last block

/// What the raw bytes of a column hold.
enum class Encoding : std::uint8_t {
  plain = 0,     ///< all values
  constant = 1,  ///< one value, that of every known row
  unknown = 2,   ///< nothing: no row is known
  delta = 3,     ///< zigzag of the wrapping difference from the value before, the first from 0
  narrow_1 = 4,  ///< distances from the entry's `min`, in 1 byte each
  narrow_2 = 5,  ///< in 2 bytes
  narrow_4 = 6,  ///< in 4 bytes
  sequence = 7,  ///< the first value, and the difference of each from the one before
};

/// Bytes of a distance of a narrow encoding; 0 of the others, and of those that nobody defined.
[[nodiscard]] constexpr std::size_t distance_width(Encoding encoding) {
  switch (encoding) {
    case Encoding::narrow_1:
      return 1;
    case Encoding::narrow_2:
      return 2;
    case Encoding::narrow_4:
      return 4;
    default:
      return 0;
  }
}

/// The fixed part of a block.
struct BlockHead {
  std::uint8_t kind = 0;
  std::uint8_t flags = 0;
  std::uint16_t branch = 0;
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  std::uint32_t directory_bytes = 0;
  std::uint64_t payload_bytes = 0;
  std::uint64_t checksum = 0;  ///< XXH3 of the 24 bytes before it and the directory
};

/// One column in the directory of a block. The numbers of `encoding` and `method` may be ones that
/// nobody defined.
struct ColumnEntry {
  Encoding encoding = Encoding::plain;
  std::uint8_t method = 0;  ///< as of Compression::Method
  std::uint8_t width = 0;
  std::uint8_t flags = 0;
  std::uint32_t zero = 0;
  std::uint64_t stored_bytes = 0;
  std::uint64_t raw_bytes = 0;
  std::uint64_t checksum = 0;  ///< XXH3 of the stored bytes
  std::uint64_t min = 0;       ///< of the known values; bits of an i64 or f64
  std::uint64_t max = 0;
};

/// `size` rounded up to a multiple of 8.
[[nodiscard]] constexpr std::uint64_t padded(std::uint64_t size) {
  return (size + 7) & ~7ULL;
}
/// Bytes of the bitmap of `rows` rows.
[[nodiscard]] constexpr std::size_t bitmap_bytes(std::size_t rows) {
  return (rows + 63) / 64 * 8;
}

/// Whether all of `bytes` are as padding must be.
[[nodiscard]] bool is_zero(std::span<const std::byte> bytes);

/// The records at `from`, which has kBlockHeadBytes or kEntryBytes bytes.
[[nodiscard]] BlockHead load_block_head(const std::byte* from);
[[nodiscard]] ColumnEntry load_entry(const std::byte* from);

/// A block's head and directory as written, lengths and checksum filled in.
[[nodiscard]] Buffer pack_block_head(BlockHead head, std::span<const ColumnEntry> entries);
/// The checksum that `head` and directory together should have.
[[nodiscard]] std::uint64_t block_checksum(const std::byte* head,
                                           std::span<const std::byte> directory);

}  // namespace nfql
