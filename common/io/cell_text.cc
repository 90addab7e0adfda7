#include "common/io/cell_text.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <type_traits>

#include "common/expr/words.h"

namespace nfql {
namespace {

constexpr std::int64_t kMsPerSecond = 1000;
constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr std::int64_t kMsPerDay = 86'400'000;

template <class T>
bool parse_number(std::string_view text, T& value, int base = 10) {
  const char* const last = text.data() + text.size();
  if constexpr (std::is_floating_point_v<T>) {
    const auto [end, error] = std::from_chars(text.data(), last, value);
    return error == std::errc() && end == last;
  } else {
    const auto [end, error] = std::from_chars(text.data(), last, value, base);
    return error == std::errc() && end == last;
  }
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Two digits as a number, -1 if they are none.
int two_digits(const char* at) {
  return is_digit(at[0]) && is_digit(at[1]) ? (at[0] - '0') * 10 + (at[1] - '0') : -1;
}

// `12`, `-12.345`: seconds as ms. Digits after the third are cut off.
std::optional<std::int64_t> parse_seconds(std::string_view text) {
  const std::size_t point = text.find('.');
  const bool negative = text.starts_with('-');
  std::int64_t seconds = 0;
  if (!parse_number(text.substr(0, point), seconds)) {
    return std::nullopt;
  }
  std::int64_t ms = 0;
  if (point != std::string_view::npos) {
    const std::string_view fraction = text.substr(point + 1);
    std::int64_t scale = 100;
    for (const char c : fraction) {
      if (!is_digit(c)) {
        return std::nullopt;
      }
      ms += (c - '0') * scale;
      scale /= 10;
    }
    if (fraction.empty()) {
      return std::nullopt;
    }
  }
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / kMsPerSecond - 1;
  if (seconds > kMost || seconds < -kMost) {
    return std::nullopt;
  }
  return seconds * kMsPerSecond + (negative ? -ms : ms);
}

// `[1d ]02:03:04.567`, or seconds.
std::optional<std::int64_t> parse_duration(std::string_view text) {
  constexpr std::size_t kClock = std::string_view("hh:mm:").size();
  std::int64_t ms = 0;
  if (const std::size_t day = text.find("d "); day != std::string_view::npos) {
    std::uint16_t days = 0;
    if (!parse_number(text.substr(0, day), days)) {
      return std::nullopt;
    }
    ms = days * kMsPerDay;
    text.remove_prefix(day + 2);
  }
  if (text.size() > kClock && text[2] == ':' && text[5] == ':') {
    const int hours = two_digits(text.data());
    const int minutes = two_digits(text.data() + 3);
    if (hours < 0 || minutes < 0) {
      return std::nullopt;
    }
    ms += (hours * 60 + minutes) * 60 * kMsPerSecond;
    text.remove_prefix(kClock);
  }
  const std::optional<std::int64_t> seconds = parse_seconds(text);
  return seconds ? std::optional(ms + *seconds) : std::nullopt;
}

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
bool read_number(std::string_view text, CellColumn& to, std::size_t row, TimeText& /*times*/) {
  T value{};
  if (!parse_number(text, value)) {
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
  if (!parse_number(hex ? text.substr(2) : text, bits, hex ? 16 : 10)) {
    for (const char c : text) {
      const std::size_t bit = kLetters.find(c);
      if (bit == std::string_view::npos && c != '.') {
        return false;
      }
      bits |= static_cast<std::uint16_t>(c == '.' ? 0U : 1U << bit);
    }
  }
  to.set(row, static_cast<std::uint8_t>(bits));
  return true;
}

bool read_protocol(std::string_view text, CellColumn& to, std::size_t row, TimeText& /*times*/) {
  std::uint8_t number = 0;
  if (parse_number(text, number)) {
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
  if (!parse_number(text, port)) {
    const std::size_t point = text.find('.');
    std::uint8_t type = 0;
    std::uint8_t code = 0;
    if (point == std::string_view::npos || !parse_number(text.substr(0, point), type) ||
        !parse_number(text.substr(point + 1), code)) {
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
  if (!parse_number(text, value)) {
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
  if (second == std::string_view::npos || !parse_number(text.substr(0, first), label) ||
      !parse_number(text.substr(first + 1, second - first - 1), traffic) ||
      !parse_number(text.substr(second + 1), bottom) || label >= kLabels || traffic > 7 ||
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
    return read_number<std::uint64_t>(text, to, row, times);
  }
  std::uint64_t mac = 0;
  for (std::size_t i = 0; i < kOctets; ++i) {
    std::uint8_t octet = 0;
    const char separator = i == 0 ? ':' : text[3 * i - 1];
    if (!parse_number(text.substr(3 * i, 2), octet, 16) || (separator != ':' && separator != '-')) {
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

bool read_seconds(std::string_view text, CellColumn& to, std::size_t row, TimeText& /*times*/) {
  return set_time(parse_seconds(text), to, row);
}

bool read_duration(std::string_view text, CellColumn& to, std::size_t row, TimeText& /*times*/) {
  return set_time(parse_duration(text), to, row);
}

bool read_nanoseconds(std::string_view text, CellColumn& to, std::size_t row, TimeText& times) {
  std::int64_t value = 0;
  return set_time(parse_number(text, value) ? std::optional(value / kNsPerMs) : times.parse(text),
                  to, row);
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

std::optional<std::int64_t> TimeText::parse_clock(std::string_view text) {
  constexpr std::size_t kDate = std::string_view("2012-04-30").size();
  constexpr std::size_t kSeconds = std::string_view("2012-04-30T07:43:50").size();
  constexpr std::size_t kMs = kSeconds + 4;
  if (text.size() < kSeconds || (text[kDate] != 'T' && text[kDate] != ' ') || text[13] != ':' ||
      text[16] != ':') {
    return std::nullopt;
  }
  const std::string_view zone = text.substr(text.size() >= kMs ? kMs : kSeconds);
  const bool utc = zone == "Z";
  if (!utc && !zone.empty()) {
    return std::nullopt;
  }
  const int hour = two_digits(text.data() + 11);
  const int minute = two_digits(text.data() + 14);
  const int second = two_digits(text.data() + 17);
  int ms = 0;
  if (text.size() >= kMs) {
    const int tens = two_digits(text.data() + kSeconds + 1);
    if (text[kSeconds] != '.' || tens < 0 || !is_digit(text[kMs - 1])) {
      return std::nullopt;
    }
    ms = tens * 10 + (text[kMs - 1] - '0');
  }
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return std::nullopt;
  }
  if (date_ != text.substr(0, kDate)) {
    const std::optional<std::int64_t> day = parse_time(text.substr(0, kDate));
    if (!day) {
      return std::nullopt;
    }
    date_ = text.substr(0, kDate);
    day_ms_ = *day;
  }
  return day_ms_ + ((hour * 60 + minute - (utc ? 0 : zone_)) * 60 + second) * kMsPerSecond + ms;
}

std::optional<std::int64_t> TimeText::parse(std::string_view text) {
  if (const std::optional<std::int64_t> time = parse_clock(text)) {
    return time;
  }
  std::int64_t ms = 0;
  if (parse_number(text, ms)) {
    return ms;
  }
  if (text.find_first_of(":T") == std::string_view::npos &&
      text.find('.') != std::string_view::npos) {
    return parse_seconds(text);
  }
  return parse_time(text, zone_);
}

ReadCell cell_reader(const Field& field, Notation notation) {
  switch (notation) {
    case Notation::seconds:
      return &read_seconds;
    case Notation::nanoseconds:
      return &read_nanoseconds;
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
      return &read_number<T>;
    }
  });
}

std::string expected_text(const Field& field, Notation notation) {
  if (notation == Notation::duration_seconds || notation == Notation::seconds) {
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
