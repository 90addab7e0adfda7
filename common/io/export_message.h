// What exporters of flows send: messages of NetFlow v5, NetFlow v9 and IPFIX (RFC 3954, 7011).
//
//     message  := netflow5 | netflow9 | ipfix
//     netflow5 := version:u16 = 5   flows:u16 = 1..30  uptime_ms:u32  seconds:u32  nanoseconds:u32
//                 sequence:u32  engine_type:u8  engine_id:u8  sampling_mode:2 sampling_interval:14
//                 ( record:u8[48] )[flows]
//     netflow9 := version:u16 = 9   records:u16  uptime_ms:u32  seconds:u32  sequence:u32
//                 domain:u32  set*
//     ipfix    := version:u16 = 10  length:u16  seconds:u32  sequence:u32  domain:u32  set*
//     set      := id:u16  length:u16  body:u8[length - 4]
//
// Integers are big-endian, lengths count what they stand in. Ids from 256 on are numbers of
// templates, of which the body has records; IPFIX has templates in sets 2 and those of options in
// sets 3, NetFlow v9 in 0 and 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/flow/address.h"
#include "common/io/input_window.h"

namespace nfql {

namespace netflow5 {
inline constexpr std::uint16_t kVersion = 5;
inline constexpr std::size_t kHeaderBytes = 24, kRecordBytes = 48;
inline constexpr std::uint16_t kMostFlows = 30;
}  // namespace netflow5

namespace netflow9 {
inline constexpr std::uint16_t kVersion = 9;
inline constexpr std::size_t kHeaderBytes = 20;
inline constexpr std::uint16_t kTemplateSet = 0, kOptionsTemplateSet = 1;
}  // namespace netflow9

namespace ipfix {
inline constexpr std::uint16_t kVersion = 10;
inline constexpr std::size_t kMessageHeaderBytes = 16;
inline constexpr std::size_t kSetHeaderBytes = 4;
inline constexpr std::uint16_t kTemplateSet = 2;
inline constexpr std::uint16_t kOptionsTemplateSet = 3;
inline constexpr std::uint16_t kFirstDataSet = 256;
inline constexpr std::uint16_t kEnterpriseBit = 0x8000;
}  // namespace ipfix

/// One message, as far as it is there.
struct ExportMessage {
  std::span<const std::byte> bytes;
  std::size_t length = 0;    ///< of the whole; what is behind the message is padding
  std::uint64_t offset = 0;  ///< in the input; if put together from fragments, that of the last
  std::optional<Address> exporter;  ///< who sent it, if that is known
  std::uint16_t port = 0;           ///< to which it was sent, if that is known
};

/// Whether messages of this version are known.
[[nodiscard]] constexpr bool is_export_version(std::uint16_t version) {
  return version == netflow5::kVersion || version == netflow9::kVersion ||
         version == ipfix::kVersion;
}

/// Whether bytes that begin so may be a message; `length` is how many there are of it and what
/// follows.
[[nodiscard]] bool looks_export(std::span<const std::byte> first, std::size_t length);

/// An input that has messages. What is wrong with its own structure is an Error(Exit::failed) that
/// names the input and the place.
class MessageSource {
 public:
  MessageSource() = default;
  MessageSource(const MessageSource&) = delete;
  MessageSource& operator=(const MessageSource&) = delete;
  virtual ~MessageSource() = default;

  /// The next message, valid until the next call; false at the end of the input.
  virtual bool next(ExportMessage& message) = 0;
  [[nodiscard]] virtual InputWindow& window() = 0;
  /// Messages came one by one over a network: one that is damaged says nothing of the next.
  [[nodiscard]] virtual bool has_datagrams() const { return false; }
  /// What users should know of what was passed over.
  [[nodiscard]] virtual std::vector<std::string> warnings() const { return {}; }
};

}  // namespace nfql
