#include "common/io/cell_text.h"

#include <fmt/format.h>

#include <limits>
#include <type_traits>

#include "common/base/number_text.h"
#include "common/expr/words.h"

namespace nfql {
namespace {

constexpr std::int64_t kUsPerMs = 1000;
constexpr std::int64_t kNsPerMs = 1'000'000;

// A dotted quad as inet_pton() takes it, or nothing.
std::optional<std::uint32_t> parse_quad(std::string_view text) {
  std::uint32_t address = 0;
  unsigned octets = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end && octets < 4) {
    unsigned value = 0;
    const char* const begin = at;
    while (at != end && is_digit(*at) && at - begin < 3) {
      value = value * 10 + static_cast<unsigned>(*at++ - '0');
    }
    if (at == begin || value > 255 || (*begin == '0' && at - begin > 1)) {
      return std::nullopt;
    }
    address = address << 8U | value;
    if (++octets < 4 && (at == end || *at++ != '.')) {
      return std::nullopt;
    }
  }
  return octets == 4 && at == end ? std::optional(address) : std::nullopt;
}

template <class T>
bool read_plain(std::string_view text, CellColumn& to, std::size_t row, TimeText& /*times*/) {
  T value{};
  if (!read_number(text, value)) {
    return false;
  }
  to.set(row, value);
  return true;
}

// Wider numbers than the field are those of newer flags, of which the field has the first eight.
bool read_flags(std::string_view text, CellColumn& to, std::size_t row, TimeText& /*times*/) {
  constexpr std::string_view kLetters = "FSRPAUEC";  // from the lowest bit
  std::uint16_t bits = 0;
  if (text.empty()) {
    return false;
  }
  const bool hex = text.starts_with("0x");
  if (!read_number(hex ? text.substr(2) : text, bits, hex ? 16 : 10)) {
    for (const char c : text) {
      const std::size_t bit = kLetters.find(c);
      if (bit == std::string_view::npos && c != '.' && c != ' ') {
        return false;
      }
      bits |= static_cast<std::uint16_t>(bit == std::string_view::npos ? 0U : 1U << bit);
    }
  }
  to.set(row, static_cast<std::uint8_t>(bits));
  return true;
}

bool read_protocol(std::string_view text, CellColumn& to, std::size_t row, TimeText& /*times*/) {
  std::uint8_t number = 0;
  if (read_number(text, number)) {
    to.set(row, number);
    return true;
  }
  const std::optional<std::uint8_t> named =
      text.empty() || is_digit(text.front()) ? std::nullopt : protocol_number(text);
  if (named) {
    to.set(row, *named);
  }
  return named.has_value();
}

bool read_port(std::string_view text, CellColumn& to, std::size_t row, TimeText& /*times*/) {
  std::uint16_t port = 0;
  if (!read_number(text, port)) {
    const std::size_t point = text.find('.');
    std::uint8_t type = 0;
    std::uint8_t code = 0;
    if (point == std::string_view::npos || !read_number(text.substr(0, point), type) ||
        !read_number(text.substr(point + 1), code)) {
      return false;
    }
    port = static_cast<std::uint16_t>(type << 8U | code);
  }
  to.set(row, port);
  return true;
}

template <unsigned Shift>
bool read_icmp(std::string_view text, CellColumn& to, std::size_t row, TimeText& /*times*/) {
  std::uint8_t value = 0;
  if (!read_number(text, value)) {
    return false;
  }
  unsigned port = to.is_known(row) ? to.get<std::uint16_t>(row) : 0U;
  if (value != 0) {
    port = (port & ~(0xffU << Shift)) | static_cast<unsigned>(value) << Shift;
  }
  to.set(row, static_cast<std::uint16_t>(port));
  return true;
}

bool read_mpls(std::string_view text, CellColumn& to, std::size_t row, TimeText& /*times*/) {
  const std::size_t first = text.find('-');
  const std::size_t second = first == std::string_view::npos ? first : text.find('-', first + 1);
  std::uint32_t label = 0;
  std::uint8_t traffic = 0;
  std::uint8_t bottom = 0;
  constexpr std::uint32_t kLabels = 1U << 20U;
  if (second == std::string_view::npos || !read_number(text.substr(0, first), label) ||
      !read_number(text.substr(first + 1, second - first - 1), traffic) ||
      !read_number(text.substr(second + 1), bottom) || label >= kLabels || traffic > 7 ||
      bottom > 1) {
    return false;
  }
  to.set(row, label << 4U | static_cast<std::uint32_t>(traffic) << 1U | bottom);
  return true;
}

bool read_address(std::string_view text, CellColumn& to, std::size_t row, TimeText& /*times*/) {
  if (const std::optional<std::uint32_t> quad = parse_quad(text)) {
    to.set_address(row, mapped(*quad));
    return true;
  }
  const std::optional<Address> address =
      text.find(':') == std::string_view::npos ? std::nullopt : parse_address(text);
  if (address) {
    to.set_address(row, *address);
  }
  return address.has_value();
}

bool read_mac(std::string_view text, CellColumn& to, std::size_t row, TimeText& times) {
  constexpr std::size_t kOctets = 6;
  if (text.size() != 3 * kOctets - 1) {
    return read_plain<std::uint64_t>(text, to, row, times);
  }
  std::uint64_t mac = 0;
  for (std::size_t i = 0; i < kOctets; ++i) {
    std::uint8_t octet = 0;
    const char separator = i == 0 ? ':' : text[3 * i - 1];
    if (!read_number(text.substr(3 * i, 2), octet, 16) || (separator != ':' && separator != '-')) {
      return false;
    }
    mac = mac << 8U | octet;
  }
  to.set(row, mac);
  return true;
}

bool set_time(std::optional<std::int64_t> time, CellColumn& to, std::size_t row) {
  if (time) {
    to.set(row, *time);
  }
  return time.has_value();
}

bool read_time(std::string_view text, CellColumn& to, std::size_t row, TimeText& times) {
  return set_time(times.parse(text), to, row);
}

bool read_seconds(std::string_view text, CellColumn& to, std::size_t row, TimeText& times) {
  const std::optional<std::int64_t> seconds = parse_seconds(text);
  return set_time(seconds ? seconds : times.parse(text), to, row);
}

bool read_duration(std::string_view text, CellColumn& to, std::size_t row, TimeText& /*times*/) {
  return set_time(parse_duration(text), to, row);
}

template <std::int64_t kPerMs>
bool read_parts(std::string_view text, CellColumn& to, std::size_t row, TimeText& times) {
  std::int64_t value = 0;
  return set_time(read_number(text, value) ? std::optional(value / kPerMs) : times.parse(text), to,
                  row);
}

ReadCell plain_reader(const Field& field) {
  switch (field.meaning) {
    case Meaning::time:
      return &read_time;
    case Meaning::flags:
      return field.type == Type::u8 ? &read_flags : nullptr;
    case Meaning::protocol:
      return field.type == Type::u8 ? &read_protocol : nullptr;
    case Meaning::port:
      return field.type == Type::u16 ? &read_port : nullptr;
    case Meaning::mac:
      return &read_mac;
    case Meaning::address:
      return &read_address;
    case Meaning::number:
    case Meaning::duration:
      break;
  }
  return nullptr;
}

std::string_view type_text(Type type) {
  switch (type) {
    case Type::u8:
      return "0 to 255";
    case Type::u16:
      return "0 to 65535";
    case Type::u32:
      return "0 to 2^32 - 1";
    case Type::u64:
      return "0 to 2^64 - 1";
    default:
      return "any";
  }
}

}  // namespace

ReadCell cell_reader(const Field& field, Notation notation) {
  switch (notation) {
    case Notation::seconds:
      return &read_seconds;
    case Notation::microseconds:
      return &read_parts<kUsPerMs>;
    case Notation::nanoseconds:
      return &read_parts<kNsPerMs>;
    case Notation::duration_seconds:
      return &read_duration;
    case Notation::mpls:
      return &read_mpls;
    case Notation::icmp_type:
      return &read_icmp<8>;
    case Notation::icmp_code:
      return &read_icmp<0>;
    case Notation::plain:
      break;
  }
  if (const ReadCell reader = plain_reader(field)) {
    return reader;
  }
  return visit_values(field.type, 0, []<class T>(std::type_identity<T>) -> ReadCell {
    if constexpr (std::is_same_v<T, Address>) {
      return &read_address;
    } else {
      return &read_plain<T>;
    }
  });
}

std::string expected_text(const Field& field, Notation notation) {
  if (notation == Notation::duration_seconds) {
    return "a number of seconds";
  }
  if (notation == Notation::mpls) {
    return "an MPLS label";
  }
  switch (field.meaning) {
    case Meaning::time:
    case Meaning::protocol:
    case Meaning::address:
    case Meaning::mac:
      return std::string(describe(field.meaning));
    default:
      return fmt::format("a number ({})", type_text(field.type));
  }
}

}  // namespace nfql
