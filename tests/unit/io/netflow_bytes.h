// Messages of NetFlow, packets and captures made by hand for tests.
#pragma once

#include <string>
#include <vector>

#include "common/io/pcap_messages.h"
#include "tests/unit/io/ipfix_bytes.h"

namespace nfql::test {

inline constexpr std::uint32_t kUptime = 3'600'000;

/// A record of NetFlow v5; the source port tells one from another.
inline std::string netflow5_record(unsigned srcport, std::uint32_t first = kUptime - 5000,
                                   std::uint32_t last = kUptime - 1000) {
  Big b;
  b.u32(0x0a4d0001).u32(0x0a4d0002).u32(0x0a4d00fe).u16(3).u16(4).u32(6).u32(393);
  b.u32(first).u32(last).u16(srcport).u16(80).u8(0).u8(27).u8(6).u8(8).u16(65'001).u16(65'002);
  return b.u8(24).u8(16).u16(0).bytes();
}

struct Netflow5 {
  std::uint32_t sequence = 0;
  unsigned engine = 0x0107;  // type 1, number 7
  unsigned sampling = 0;
  std::uint32_t uptime = kUptime;
};

inline std::string netflow5(const std::vector<std::string>& records, const Netflow5& head = {}) {
  Big b;
  b.u16(5).u16(records.size()).u32(head.uptime).u32(kExported).u32(250'000'000);
  b.u32(head.sequence).u16(head.engine).u16(head.sampling);
  for (const std::string& record : records) {
    b.raw(record);
  }
  return b.bytes();
}

inline std::string netflow9(const std::string& sets, std::uint32_t sequence = 0,
                            std::uint32_t domain = 0, std::uint32_t uptime = kUptime) {
  return Big().u16(9).u16(1).u32(uptime).u32(kExported).u32(sequence).u32(domain).raw(sets).bytes();
}

inline std::string template9(unsigned number, const std::vector<Ie>& fields) {
  return ipfix_set(0, Big().u16(number).u16(fields.size()).raw(ie_bytes(fields)).bytes());
}

inline std::string options9(unsigned number, const std::vector<Ie>& scope,
                            const std::vector<Ie>& fields) {
  return ipfix_set(1, Big()
                          .u16(number)
                          .u16(4 * scope.size())
                          .u16(4 * fields.size())
                          .raw(ie_bytes(scope) + ie_bytes(fields))
                          .bytes());
}

inline std::string udp(const std::string& payload, unsigned port = 9995) {
  return Big().u16(40'000).u16(port).u16(8 + payload.size()).u16(0).raw(payload).bytes();
}

/// A packet of IPv4 from 192.0.2.1, or a fragment; `fragment` has the bits of that field.
inline std::string ipv4(const std::string& payload, unsigned fragment = 0, unsigned id = 1) {
  Big b;
  b.u8(0x45).u8(0).u16(20 + payload.size()).u16(id).u16(fragment).u8(64).u8(17).u16(0);
  return b.u32(0xc0000201).u32(0xc0000263).raw(payload).bytes();
}

/// A packet of IPv6 from 2001:db8::1; `next` is what its first header calls what follows.
inline std::string ipv6(const std::string& payload, unsigned next = 17) {
  Big b;
  b.u32(0x60000000).u16(payload.size()).u8(next).u8(64);
  b.u64(0x20010db800000000).u64(1).u64(0x20010db800000000).u64(2);
  return b.raw(payload).bytes();
}

inline std::string ethernet(const std::string& packet, unsigned type = 0x0800,
                            const std::string& tags = "") {
  return std::string(12, 'm') + tags + Big().u16(type).bytes() + packet;
}

/// A capture of these frames, in the order of bytes of either kind of machine.
inline std::string pcap(const std::vector<std::string>& frames, unsigned link_type = 1,
                        Endian endian = Endian::little, std::uint32_t magic = 0xa1b2c3d4) {
  Packed p(endian);
  p.u32(magic).u16(2).u16(4).u32(0).u32(0).u32(262'144).u32(link_type);
  for (const std::string& frame : frames) {
    p.u32(1'795'344'127).u32(5).u32(frame.size()).u32(frame.size()).raw(frame);
  }
  return p.bytes();
}

/// What open_reader() makes of it, with the warnings behind.
inline AllFlows read_export(const std::string& bytes, std::string* warnings = nullptr) {
  try {
    const auto reader = open_reader(input_of(bytes, "x"), {});
    AllFlows all = read_all(*reader);
    if (warnings != nullptr) {
      *warnings = fmt::format("{}", fmt::join(reader->warnings(), "|"));
    }
    return all;
  } catch (const Error& error) {
    AllFlows none;
    none.error = error.what();
    return none;
  }
}

/// The source ports of the flows, and the error at the end if there was one.
inline std::string ports_of(const AllFlows& all) {
  std::string text;
  for (std::size_t row = 0; row < all.rows(); ++row) {
    text += (text.empty() ? "" : " ") + all.at(row, "srcport");
  }
  return all.error.empty() ? text : text + (text.empty() ? "" : " ") + "! " + all.error;
}

}  // namespace nfql::test
