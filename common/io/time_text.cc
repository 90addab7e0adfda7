#include "common/io/time_text.h"

#include <algorithm>
#include <limits>

#include "common/base/number_text.h"

namespace nfql {
namespace {

constexpr std::int64_t kMsPerSecond = 1000;
constexpr std::int64_t kMsPerDay = 86'400'000;

// Two digits as a number, -1 if they are none.
int two_digits(const char* at) {
  return is_digit(at[0]) && is_digit(at[1]) ? (at[0] - '0') * 10 + (at[1] - '0') : -1;
}

}  // namespace

std::optional<std::int64_t> parse_seconds(std::string_view text) {
  const std::size_t point = text.find('.');
  const bool negative = text.starts_with('-');
  std::int64_t seconds = 0;
  if (!read_number(text.substr(0, point), seconds)) {
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

std::optional<std::int64_t> parse_duration(std::string_view text) {
  constexpr std::size_t kClock = std::string_view("hh:mm:").size();
  std::int64_t ms = 0;
  if (const std::size_t day = text.find("d "); day != std::string_view::npos) {
    std::uint16_t days = 0;
    if (!read_number(text.substr(0, day), days)) {
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
    std::string date(text.substr(0, kDate));
    std::replace(date.begin(), date.end(), '/', '-');  // as rwcut writes it
    const std::optional<std::int64_t> day = parse_time(date);
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
  if (read_number(text, ms)) {
    return ms;
  }
  if (text.find_first_of(":T") == std::string_view::npos &&
      text.find('.') != std::string_view::npos) {
    return parse_seconds(text);
  }
  return parse_time(text, zone_);
}

}  // namespace nfql
