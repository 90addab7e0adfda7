// Nfdump files made by hand for tests: the layouts written out once more, so that a mistake in the
// reader is not made here too.
#pragma once

#include <bzlib.h>
#include <lz4.h>
#include <zstd.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/unit/io/flow_tools_bytes.h"

namespace nfql::test {

/// Little-endian integers one after the other.
class Bytes {
 public:
  Bytes& u8(std::uint64_t v) { return put(v, 1); }
  Bytes& u16(std::uint64_t v) { return put(v, 2); }
  Bytes& u32(std::uint64_t v) { return put(v, 4); }
  Bytes& u64(std::uint64_t v) { return put(v, 8); }
  Bytes& raw(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  Bytes& put(std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) {
      bytes_ += static_cast<char>((value >> (8 * i)) & 0xffU);
    }
    return *this;
  }
  std::string bytes_;
};

inline std::string nf_element(unsigned type, const std::string& payload) {
  return Bytes().u16(type).u16(4 + payload.size()).raw(payload).bytes();
}

/// The fields of element 1, all different.
struct NfGeneric {
  std::uint64_t first = 1'795'344'066'515, last = 1'795'344'067'000, received = 1'795'344'068'329;
  std::uint64_t packets = 6, bytes = 393;
  std::uint16_t sport = 42'500, dport = 80;
  std::uint8_t proto = 6, flags = 27, forwarding = 64, tos = 8;
};

inline std::string nf_generic(const NfGeneric& g = {}) {
  Bytes b;
  b.u64(g.first).u64(g.last).u64(g.received).u64(g.packets).u64(g.bytes);
  b.u16(g.sport).u16(g.dport).u8(g.proto).u8(g.flags).u8(g.forwarding).u8(g.tos);
  return nf_element(1, b.bytes());
}

inline std::string nf_ipv4(std::uint32_t source = 0x0a4d'0001,
                           std::uint32_t destination = 0x0a4d'0002) {
  return nf_element(2, Bytes().u32(source).u32(destination).bytes());
}

/// 2001:db8::1 and 2001:db8::2.
inline std::string nf_ipv6() {
  constexpr std::uint64_t kNetwork = 0x2001'0db8'0000'0000;
  return nf_element(3, Bytes().u64(kNetwork).u64(1).u64(kNetwork).u64(2).bytes());
}

/// A flow of some elements; its exporter is number 3, its version 9, its engine 1/2.
inline std::string nf_flow(const std::vector<std::string>& elements) {
  std::string all;
  for (const std::string& element : elements) {
    all += element;
  }
  return Bytes()
      .u16(11)
      .u16(12 + all.size())
      .u16(elements.size())
      .u8(1)
      .u8(2)
      .u16(3)
      .u8(0)
      .u8(9)
      .raw(all)
      .bytes();
}

/// A record of another type.
inline std::string nf_record(unsigned type, const std::string& payload) {
  return nf_element(type, payload);
}

enum class NfMethod : std::uint8_t { none = 0, lzo = 1, bzip2 = 2, lz4 = 3, zstd = 4 };

inline std::string nf_compressed(NfMethod method, const std::string& raw) {
  std::string to(raw.size() * 2 + 1000, '\0');
  unsigned size = static_cast<unsigned>(to.size());
  switch (method) {
    case NfMethod::none:
      return raw;
    case NfMethod::lzo:
      throw std::runtime_error("nothing here compresses with LZO");
    case NfMethod::bzip2:
      BZ2_bzBuffToBuffCompress(to.data(), &size, const_cast<char*>(raw.data()),
                               static_cast<unsigned>(raw.size()), 9, 0, 0);
      break;
    case NfMethod::lz4:
      size = static_cast<unsigned>(LZ4_compress_default(
          raw.data(), to.data(), static_cast<int>(raw.size()), static_cast<int>(to.size())));
      break;
    case NfMethod::zstd:
      size = static_cast<unsigned>(ZSTD_compress(to.data(), to.size(), raw.data(), raw.size(), 3));
      break;
  }
  to.resize(size);
  return to;
}

/// A block of records, as it is in a file of this compression.
inline std::string nf_block(const std::vector<std::string>& records,
                            NfMethod method = NfMethod::none, unsigned type = 3) {
  std::string all;
  for (const std::string& record : records) {
    all += record;
  }
  const std::string stored = nf_compressed(method, all);
  return Bytes().u32(records.size()).u32(stored.size()).u16(type).u16(0).raw(stored).bytes();
}

/// A file header; by default one that counts nothing, as in a pipe.
inline std::string nf_header(NfMethod method = NfMethod::none, unsigned blocks = 0) {
  Bytes b;
  b.u16(0xa50c).u16(2).u32(0x0107'0100).u64(1'795'344'000);
  b.u8(static_cast<std::uint8_t>(method)).u8(0).u16(0).u32(1).u64(0).u32(0).u32(blocks);
  return b.bytes();
}

}  // namespace nfql::test
