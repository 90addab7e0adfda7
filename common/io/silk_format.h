// The bytes of SiLK flow files that are not packed: headers, blocks, and where the fields of a flow
// lie in a record.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "common/flow/registry.h"

//     file    := stream+                          (`cat a b` of two files is a file)
//     stream  := start entry* last data
//     start   := de ad be ef flags:u8 format:u8 version:u8 compression:u8
//                silk_version:u32 record_size:u16 record_version:u16
//     entry   := id:u32 length:u32 value:u8[length - 8]            (id is not 0)
//     last    := an entry whose id is 0
//     data    := record* if the compression is 0, else block* [end:u32 = 0]
//     block   := stored:u32 raw:u32 bytes:u8[stored]               (`raw` bytes of records)
//
// Integers of headers and blocks are big-endian; those in records, IPv4 addresses too, are so if
// bit 0 of `flags` is set. The last entry pads the header to a multiple of the record size. What
// the entries say (command lines, notes) is not read.
namespace nfql::silk {

/// de ad be ef, as a big-endian number.
inline constexpr std::uint32_t kMagic = 0xdeadbeef;
inline constexpr std::size_t kStartBytes = 16;
/// Offsets in the start of a header.
inline constexpr std::size_t kFlagsAt = 4, kFormatAt = 5, kVersionAt = 6, kCompressionAt = 7,
                             kRecordSizeAt = 12, kRecordVersionAt = 14;
inline constexpr std::uint8_t kBigEndian = 1;
/// Versions below, of SiLK before 1.0, have headers of another form.
inline constexpr std::uint8_t kMinVersion = 16;

inline constexpr std::size_t kEntryHeadBytes = 8;
/// Far above any note or command line.
inline constexpr std::uint32_t kMaxEntryBytes = 16 * 1024 * 1024;

inline constexpr std::size_t kBlockHeadBytes = 8;
/// SiLK makes blocks of 64 KiB and reads none above this.
inline constexpr std::uint32_t kMaxBlockBytes = 1024 * 1024;
/// What does not compress becomes larger: most by snappy, by one byte in six.
inline constexpr std::uint32_t kMaxStoredBytes = kMaxBlockBytes / 6 * 7 + 1024;

enum class Method : std::uint8_t { none = 0, zlib = 1, lzo = 2, snappy = 3 };

enum class Format : std::uint8_t { ipv6_routing = 0x0c, generic = 0x16 };

/// Where a field lies in a record: an unsigned integer, or an address.
struct Place {
  ElementId id;
  std::uint8_t offset;
  std::uint8_t width;
};

/// Where flows begin, in ms since the epoch (i64), and how many ms they last (u32).
inline constexpr std::size_t kStartAt = 0, kElapsedAt = 8;
inline constexpr std::size_t kProtocolAt = 16, kFlowTypeAt = 17, kSensorAt = 18, kTcpStateAt = 23;
/// Bits of the TCP state: whether the flags of the first packet and of the rest were told apart,
/// and, not of the state really, whether the addresses are of IPv6.
inline constexpr std::uint8_t kExpandedFlags = 0x01, kIpv6Record = 0x80;

/// Fields in the same place in all records. At 26 is the "memo", 2 bytes for users' programs.
inline constexpr std::array kPlaces = {Place{element::kSourcePort, 12, 2},
                                       Place{element::kDestinationPort, 14, 2},
                                       Place{element::kProtocol, kProtocolAt, 1},
                                       Place{element::kSilkFlowType, kFlowTypeAt, 1},
                                       Place{element::kSilkSensor, kSensorAt, 2},
                                       Place{element::kTcpFlags, 20, 1},
                                       Place{element::kInitialTcpFlags, 21, 1},
                                       Place{element::kUnionTcpFlags, 22, 1},
                                       Place{element::kSilkTcpState, kTcpStateAt, 1},
                                       Place{element::kSilkApplication, 24, 2}};

/// A kind of record that is not packed.
struct Layout {
  Format format;
  std::uint16_t version;
  std::uint16_t record_size;
  std::array<Place, 7> places;  ///< of the other fields
};

/// Addresses of 16 bytes are in network order; in records of IPv4 flows they are IPv4-mapped.
inline constexpr std::array kLayouts = {Layout{Format::generic,
                                               5,
                                               52,
                                               {{{element::kIngress, 28, 2},
                                                 {element::kEgress, 30, 2},
                                                 {element::kPackets, 32, 4},
                                                 {element::kOctets, 36, 4},
                                                 {element::kSourceAddress, 40, 4},
                                                 {element::kDestinationAddress, 44, 4},
                                                 {element::kNextHop, 48, 4}}}},
                                        Layout{Format::ipv6_routing,
                                               1,
                                               88,
                                               {{{element::kIngress, 28, 2},
                                                 {element::kEgress, 30, 2},
                                                 {element::kPackets, 32, 4},
                                                 {element::kOctets, 36, 4},
                                                 {element::kSourceAddress, 40, 16},
                                                 {element::kDestinationAddress, 56, 16},
                                                 {element::kNextHop, 72, 16}}}},
                                        Layout{Format::ipv6_routing,
                                               3,
                                               100,
                                               {{{element::kIngress, 28, 4},
                                                 {element::kEgress, 96, 4},
                                                 {element::kPackets, 32, 8},
                                                 {element::kOctets, 40, 8},
                                                 {element::kSourceAddress, 48, 16},
                                                 {element::kDestinationAddress, 64, 16},
                                                 {element::kNextHop, 80, 16}}}}};

}  // namespace nfql::silk
