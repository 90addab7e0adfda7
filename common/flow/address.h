// IPv4 and IPv6 addresses and prefixes.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nfql {

/// An IPv6 address, or an IPv4 address as ::ffff:a.b.c.d. Ordered as the 128-bit number.
struct Address {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend constexpr auto operator<=>(const Address&, const Address&) = default;
};

inline constexpr std::uint64_t kMappedPrefix = 0x0000'ffff'0000'0000ULL;

[[nodiscard]] constexpr Address mapped(std::uint32_t ipv4) {
  return {0, kMappedPrefix | ipv4};
}
[[nodiscard]] constexpr bool is_ipv4(const Address& a) {
  return a.high == 0 && (a.low >> 32) == (kMappedPrefix >> 32);
}
[[nodiscard]] constexpr std::uint32_t ipv4_of(const Address& a) {
  return static_cast<std::uint32_t>(a.low);
}

/// Addresses whose first `length` bits are those of `network`; the length counts 128 bits, so
/// 10.0.0.0/8 has length 104.
struct Prefix {
  Address network;
  unsigned length = 128;

  [[nodiscard]] constexpr bool contains(const Address& a) const {
    return masked(a, length) == network;
  }
  /// `a` with all bits after the first `length` cleared.
  [[nodiscard]] static constexpr Address masked(const Address& a, unsigned length) {
    if (length >= 128) {
      return a;
    }
    if (length >= 64) {
      return {a.high, length == 64 ? 0 : a.low & (~0ULL << (128 - length))};
    }
    return {length == 0 ? 0 : a.high & (~0ULL << (64 - length)), 0};
  }

  friend constexpr bool operator==(const Prefix&, const Prefix&) = default;
};

/// Dotted quad or IPv6 (all forms of RFC 4291), nothing else around it.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);
/// `10.0.0.0/8`, short `10/8` or `10.1/16`, or IPv6 with a length; host bits are cleared.
[[nodiscard]] std::optional<Prefix> parse_prefix(std::string_view text);

/// Appends `a` as dotted quad or in the form of RFC 5952.
void append_address(std::string& to, const Address& a);
void append_address(std::string& to, std::uint32_t ipv4);
[[nodiscard]] std::string to_string(const Address& a);

}  // namespace nfql
