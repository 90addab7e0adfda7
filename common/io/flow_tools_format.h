// The bytes of flow-tools files: headers, records, and where the fields of a flow lie in them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "common/flow/registry.h"

//     file     := stream+                        (`cat a b` of two files is a file)
//     stream   := cf 10 order:u8 ( 03 header3 | 01 header1 ) data
//     header3  := size:u32 { type:u16 length:u16 value:u8[length] }* padding
//     header1  := version:u16 pad:u16 start:u32 end:u32 flags:u32 rotation:u32 flows:u32
//                 drops:u32 misordered:u32 hostname:u8[68] comments:u8[256]
//     data     := record*, one zlib stream of them if the header's flags say so
//
// All integers, those of addresses too, have the byte order that `order` names (1 little, 2 big).
// `size` counts from the magic, is a multiple of 4 and at most 16384. Parts of header3 are not
// aligned. Records have no count or end mark of their own; only a file that was finished tells in
// its header how many there are.
namespace nfql::flow_tools {

inline constexpr std::byte kMagic1{0xcf};
inline constexpr std::byte kMagic2{0x10};

inline constexpr std::size_t kHeader1Bytes = 360;
inline constexpr std::size_t kMinHeader3Bytes = 8;
inline constexpr std::size_t kMaxHeader3Bytes = 16384;
/// Bytes that tell how long the header is.
inline constexpr std::size_t kHeaderStartBytes = 8;

/// Parts of header3 that this toolkit reads or writes.
enum class Tag : std::uint16_t {
  version = 0x02,              // u16
  aggregation_version = 0x03,  // u8
  aggregation_method = 0x04,   // u8
  capture_start = 0x06,        // u32, seconds since the epoch
  capture_end = 0x07,          // u32
  flags = 0x08,                // u32
  flow_count = 0x0a,           // u32
};

/// Bits of the flags in both headers.
inline constexpr std::uint32_t kFlagDone = 1, kFlagCompress = 2, kFlagStreaming = 8;

/// Offsets in a header1 of what is read of it.
inline constexpr std::size_t kVersion1At = 4, kFlags1At = 16, kFlowCount1At = 24;
/// What header1 says for version 1 when it is not sure.
inline constexpr std::uint16_t kOldVersion = 65535;

inline constexpr std::size_t kRecord1Bytes = 60;  ///< every record after a header1
inline constexpr std::size_t kRecord5Bytes = 64;

/// Where a field lies in a record: an unsigned integer.
struct Place {
  ElementId id;
  std::uint8_t offset;
  std::uint8_t width;
};

/// Records of versions 1, 5, 6, 7 and 1005 after a header3. Version 1 ends before the engine type;
/// what the others have after byte 64 is not read.
inline constexpr std::array kPlaces = {
    Place{element::kExportSeconds, 0, 4},    Place{element::kExportNanoseconds, 4, 4},
    Place{element::kExportUptime, 8, 4},     Place{element::kExporter, 12, 4},
    Place{element::kSourceAddress, 16, 4},   Place{element::kDestinationAddress, 20, 4},
    Place{element::kNextHop, 24, 4},         Place{element::kIngress, 28, 2},
    Place{element::kEgress, 30, 2},          Place{element::kPackets, 32, 4},
    Place{element::kOctets, 36, 4},          Place{element::kStartUptime, 40, 4},
    Place{element::kEndUptime, 44, 4},       Place{element::kSourcePort, 48, 2},
    Place{element::kDestinationPort, 50, 2}, Place{element::kProtocol, 52, 1},
    Place{element::kClassOfService, 53, 1},  Place{element::kTcpFlags, 54, 1},
    Place{element::kPadding, 55, 1},         Place{element::kEngineType, 56, 1},
    Place{element::kEngineId, 57, 1},        Place{element::kSourceMask, 58, 1},
    Place{element::kDestinationMask, 59, 1}, Place{element::kSourceAs, 60, 2},
    Place{element::kDestinationAs, 62, 2}};
/// Places of version 1: those up to the padding.
inline constexpr std::size_t kPlacesOfVersion1 = 19;

/// Records after a header1. The seconds and milliseconds (not nanoseconds) at 0 and 4 are those
/// when the router started. Files of version 1 have nothing in what follows the flags.
inline constexpr std::array kPlaces1 = {Place{element::kExportSeconds, 0, 4},
                                        Place{element::kSourceAddress, 8, 4},
                                        Place{element::kDestinationAddress, 12, 4},
                                        Place{element::kNextHop, 16, 4},
                                        Place{element::kIngress, 20, 2},
                                        Place{element::kEgress, 22, 2},
                                        Place{element::kPackets, 24, 4},
                                        Place{element::kOctets, 28, 4},
                                        Place{element::kStartUptime, 32, 4},
                                        Place{element::kEndUptime, 36, 4},
                                        Place{element::kSourcePort, 40, 2},
                                        Place{element::kDestinationPort, 42, 2},
                                        Place{element::kProtocol, 46, 1},
                                        Place{element::kClassOfService, 47, 1},
                                        Place{element::kTcpFlags, 48, 1},
                                        Place{element::kSourceAs, 52, 2},
                                        Place{element::kDestinationAs, 54, 2},
                                        Place{element::kSourceMask, 56, 1},
                                        Place{element::kDestinationMask, 57, 1}};
/// Places of version 1: those up to the flags.
inline constexpr std::size_t kPlaces1OfVersion1 = 15;

/// Offsets of the parts of a flow's times; Exporter's clock less its uptime is when it started.
inline constexpr std::size_t kSecondsAt = 0, kFractionAt = 4, kUptimeAt = 8, kFirstAt = 40,
                             kLastAt = 44, kFirst1At = 32, kLast1At = 36;

/// Wall clock of an uptime, all in ms: export time less uptime then plus uptime now. The uptime
/// starts from 0 every 49.7 days: a flow that began before that and was exported after it has a
/// First far above the uptime at export, and is not from the future.
[[nodiscard]] constexpr std::int64_t time_of_uptime(std::int64_t exported,
                                                    std::int64_t export_uptime,
                                                    std::int64_t uptime) {
  constexpr std::int64_t kWrap = std::int64_t{1} << 32;
  const std::int64_t after = uptime - export_uptime;
  return exported + after - (after > kWrap / 2 ? kWrap : 0);
}

}  // namespace nfql::flow_tools
