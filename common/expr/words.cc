#include "common/expr/words.h"

#include <netdb.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "common/base/names.h"
#include "common/base/number_text.h"

namespace nfql {
namespace {

struct Named {
  std::string_view name;
  std::uint16_t number;
};

// The system's own tables (/etc/protocols, /etc/services) are missing on small installations, and
// what a query means should not hang on them. Of several names of one number the first is printed.
constexpr Named kProtocols[] = {
    {"icmp", 1},        {"igmp", 2},       {"ipip", 4},       {"ipencap", 4},   {"tcp", 6},
    {"egp", 8},         {"igp", 9},        {"udp", 17},       {"dccp", 33},     {"ipv6", 41},
    {"ipv6-route", 43}, {"ipv6-frag", 44}, {"rsvp", 46},      {"gre", 47},      {"esp", 50},
    {"ah", 51},         {"icmp6", 58},     {"ipv6-icmp", 58}, {"icmpv6", 58},   {"ipv6-nonxt", 59},
    {"ipv6-opts", 60},  {"eigrp", 88},     {"ospf", 89},      {"ospfigp", 89},  {"pim", 103},
    {"vrrp", 112},      {"l2tp", 115},     {"sctp", 132},     {"udplite", 136}, {"mpls-in-ip", 137},
};

constexpr Named kServices[] = {
    {"echo", 7},           {"discard", 9},        {"daytime", 13},
    {"chargen", 19},       {"ftp-data", 20},      {"ftp", 21},
    {"ssh", 22},           {"telnet", 23},        {"smtp", 25},
    {"time", 37},          {"whois", 43},         {"domain", 53},
    {"dns", 53},           {"bootps", 67},        {"dhcp", 67},
    {"bootpc", 68},        {"tftp", 69},          {"finger", 79},
    {"http", 80},          {"www", 80},           {"kerberos", 88},
    {"pop3", 110},         {"sunrpc", 111},       {"ident", 113},
    {"nntp", 119},         {"ntp", 123},          {"netbios-ns", 137},
    {"netbios-dgm", 138},  {"netbios-ssn", 139},  {"imap", 143},
    {"imap2", 143},        {"snmp", 161},         {"snmp-trap", 162},
    {"bgp", 179},          {"irc", 194},          {"ldap", 389},
    {"https", 443},        {"microsoft-ds", 445}, {"smb", 445},
    {"submissions", 465},  {"isakmp", 500},       {"syslog", 514},
    {"rtsp", 554},         {"submission", 587},   {"ipp", 631},
    {"ldaps", 636},        {"rsync", 873},        {"imaps", 993},
    {"pop3s", 995},        {"openvpn", 1194},     {"ms-sql-s", 1433},
    {"radius", 1812},      {"radius-acct", 1813}, {"nfs", 2049},
    {"mysql", 3306},       {"rdp", 3389},         {"ms-wbt-server", 3389},
    {"ipsec-nat-t", 4500}, {"sip", 5060},         {"sips", 5061},
    {"xmpp-client", 5222}, {"mdns", 5353},        {"llmnr", 5355},
    {"postgresql", 5432},  {"amqp", 5672},        {"x11", 6000},
    {"redis", 6379},       {"http-alt", 8080},
};

constexpr std::string_view kFlagLetters = "FSRPAUEC";  // from bit 0 on

std::optional<std::uint16_t> find(std::span<const Named> table, std::string_view name) {
  for (const Named& entry : table) {
    if (same_name(entry.name, name)) {
      return entry.number;
    }
  }
  return std::nullopt;
}

std::optional<Wide> parse_decimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  const int base = text.starts_with("0x") || text.starts_with("0X") ? 16 : 10;
  text.remove_prefix(negative ? 1 : base == 16 ? 2 : 0);
  const auto value = to_number<std::uint64_t>(text, base);
  if (!value) {
    return std::nullopt;
  }
  return negative ? -Wide{*value} : Wide{*value};
}

std::optional<double> parse_real(std::string_view text) {
  const auto value = to_number<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<Value> parse_number(std::string_view text) {
  if (const auto integer = parse_decimal(text)) {
    return *integer;
  }
  if (const auto real = parse_real(text)) {
    return *real;
  }
  return std::nullopt;
}

std::optional<Value> parse_address_or_prefix(std::string_view text) {
  if (const auto address = parse_address(text)) {
    return *address;
  }
  if (const auto prefix = parse_prefix(text)) {
    return *prefix;
  }
  return std::nullopt;
}

// `500ms`, `1.5s`.
std::optional<Value> parse_duration(std::string_view text) {
  const std::size_t digits = text.find_first_not_of("0123456789.");
  if (digits == std::string_view::npos || digits == 0) {
    return std::nullopt;
  }
  const std::string unit(text.substr(digits));
  if (!parse_unit(unit)) {
    return std::nullopt;
  }
  const auto number = parse_number(text.substr(0, digits));
  if (!number) {
    return std::nullopt;
  }
  const Wide* integer = std::get_if<Wide>(&*number);
  return integer != nullptr ? in_milliseconds(IntegerLiteral{*integer, unit})
                            : in_milliseconds(FloatLiteral{std::get<double>(*number), unit});
}

template <class Number>
std::optional<Value> value_or_number(const std::optional<Number>& value, std::string_view text) {
  return value ? std::optional<Value>(Wide{*value}) : parse_number(text);
}

}  // namespace

std::optional<std::uint8_t> protocol_number(std::string_view name) {
  if (const auto number = find(kProtocols, name)) {
    return static_cast<std::uint8_t>(*number);
  }
  const protoent* entry = ::getprotobyname(lower(name).c_str());
  const bool found = entry != nullptr && entry->p_proto >= 0 && entry->p_proto <= 255;
  return found ? std::optional(static_cast<std::uint8_t>(entry->p_proto)) : std::nullopt;
}

std::string_view protocol_name(std::uint8_t number) {
  for (const Named& entry : kProtocols) {
    if (entry.number == number) {
      return entry.name;
    }
  }
  return {};
}

std::optional<std::uint16_t> service_port(std::string_view name) {
  if (const auto number = find(kServices, name)) {
    return number;
  }
  const servent* entry = ::getservbyname(lower(name).c_str(), nullptr);
  // The port stands in network byte order in the low half of an int.
  return entry == nullptr ? std::nullopt
                          : std::optional(ntohs(static_cast<std::uint16_t>(entry->s_port)));
}

std::string_view nearest_word(std::string_view word, Meaning meaning) {
  std::vector<std::string_view> names;
  const auto add = [&names](std::span<const Named> table) {
    for (const Named& entry : table) {
      names.push_back(entry.name);
    }
  };
  if (meaning == Meaning::protocol) {
    add(kProtocols);
  } else if (meaning == Meaning::port) {
    add(kServices);
  }
  return nearest_name(word, names);
}

std::optional<std::uint8_t> flag_bits(std::string_view letters) {
  unsigned bits = 0;
  for (const char letter : letters) {
    const char upper =
        letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    const std::size_t bit = kFlagLetters.find(upper);
    if (bit == std::string_view::npos || (bits >> bit & 1U) != 0) {
      return std::nullopt;
    }
    bits |= 1U << bit;
  }
  return letters.empty() ? std::nullopt : std::optional(static_cast<std::uint8_t>(bits));
}

std::optional<FlagTest> parse_flag_test(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return std::nullopt;
  }
  // `/SA`: none of the two.
  const auto bits = slash == 0 ? std::optional<std::uint8_t>(0) : flag_bits(text.substr(0, slash));
  const auto mask = flag_bits(text.substr(slash + 1));
  if (!bits || !mask || (*bits & ~*mask) != 0) {
    return std::nullopt;
  }
  return FlagTest{*bits, *mask};
}

std::optional<Wide> in_milliseconds(const IntegerLiteral& literal) {
  const auto ratio = parse_unit(literal.unit);
  Wide scaled = 0;
  if (!ratio || __builtin_mul_overflow(literal.value, Wide{ratio->numerator}, &scaled) ||
      scaled % ratio->denominator != 0) {
    return std::nullopt;
  }
  return scaled / ratio->denominator;
}

std::optional<Wide> in_milliseconds(const FloatLiteral& literal) {
  const auto ratio = parse_unit(literal.unit);
  if (!ratio) {
    return std::nullopt;
  }
  // 0.1 s is 100 ms although the double 0.1 is a little more than a tenth.
  const double ms = literal.value * static_cast<double>(ratio->numerator) /
                    static_cast<double>(ratio->denominator);
  const double whole = std::round(ms);
  const double tolerance = 4 * std::numeric_limits<double>::epsilon() * std::abs(ms);
  if (std::abs(ms - whole) > tolerance || !(std::abs(whole) < 0x1p100)) {
    return std::nullopt;
  }
  return static_cast<Wide>(whole);
}

std::optional<Value> parse_value(std::string_view text, Meaning meaning, ZoneMinutes zone) {
  switch (meaning) {
    case Meaning::protocol:
      return value_or_number(protocol_number(text), text);
    case Meaning::port:
      return value_or_number(service_port(text), text);
    case Meaning::flags:
      return value_or_number(flag_bits(text), text);
    case Meaning::time:
      return value_or_number(parse_time(text, zone), text);
    case Meaning::duration: {
      const auto duration = parse_duration(text);
      return duration ? duration : parse_number(text);
    }
    case Meaning::address:
      return parse_address_or_prefix(text);
    case Meaning::number:
    case Meaning::mac:
      break;
  }
  return parse_number(text);
}

std::string_view describe(Meaning meaning) {
  switch (meaning) {
    case Meaning::number:
      return "a number";
    case Meaning::time:
      return "a time";
    case Meaning::duration:
      return "a duration";
    case Meaning::port:
      return "a port";
    case Meaning::protocol:
      return "a protocol";
    case Meaning::flags:
      return "a set of flags";
    case Meaning::address:
      return "an address";
    case Meaning::mac:
      return "a MAC address";
  }
  return "a number";
}

std::string to_string(Wide value) {
  if (value == 0) {
    return "0";
  }
  const bool negative = value < 0;
  std::string digits;
  for (; value != 0; value /= 10) {
    const int digit = static_cast<int>(value % 10);
    digits.insert(digits.begin(), static_cast<char>('0' + (negative ? -digit : digit)));
  }
  return negative ? "-" + digits : digits;
}

}  // namespace nfql
