// The messages of exporters in a capture of packets (pcap, not pcapng).
//
//     file   := magic:u32  major:u16  minor:u16  zone:i32  accuracy:u32  snap_bytes:u32
//               reserved:4 link_type:28  packet*
//     packet := seconds:u32  fraction:u32  captured:u32  length:u32  frame:u8[captured]
//
// Integers are of the byte order that the magic number shows: a1b2c3d4, with fractions in
// nanoseconds a1b23c4d.
#pragma once

#include <cstdint>
#include <memory>

#include "common/io/export_message.h"

namespace nfql {

/// Whether an input that begins so is a capture.
[[nodiscard]] bool looks_pcap(std::span<const std::byte> first);

/// Gives the UDP datagrams, of IPv4 and of IPv6, whole or in fragments, that begin like a message;
/// others are passed over, and warnings() counts those whose fragments are not all there. The end
/// of a capture in which there was no message is an error: it is of something else.
/// Throws Error(Exit::failed) for a link type that nobody here knows.
[[nodiscard]] std::unique_ptr<MessageSource> make_pcap_messages(InputFile file);

}  // namespace nfql
