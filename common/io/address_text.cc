#include "common/io/address_text.h"

#include <array>
#include <cstring>
#include <string_view>

namespace nfql {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr unsigned kGroups = 8;

// The text of a byte and a dot, and how long it is without the dot.
struct OctetText {
  std::array<char, 4> text;
  std::uint8_t length;
};

constexpr std::array<OctetText, 256> octet_texts() {
  std::array<OctetText, 256> all{};
  for (unsigned value = 0; value < 256; ++value) {
    OctetText& octet = all[value];
    for (unsigned scale = value > 99 ? 100 : value > 9 ? 10 : 1; scale != 0; scale /= 10) {
      octet.text[octet.length++] = static_cast<char>('0' + value / scale % 10);
    }
    octet.text[octet.length] = '.';
  }
  return all;
}

constexpr std::array<OctetText, 256> kOctets = octet_texts();

unsigned group_of(const Address& address, unsigned index) {
  const std::uint64_t half = index < 4 ? address.high : address.low;
  return static_cast<unsigned>(half >> (16 * (3 - index % 4))) & 0xffffU;
}

char* put_group(char* to, unsigned group) {
  for (unsigned shift = group > 0xfff  ? 12
                        : group > 0xff ? 8
                        : group > 0xf  ? 4
                                       : 0;
       shift != 0; shift -= 4) {
    *to++ = kHex[(group >> shift) & 0xfU];
  }
  *to++ = kHex[group & 0xfU];
  return to;
}

// Groups [begin, end) that `::` stands for: the first of the longest runs of zeros, if longer than
// one group (RFC 5952, section 4.2).
struct Run {
  unsigned begin = kGroups;
  unsigned end = kGroups;
};

Run longest_zeros(const Address& address) {
  Run best{0, 1};
  Run run{0, 0};
  for (unsigned i = 0; i < kGroups; ++i) {
    if (group_of(address, i) != 0) {
      run = {i + 1, i + 1};
    } else if (++run.end - run.begin > best.end - best.begin) {
      best = run;
    }
  }
  return best.end - best.begin > 1 ? best : Run{};
}

char* put_groups(char* to, const Address& address, unsigned begin, unsigned end) {
  for (unsigned i = begin; i < end; ++i) {
    to = put_group(to, group_of(address, i));
    *to++ = ':';
  }
  return begin < end ? to - 1 : to;
}

}  // namespace

char* put_address(char* to, std::uint32_t ipv4) {
  for (unsigned shift = 32; shift != 0;) {
    shift -= 8;
    const OctetText& octet = kOctets[(ipv4 >> shift) & 0xffU];
    std::memcpy(to, octet.text.data(), octet.text.size());
    to += octet.length + 1;
  }
  return to - 1;
}

char* put_address(char* to, const Address& address) {
  if (is_ipv4(address)) {
    return put_address(to, ipv4_of(address));
  }
  const Run zeros = longest_zeros(address);
  to = put_groups(to, address, 0, zeros.begin);
  if (zeros.begin == kGroups) {
    return to;
  }
  *to++ = ':';
  *to++ = ':';
  // ::a.b.c.d, IPv4-compatible, keeps its dots.
  if (zeros.begin == 0 && zeros.end == 6) {
    return put_address(to, ipv4_of(address));
  }
  return put_groups(to, address, zeros.end, kGroups);
}

}  // namespace nfql
