// Where things lie in an nfdump file of layout 2 (nfdump 1.7, nfcapd).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "common/flow/registry.h"

// All integers are little-endian, addresses too: IPv4 as u32, IPv6 as two u64, the high half first.
// Nothing is aligned.
//
//     file     := fileheader block* appendix?        the appendix is a block like others
//     block    := records:u32 size:u32 type:u16 flags:u16 bytes[size]
//     bytes    := record*                            compressed as one if the file header says so
//     record   := type:u16 size:u16 rest             the size is of all of it
//     flow     := 11:u16 size:u16 elements:u16 enginetype:u8 engineid:u8 exporter:u16 flags:u8
//                 version:u8 element*
//     element  := type:u16 size:u16 rest             in any order; the size is of all of it
//
// While a file is written its header counts no blocks and there is no appendix; a pipe stays so.
namespace nfql::nfdump {

inline constexpr std::uint32_t kMagic = 0x0002'a50c;  ///< with the number of the layout
inline constexpr std::size_t kFileHeaderBytes = 40;
inline constexpr std::size_t kVersionAt = 4, kCreatedAt = 8, kCompressionAt = 16,
                             kEncryptionAt = 17, kAppendixBlocksAt = 18, kCreatorAt = 20,
                             kAppendixAt = 24, kBlocksAt = 36;

inline constexpr std::size_t kBlockHeaderBytes = 12;
/// What nfdump takes at most, block header included; as stored and uncompressed.
inline constexpr std::size_t kMaxBlockBytes = 5 * 1024 * 1024;
inline constexpr std::uint16_t kRecordsBlock = 3;

enum class Method : std::uint8_t { none = 0, lzo = 1, bzip2 = 2, lz4 = 3, zstd = 4 };

inline constexpr std::size_t kRecordStartBytes = 4;
inline constexpr std::uint16_t kExporterRecord = 7, kOldSamplerRecord = 9, kFlowRecord = 11,
                               kSamplerRecord = 15, kIdentRecord = 0x8001, kStatRecord = 0x8002;
/// The number of a sampler that has none: -1 there.
inline constexpr std::uint32_t kNoSampler = 0xffff'ffff;
/// Flows of other layouts.
inline constexpr std::uint16_t kFlowRecord16 = 10, kFlowRecord18 = 16;
inline constexpr std::size_t kExporterBytes = 32, kOldSamplerBytes = 16, kSamplerBytes = 24,
                             kStatBytes = 148;
inline constexpr std::size_t kFlowHeaderBytes = 12;
inline constexpr std::size_t kElementsAt = 4, kExporterIdAt = 8, kFlowVersionAt = 11;

/// Kinds of elements, by their number in the file. Those above kSlotsInFile stand for older or
/// newer forms of an element, which have its number in the file and another size.
enum Slot : std::uint8_t {
  kHeader = 0,  ///< no element: the head of the flow record
  kGeneric = 1,
  kIpv4 = 2,
  kIpv6 = 3,
  kMisc = 4,
  kCounters = 5,
  kVlan = 6,
  kAs = 7,
  kBgpNextHop4 = 8,
  kBgpNextHop6 = 9,
  kNextHop4 = 10,
  kNextHop6 = 11,
  kReceived4 = 12,
  kReceived6 = 13,
  kMpls = 14,
  kMac = 15,
  kAdjacentAs = 16,
  kSampler = 18,
  kFirewall = 19,
  kNat4 = 20,
  kNat6 = 21,
  kNatPorts = 22,
  kNat = 25,
  kPortBlock = 26,
  kObservation = 33,
  kVrf = 36,
  kLayer2 = 38,
  kFlowNumber = 39,
  kIpInfo = 42,
  kSlotsInFile = 43,
  kNewSampler = kSlotsInFile,  ///< sampler of nfdump 1.7.2 and later
  kOldNat,                     ///< NAT event with VRFs
  kSlots,
};

/// Bytes of an element of this kind, without its type and size; 0 for those that are passed over.
inline constexpr std::array<std::uint8_t, kSlots> kPayloadBytes = [] {
  std::array<std::uint8_t, kSlots> bytes{};
  bytes[kHeader] = kFlowHeaderBytes;
  bytes[kGeneric] = 48;
  bytes[kIpv4] = bytes[kVlan] = bytes[kAs] = bytes[kAdjacentAs] = bytes[kNat4] = 8;
  bytes[kIpv6] = bytes[kMac] = bytes[kNat6] = bytes[kLayer2] = 32;
  bytes[kMisc] = bytes[kFirewall] = bytes[kNat] = bytes[kObservation] = 16;
  bytes[kCounters] = bytes[kOldNat] = 24;
  bytes[kBgpNextHop4] = bytes[kNextHop4] = bytes[kReceived4] = bytes[kNatPorts] = bytes[kIpInfo] =
      4;
  bytes[kBgpNextHop6] = bytes[kNextHop6] = bytes[kReceived6] = bytes[kNewSampler] = 16;
  bytes[kMpls] = 40;
  bytes[kSampler] = 12;
  bytes[kPortBlock] = bytes[kVrf] = bytes[kFlowNumber] = 8;
  return bytes;
}();

/// Where a field lies in an element, which is `width` bytes wide there. A field may have several
/// places: the first that a record has is its value.
struct Place {
  ElementId id;
  Slot slot;
  std::uint8_t offset;
  std::uint8_t width;
  bool zero_is_none = false;  ///< 0 says that the exporter did not tell
};

constexpr ElementId ipfix(std::uint16_t element) {
  return {0, element};
}

/// In the order of columns.
inline constexpr std::array kPlaces = {
    Place{element::kStart, kGeneric, 0, 8},
    Place{element::kEnd, kGeneric, 8, 8},
    Place{element::kSourceAddress, kIpv4, 0, 4},
    Place{element::kSourceAddress, kIpv6, 0, 16},
    Place{element::kSourcePort, kGeneric, 40, 2},
    Place{element::kDestinationAddress, kIpv4, 4, 4},
    Place{element::kDestinationAddress, kIpv6, 16, 16},
    Place{element::kDestinationPort, kGeneric, 42, 2},
    Place{element::kProtocol, kGeneric, 44, 1},
    Place{element::kTcpFlags, kGeneric, 45, 1},
    Place{element::kPackets, kGeneric, 24, 8},
    Place{element::kOctets, kGeneric, 32, 8},
    Place{element::kReversePackets, kCounters, 8, 8},
    Place{element::kReverseOctets, kCounters, 16, 8},
    Place{element::kFlowCount, kCounters, 0, 8},
    Place{element::kClassOfService, kGeneric, 47, 1},
    Place{ipfix(55), kMisc, 11, 1},
    Place{element::kIngress, kMisc, 0, 4},
    Place{element::kEgress, kMisc, 4, 4},
    Place{element::kNextHop, kNextHop4, 0, 4},
    Place{element::kNextHop, kNextHop6, 0, 16},
    Place{element::kBgpNextHop, kBgpNextHop4, 0, 4},
    Place{element::kBgpNextHop, kBgpNextHop6, 0, 16},
    Place{element::kSourceAs, kAs, 0, 4},
    Place{element::kDestinationAs, kAs, 4, 4},
    Place{ipfix(128), kAdjacentAs, 0, 4},
    Place{ipfix(129), kAdjacentAs, 4, 4},
    Place{element::kSourceMask, kMisc, 8, 1},
    Place{element::kDestinationMask, kMisc, 9, 1},
    Place{element::kExporter, kReceived4, 0, 4},
    Place{element::kExporter, kReceived6, 0, 16},
    Place{element::kEngineType, kHeader, 6, 1},
    Place{element::kEngineId, kHeader, 7, 1},
    Place{ipfix(214), kHeader, kFlowVersionAt, 1, true},
    Place{ipfix(138), kObservation, 0, 8},
    Place{element::kObservationDomain, kObservation, 8, 4},
    Place{ipfix(258), kGeneric, 16, 8, true},
    Place{ipfix(61), kMisc, 10, 1},
    Place{ipfix(239), kMisc, 12, 1},
    Place{ipfix(136), kMisc, 13, 1},
    Place{ipfix(89), kGeneric, 46, 1},
    Place{ipfix(58), kVlan, 0, 4},
    Place{ipfix(59), kVlan, 4, 4},
    Place{ipfix(56), kMac, 0, 8},
    Place{ipfix(80), kMac, 16, 8},
    Place{ipfix(81), kMac, 24, 8},
    Place{ipfix(57), kMac, 8, 8},
    Place{ipfix(70), kMpls, 0, 4},
    Place{ipfix(71), kMpls, 4, 4},
    Place{ipfix(72), kMpls, 8, 4},
    Place{ipfix(73), kMpls, 12, 4},
    Place{ipfix(74), kMpls, 16, 4},
    Place{ipfix(75), kMpls, 20, 4},
    Place{ipfix(76), kMpls, 24, 4},
    Place{ipfix(77), kMpls, 28, 4},
    Place{ipfix(78), kMpls, 32, 4},
    Place{ipfix(79), kMpls, 36, 4},
    Place{ipfix(243), kLayer2, 0, 2},
    Place{ipfix(245), kLayer2, 2, 2},
    Place{ipfix(254), kLayer2, 4, 2},
    Place{ipfix(255), kLayer2, 6, 2},
    Place{ipfix(252), kLayer2, 8, 4},
    Place{ipfix(253), kLayer2, 12, 4},
    Place{ipfix(351), kLayer2, 16, 8},
    Place{ipfix(256), kLayer2, 24, 2},
    Place{ipfix(60), kLayer2, 26, 1},
    Place{ipfix(197), kIpInfo, 1, 1},
    Place{ipfix(52), kIpInfo, 2, 1},
    Place{ipfix(53), kIpInfo, 3, 1},
    Place{ipfix(234), kVrf, 4, 4},
    Place{ipfix(234), kOldNat, 12, 4},
    Place{ipfix(235), kVrf, 0, 4},
    Place{ipfix(235), kOldNat, 8, 4},
    Place{element::kSamplingInterval, kSampler, 4, 4},
    Place{element::kSelectorId, kSampler, 0, 4},
    Place{element::kSelectorId, kNewSampler, 0, 8},
    Place{ipfix(35), kSampler, 8, 1},
    Place{ipfix(323), kFirewall, 0, 8},
    Place{ipfix(323), kNat, 0, 8},
    Place{ipfix(323), kOldNat, 0, 8},
    Place{ipfix(233), kFirewall, 14, 1},
    Place{element::kFirewallDetail, kFirewall, 12, 2},
    Place{element::kExportedFlowId, kFirewall, 8, 4},
    Place{element::kExportedFlowId, kFlowNumber, 0, 8},
    Place{ipfix(230), kNat, 12, 1},
    Place{ipfix(230), kOldNat, 20, 1},
    Place{ipfix(283), kNat, 8, 4},
    Place{ipfix(283), kOldNat, 16, 4},
    Place{ipfix(225), kNat4, 0, 4},
    Place{ipfix(225), kNat6, 0, 16},
    Place{ipfix(226), kNat4, 4, 4},
    Place{ipfix(226), kNat6, 16, 16},
    Place{ipfix(227), kNatPorts, 0, 2},
    Place{ipfix(228), kNatPorts, 2, 2},
    Place{ipfix(361), kPortBlock, 0, 2},
    Place{ipfix(362), kPortBlock, 2, 2},
    Place{ipfix(363), kPortBlock, 4, 2},
    Place{ipfix(364), kPortBlock, 6, 2},
    Place{element::kNfdumpExporter, kHeader, kExporterIdAt, 2, true},
    Place{element::kNfdumpFlags, kHeader, 10, 1},
};

}  // namespace nfql::nfdump
