#include "common/cli/input_times.h"

#include <algorithm>

#include "common/base/error.h"
#include "common/base/number_text.h"

namespace nfql {
namespace {

// Nothing but a whole number, which may have a sign.
std::optional<std::int64_t> whole_number(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) {
      return std::nullopt;
    }
  }
  return to_number<std::int64_t>(text);
}

// `202611221040[00]`, as collectors put it into the names of files; none if it is no such time.
std::optional<std::int64_t> time_of_digits(const std::string& text, ZoneMinutes zone) {
  constexpr std::size_t kToMinutes = 12;
  constexpr std::size_t kToSeconds = 14;
  if ((text.size() != kToMinutes && text.size() != kToSeconds) ||
      !std::all_of(text.begin(), text.end(), is_digit)) {
    return std::nullopt;
  }
  const std::string clock = fmt::format("{}-{}-{}T{}:{}:{}", text.substr(0, 4), text.substr(4, 2),
                                        text.substr(6, 2), text.substr(8, 2), text.substr(10, 2),
                                        text.size() == kToSeconds ? text.substr(12) : "00");
  return parse_time(clock, zone);
}

// What to write in place of a number that is no time in milliseconds, if it can be guessed.
std::string hint_for_time(const std::string& text) {
  constexpr std::int64_t kYear2001 = 978'307'200;
  constexpr std::int64_t kYear2100 = 4'102'444'800;
  const std::optional<std::int64_t> number = whole_number(text);
  if (number && *number >= kYear2001 && *number < kYear2100) {
    std::string clock;
    append_time(clock, *number * 1000);
    return fmt::format("if these are seconds, write {} or {}", *number * 1000, clock);
  }
  return "write 2012-05-01, 2012-05-01T10:00[:00[.000]][Z|+hh:mm], 201205011000, or ms since 1970";
}

std::optional<std::int64_t> time_of(const char* option, const std::string& text, ZoneMinutes zone) {
  // Whole numbers that are earlier times are meant as something else, or are slips.
  constexpr std::int64_t kYear1990 = 631'152'000'000;
  if (text.empty()) {
    return std::nullopt;
  }
  for (const auto& time : {parse_time(text, zone), time_of_digits(text, zone)}) {
    if (time) {
      return time;
    }
  }
  const std::optional<std::int64_t> ms = whole_number(text);
  if (!ms || *ms < kYear1990) {
    throw Error(Exit::usage, fmt::format("{}: '{}' is no time", option, text), hint_for_time(text));
  }
  return ms;
}

TimeOffset parse_offset(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  const std::optional<std::int64_t> ms =
      equals == std::string::npos ? std::nullopt : whole_number(text.substr(equals + 1));
  if (!ms || equals == 0) {
    throw Error(Exit::usage, fmt::format("--time-offset: '{}' is not SOURCE=MS", text),
                "SOURCE is an input or an exporter's address, MS is added to its times: "
                "10.0.0.1=-3600000");
  }
  const std::string source = text.substr(0, equals);
  return {source, parse_address(source), *ms};
}

}  // namespace

TimeWindow window_of(const CommonOptions& options) {
  const ZoneMinutes zone = zone_of(options);
  TimeWindow window;
  window.since = time_of("--since", options.since, zone);
  window.until = time_of("--until", options.until, zone);
  window.meaning = options.starts ? TimeWindow::Meaning::starts : TimeWindow::Meaning::active;
  if (options.starts && options.active) {
    throw Error(Exit::usage, "--starts and --active are two meanings of --since and --until",
                "--starts: flows that begin then; --active: also those that go on then");
  }
  if ((options.starts || options.active) && !window.any()) {
    throw Error(Exit::usage,
                fmt::format("--{} says what --since and --until mean",
                            options.starts ? "starts" : "active"),
                "give one of them, or both");
  }
  if (window.since && window.until && *window.since >= *window.until) {
    throw Error(Exit::usage,
                fmt::format("--until {} is not after --since {}", options.until, options.since),
                "--since is part of the time that is looked at, --until is not");
  }
  return window;
}

std::vector<TimeOffset> offsets_of(const CommonOptions& options) {
  std::vector<TimeOffset> offsets;
  for (const std::string& text : options.time_offsets) {
    offsets.push_back(parse_offset(text));
  }
  return offsets;
}

std::vector<std::string> time_options(const CommonOptions& options) {
  std::vector<std::string> words;
  const auto add = [&words](const char* option, const std::string& value) {
    if (!value.empty()) {
      words.insert(words.end(), {option, value});
    }
  };
  add("--since", options.since);
  add("--until", options.until);
  if (options.starts) {
    words.emplace_back("--starts");
  }
  for (const std::string& offset : options.time_offsets) {
    add("--time-offset", offset);
  }
  return words;
}

ReadOptions read_options(const CommonOptions& options) {
  ReadOptions read;
  read.format = options.input_format;
  read.salvage = options.salvage;
  read.split_biflow = options.split_biflow;
  read.threads = threads_of(options);
  read.zone = zone_of(options);
  read.window = window_of(options);
  read.offsets = offsets_of(options);
  return read;
}

}  // namespace nfql
