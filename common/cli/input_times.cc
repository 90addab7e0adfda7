#include "common/cli/input_times.h"


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

std::optional<std::int64_t> time_of(const char* option, const std::string& text, ZoneMinutes zone) {
  // Twelve digits of milliseconds are 1973: what has fewer is meant as seconds, or is a slip.
  constexpr std::size_t kFewestDigits = 12;
  if (text.empty()) {
    return std::nullopt;
  }
  std::optional<std::int64_t> time = parse_time(text, zone);
  if (!time && text.size() >= kFewestDigits) {
    time = whole_number(text);
  }
  if (!time) {
    throw Error(Exit::usage, fmt::format("{}: '{}' is no time", option, text),
                "write 2012-05-01, 2012-05-01T10:00[:00[.000]][Z|+hh:mm], or ms since 1970");
  }
  return time;
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
  read.zone = zone_of(options);
  read.window = window_of(options);
  read.offsets = offsets_of(options);
  return read;
}

}  // namespace nfql
