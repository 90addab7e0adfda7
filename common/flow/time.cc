#include "common/flow/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>

namespace nfql {
namespace {

constexpr std::int64_t kMsPerMinute = 60'000;
constexpr std::int64_t kMsPerDay = 86'400'000;

// Takes exactly `digits` digits off the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  int value = 0;
  if (text.size() < digits) {
    return std::nullopt;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc() || end != text.data() + digits || text.front() == '-') {
    return std::nullopt;
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

// Four digits, or a sign and at least as many, as append_time() writes years.
std::optional<std::int64_t> take_year(std::string_view& text) {
  constexpr std::size_t kMostDigits = 9;  // milliseconds in 64 bits end in the year 292278994
  const bool negative = take(text, '-');
  if (!negative && !take(text, '+')) {
    return take_number(text, 4);
  }
  const std::size_t digits = std::min(text.find('-'), text.size());
  if (digits < 4 || digits > kMostDigits) {
    return std::nullopt;
  }
  const std::optional<int> year = take_number(text, digits);
  return year ? std::optional<std::int64_t>(negative ? -*year : *year) : std::nullopt;
}

// The day number of a date that there is. Howard Hinnant, "chrono-compatible low-level date
// algorithms", as in append_time(); the calendar repeats itself every 400 years.
std::optional<std::int64_t> day_number(std::int64_t year, int month, int day) {
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year - era * 400)),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) {
    return std::nullopt;
  }
  constexpr std::int64_t kDaysOfEra = 146097;
  return std::chrono::sys_days(date).time_since_epoch().count() + era * kDaysOfEra;
}

std::optional<std::int64_t> take_date(std::string_view& text) {
  const auto year = take_year(text);
  if (!year || !take(text, '-')) {
    return std::nullopt;
  }
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) {
    return std::nullopt;
  }
  const auto day = take_number(text, 2);
  return day ? day_number(*year, *month, *day) : std::nullopt;
}

// Nothing where 64 bits do not hold it.
std::optional<std::int64_t> in_milliseconds(std::int64_t day, std::int64_t clock) {
  // Towards 1970 first, so that the last moments on both sides do not overflow on the way.
  if (day < 0) {
    ++day;
    clock -= kMsPerDay;
  }
  std::int64_t ms = 0;
  if (__builtin_mul_overflow(day, kMsPerDay, &ms) || __builtin_add_overflow(ms, clock, &ms)) {
    return std::nullopt;
  }
  return ms;
}

// ".5" is 500 ms; digits after the third are cut off.
std::optional<std::int64_t> take_fraction(std::string_view& text) {
  std::int64_t ms = 0;
  std::size_t digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; ++digits) {
    if (digits < 3) {
      ms = ms * 10 + (text.front() - '0');
    }
    text.remove_prefix(1);
  }
  if (digits == 0) {
    return std::nullopt;
  }
  for (; digits < 3; ++digits) {
    ms *= 10;
  }
  return ms;
}

std::optional<std::int64_t> take_clock(std::string_view& text) {
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) {
    return std::nullopt;
  }
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59) {
    return std::nullopt;
  }
  std::int64_t ms = (*hour * 60 + *minute) * kMsPerMinute;
  if (!take(text, ':')) {
    return ms;
  }
  const auto second = take_number(text, 2);
  if (!second || *second > 59) {
    return std::nullopt;
  }
  ms += *second * 1000;
  if (take(text, '.')) {
    const auto fraction = take_fraction(text);
    if (!fraction) {
      return std::nullopt;
    }
    ms += *fraction;
  }
  return ms;
}

}  // namespace

std::optional<ZoneMinutes> parse_zone(std::string_view text) {
  if (text == "UTC" || text == "Z" || text == "z") {
    return 0;
  }
  if (text.empty() || (text.front() != '+' && text.front() != '-')) {
    return std::nullopt;
  }
  const int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  const auto hours = take_number(text, 2);
  static_cast<void>(take(text, ':'));
  const auto minutes = text.empty() ? std::optional<int>(0) : take_number(text, 2);
  if (!hours || !minutes || !text.empty() || *hours > 23 || *minutes > 59) {
    return std::nullopt;
  }
  return sign * (*hours * 60 + *minutes);
}

std::optional<std::int64_t> parse_time(std::string_view text, ZoneMinutes zone) {
  const auto day = take_date(text);
  if (!day) {
    return std::nullopt;
  }
  std::int64_t clock = 0;
  if (take(text, 'T') || take(text, ' ') || take(text, 't')) {
    const auto taken = take_clock(text);
    if (!taken) {
      return std::nullopt;
    }
    clock = *taken;
  }
  if (!text.empty()) {
    const auto stated = parse_zone(text);
    if (!stated) {
      return std::nullopt;
    }
    zone = *stated;
  }
  return in_milliseconds(*day, clock - zone * kMsPerMinute);
}

void append_time(std::string& to, std::int64_t ms, ZoneMinutes zone) {
  // Split before the zone is added, so that the extremes of i64 do not overflow.
  std::int64_t day = ms / kMsPerDay;
  std::int64_t rest = ms % kMsPerDay + zone * kMsPerMinute;
  while (rest < 0) {
    rest += kMsPerDay;
    --day;
  }
  while (rest >= kMsPerDay) {
    rest -= kMsPerDay;
    ++day;
  }
  // Civil date of a day number: Howard Hinnant, "chrono-compatible low-level date algorithms";
  // std::chrono's year_month_day ends at year 32767.
  const std::int64_t shifted = day + 719468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const std::int64_t of_era = shifted - era * 146097;
  const std::int64_t year_of_era =
      (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const std::int64_t day_of_year =
      of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_index = (5 * day_of_year + 2) / 153;
  const std::int64_t date = day_of_year - (153 * month_index + 2) / 5 + 1;
  const std::int64_t month = month_index < 10 ? month_index + 3 : month_index - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);

  auto out = std::back_inserter(to);
  if (year >= 0 && year <= 9999) {
    fmt::format_to(out, "{:04}", year);
  } else {
    fmt::format_to(out, "{:+05}", year);
  }
  fmt::format_to(out, "-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}", month, date, rest / 3'600'000,
                 rest / 60'000 % 60, rest / 1000 % 60, rest % 1000);
  if (zone == 0) {
    to += 'Z';
  } else {
    const int minutes = zone < 0 ? -zone : zone;
    fmt::format_to(out, "{}{:02}:{:02}", zone < 0 ? '-' : '+', minutes / 60, minutes % 60);
  }
}

std::optional<UnitRatio> parse_unit(std::string_view word) {
  struct Unit {
    std::string_view word;
    UnitRatio ratio;
  };
  static constexpr std::array<Unit, 7> kUnits = {{{"us", {1, 1000}},
                                                  {"ms", {1, 1}},
                                                  {"s", {1000, 1}},
                                                  {"m", {60'000, 1}},
                                                  {"min", {60'000, 1}},
                                                  {"h", {3'600'000, 1}},
                                                  {"d", {86'400'000, 1}}}};
  for (const Unit& unit : kUnits) {
    if (unit.word == word) {
      return unit.ratio;
    }
  }
  return std::nullopt;
}

}  // namespace nfql
