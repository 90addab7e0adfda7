// SiLK files made by hand for tests: the layouts written out once more, so that a mistake in the
// reader is not made here too.
#pragma once

#include <snappy.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/unit/io/flow_tools_bytes.h"

namespace nfql::test {

/// A flow as SiLK has it; addresses of 16 bytes make it one of IPv6.
struct SilkFlow {
  std::int64_t start = 1'234'396'800'123;
  std::uint32_t elapsed = 1500;
  std::uint16_t sport = 40'000, dport = 80;
  std::uint8_t proto = 6, flow_type = 2;
  std::uint16_t sensor = 7;
  std::uint8_t flags = 27, initial = 2, rest = 25, state = 0x21;
  std::uint16_t application = 443, memo = 99;
  std::uint32_t input = 3, output = 4;
  std::uint64_t packets = 10, bytes = 1500;
  std::string source = "\x0a\x01\x02\x03", destination = "\xc0\xa8\x01\x02",
              next_hop = std::string("\x0a\x00\x00\xfe", 4);
};

enum class SilkKind : std::uint8_t { generic, routing1, routing3 };
inline constexpr SilkKind kSilkKinds[] = {SilkKind::generic, SilkKind::routing1,
                                          SilkKind::routing3};

/// 2001:db8::LAST.
inline std::string silk_ipv6(char last) {
  return std::string("\x20\x01\x0d\xb8", 4) + std::string(11, '\0') + last;
}

inline std::string silk_wide(const std::string& address) {
  return address.size() == 4 ? std::string(10, '\0') + "\xff\xff" + address : address;
}

/// IPv4 addresses have the byte order of the file.
inline std::string silk_narrow(const std::string& address, Endian endian) {
  return endian == Endian::big ? address : std::string(address.rbegin(), address.rend());
}

inline std::string silk_record(const SilkFlow& f, SilkKind kind = SilkKind::generic,
                               Endian endian = Endian::little) {
  const bool six = f.source.size() == 16;
  Packed p(endian);
  p.u64(static_cast<std::uint64_t>(f.start)).u32(f.elapsed).u16(f.sport).u16(f.dport);
  p.u8(f.proto).u8(f.flow_type).u16(f.sensor).u8(f.flags).u8(f.initial).u8(f.rest);
  p.u8(f.state | (six ? 0x80U : 0U)).u16(f.application).u16(f.memo);
  if (kind == SilkKind::routing3) {
    p.u32(f.input).u64(f.packets).u64(f.bytes);
  } else {
    p.u16(f.input).u16(f.output).u32(f.packets).u32(f.bytes);
  }
  for (const std::string& address : {f.source, f.destination, f.next_hop}) {
    p.raw(kind == SilkKind::generic ? silk_narrow(address, endian) : silk_wide(address));
  }
  return kind == SilkKind::routing3 ? p.u32(f.output).bytes() : p.bytes();
}

enum class SilkMethod : std::uint8_t { none = 0, zlib = 1, lzo = 2, snappy = 3 };
inline constexpr SilkMethod kSilkMethods[] = {SilkMethod::none, SilkMethod::zlib, SilkMethod::lzo,
                                              SilkMethod::snappy};

inline std::string silk_start(unsigned format, unsigned version, unsigned record_size,
                              SilkMethod method = SilkMethod::none,
                              Endian endian = Endian::little) {
  Packed p(Endian::big);
  p.raw("\xde\xad\xbe\xef").u8(endian == Endian::big ? 1 : 0).u8(format).u8(16);
  return p.u8(static_cast<unsigned>(method)).u32(3'019'001).u16(record_size).u16(version).bytes();
}

/// A header with a command line, padded to a multiple of the record size.
inline std::string silk_header(SilkKind kind = SilkKind::generic,
                               SilkMethod method = SilkMethod::none,
                               Endian endian = Endian::little) {
  const unsigned size = kind == SilkKind::generic ? 52 : kind == SilkKind::routing1 ? 88 : 100;
  const unsigned version = kind == SilkKind::generic ? 5 : kind == SilkKind::routing1 ? 1 : 3;
  const std::string command = "rwcat --output-path=x";
  const unsigned before = 16 + 8 + static_cast<unsigned>(command.size());
  const unsigned padding = size - (before + 8) % size;
  Packed p(Endian::big);
  p.raw(silk_start(kind == SilkKind::generic ? 0x16 : 0x0c, version, size, method, endian));
  p.u32(2).u32(8 + command.size()).raw(command).u32(0).u32(8 + padding);
  return p.raw(std::string(padding, '\0')).bytes();
}

/// One run of literals, which is all that LZO1X must have.
inline std::string silk_lzo(const std::string& raw) {
  std::string to(1, '\0');
  std::size_t rest = raw.size() - 18;
  for (; rest > 255; rest -= 255) {
    to += '\0';
  }
  to += static_cast<char>(rest);
  return to + raw + std::string("\x11\0\0", 3);
}

/// A block of at least 52 bytes of records.
inline std::string silk_block(const std::string& raw, SilkMethod method) {
  std::string stored;
  switch (method) {
    case SilkMethod::none:
      return raw;
    case SilkMethod::zlib:
      stored = deflated(raw);
      break;
    case SilkMethod::lzo:
      stored = silk_lzo(raw);
      break;
    case SilkMethod::snappy:
      ::snappy::Compress(raw.data(), raw.size(), &stored);
      break;
  }
  return Packed(Endian::big).u32(stored.size()).u32(raw.size()).raw(stored).bytes();
}

}  // namespace nfql::test
