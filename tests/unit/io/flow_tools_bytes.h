// Flow-tools files made by hand for tests: the layouts written out once more, so that a mistake in
// the reader is not made here too.
#pragma once

#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "common/base/fd.h"

namespace nfql::test {

/// A flow as flow-tools has it.
struct RawFlow {
  std::uint32_t secs = 1'335'772'191, nsecs = 57'000'000, uptime = 100'000, exporter = 0x0a4d0001;
  std::uint32_t src = 0x0a000001, dst = 0xc0a80002, nexthop = 0x0a0000fe;
  std::uint16_t input = 3, output = 4;
  std::uint32_t packets = 10, bytes = 1500, first = 90'000, last = 95'000;
  std::uint16_t sport = 40'000, dport = 80;
  std::uint8_t prot = 6, tos = 8, flags = 27, pad = 0;
  std::uint8_t engine_type = 1, engine_id = 2, src_mask = 24, dst_mask = 16;
  std::uint16_t src_as = 65'001, dst_as = 65'002;
};

enum class Endian : std::uint8_t { little = 1, big = 2 };

/// Integers one after the other in one byte order.
class Packed {
 public:
  explicit Packed(Endian endian) : endian_(endian) {}
  Packed& u8(std::uint64_t v) { return put(v, 1); }
  Packed& u16(std::uint64_t v) { return put(v, 2); }
  Packed& u32(std::uint64_t v) { return put(v, 4); }
  Packed& u64(std::uint64_t v) { return put(v, 8); }
  Packed& raw(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  Packed& put(std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) {
      const int byte = endian_ == Endian::little ? i : size - 1 - i;
      bytes_ += static_cast<char>((value >> (8 * byte)) & 0xffU);
    }
    return *this;
  }
  Endian endian_;
  std::string bytes_;
};

/// A record after a header of stream version 3.
inline std::string record(const RawFlow& f, int version = 5, Endian endian = Endian::little) {
  Packed p(endian);
  p.u32(f.secs).u32(f.nsecs).u32(f.uptime).u32(f.exporter).u32(f.src).u32(f.dst).u32(f.nexthop);
  p.u16(f.input).u16(f.output).u32(f.packets).u32(f.bytes).u32(f.first).u32(f.last);
  p.u16(f.sport).u16(f.dport).u8(f.prot).u8(f.tos).u8(f.flags).u8(f.pad);
  if (version == 1) {
    return p.u32(0).bytes();
  }
  p.u8(f.engine_type).u8(f.engine_id).u8(f.src_mask).u8(f.dst_mask).u16(f.src_as).u16(f.dst_as);
  if (version == 6) {
    p.u8(1).u8(2).u16(0).u32(0x01020304);
  } else if (version == 7) {
    p.u32(0x05060708);
  } else if (version == 1005) {
    p.u32(1).u32(2);
  }
  return p.bytes();
}

/// A record after a header of stream version 1; the milliseconds go where `nsecs` are given.
inline std::string record1(const RawFlow& f, Endian endian = Endian::little) {
  Packed p(endian);
  p.u32(f.secs).u32(f.nsecs).u32(f.src).u32(f.dst).u32(f.nexthop).u16(f.input).u16(f.output);
  p.u32(f.packets).u32(f.bytes).u32(f.first).u32(f.last).u16(f.sport).u16(f.dport).u16(0);
  p.u8(f.prot).u8(f.tos).u8(f.flags).u8(0).u8(0).u8(0);
  return p.u16(f.src_as).u16(f.dst_as).u8(f.src_mask).u8(f.dst_mask).u16(0).bytes();
}

/// A header of stream version 3: version, flags and perhaps the count of records.
inline std::string header3(int version, unsigned flags, Endian endian = Endian::little,
                           std::optional<unsigned> count = std::nullopt) {
  Packed parts(endian);
  parts.u16(2).u16(2).u16(static_cast<unsigned>(version));
  parts.u16(8).u16(4).u32(flags);
  if (count) {
    parts.u16(10).u16(4).u32(*count);
  }
  parts.raw(std::string((4 - parts.bytes().size() % 4) % 4, '\0'));
  Packed whole(endian);
  whole.raw("\xcf\x10").u8(static_cast<unsigned>(endian)).u8(3);
  return whole.u32(8 + parts.bytes().size()).raw(parts.bytes()).bytes();
}

/// A header of stream version 1.
inline std::string header1(int version, unsigned flags, Endian endian = Endian::little,
                           unsigned count = 0) {
  Packed p(endian);
  p.raw("\xcf\x10").u8(static_cast<unsigned>(endian)).u8(1).u16(static_cast<unsigned>(version));
  p.u16(0).u32(0).u32(0).u32(flags).u32(0).u32(count);
  return p.raw(std::string(360 - p.bytes().size(), '\0')).bytes();
}

inline constexpr unsigned kDone = 1, kCompressed = 2, kStreaming = 8;

inline std::string deflated(const std::string& bytes) {
  uLongf size = ::compressBound(bytes.size());
  std::string result(size, '\0');
  if (::compress2(reinterpret_cast<Bytef*>(result.data()), &size,
                  reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), 9) != Z_OK) {
    throw std::runtime_error("compress2");
  }
  result.resize(size);
  return result;
}

/// An input with these bytes: a regular file without a place.
inline InputFile input_of(std::string_view bytes, const std::string& name = "trace.ft") {
  Fd fd(::memfd_create("test", MFD_CLOEXEC));
  write_all(fd.get(), std::as_bytes(std::span(bytes.data(), bytes.size())), name);
  ::lseek(fd.get(), 0, SEEK_SET);
  return {std::move(fd), name};
}

}  // namespace nfql::test
