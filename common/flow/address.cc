#include "common/flow/address.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <iterator>

#include "common/base/byte_order.h"

namespace nfql {

std::optional<Address> parse_address(std::string_view text) {
  const std::string terminated(text);
  std::array<std::byte, 16> bytes{};
  if (text.find(':') == std::string_view::npos) {
    if (::inet_pton(AF_INET, terminated.c_str(), bytes.data()) != 1) {
      return std::nullopt;
    }
    return mapped(load<std::uint32_t>(bytes.data(), ByteOrder::big));
  }
  if (::inet_pton(AF_INET6, terminated.c_str(), bytes.data()) != 1) {
    return std::nullopt;
  }
  return Address{load<std::uint64_t>(bytes.data(), ByteOrder::big),
                 load<std::uint64_t>(bytes.data() + 8, ByteOrder::big)};
}

std::optional<Prefix> parse_prefix(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return std::nullopt;
  }
  std::string network(text.substr(0, slash));
  const std::string_view digits = text.substr(slash + 1);
  unsigned length = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  const bool ipv6 = network.find(':') != std::string::npos;
  if (length > (ipv6 ? 128U : 32U)) {
    return std::nullopt;
  }
  if (!ipv6) {
    length += 96;
    for (auto dots = std::count(network.begin(), network.end(), '.'); dots < 3; ++dots) {
      network += ".0";
    }
  }
  const std::optional<Address> address = parse_address(network);
  if (!address) {
    return std::nullopt;
  }
  return Prefix{Prefix::masked(*address, length), length};
}

void append_address(std::string& to, std::uint32_t ipv4) {
  fmt::format_to(std::back_inserter(to), "{}.{}.{}.{}", ipv4 >> 24, ipv4 >> 16 & 0xffU,
                 ipv4 >> 8 & 0xffU, ipv4 & 0xffU);
}

void append_address(std::string& to, const Address& a) {
  if (is_ipv4(a)) {
    append_address(to, ipv4_of(a));
    return;
  }
  std::array<std::byte, 16> bytes{};
  store(bytes.data(), a.high, ByteOrder::big);
  store(bytes.data() + 8, a.low, ByteOrder::big);
  std::array<char, INET6_ADDRSTRLEN> text{};
  to += ::inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
}

std::string to_string(const Address& a) {
  std::string text;
  append_address(text, a);
  return text;
}

}  // namespace nfql
