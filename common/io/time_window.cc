#include "common/io/time_window.h"

#include <fmt/format.h>

#include <cstddef>
#include <string>

#include "common/flow/time.h"
#include "common/io/flow_tools_format.h"
#include "common/io/flow_tools_header.h"

namespace nfql {
namespace {

constexpr std::int64_t kHour = 3'600'000;
constexpr std::int64_t kDay = 24 * kHour;
// Local times are within 14 hours of UTC.
constexpr std::int64_t kMostZone = 14 * kHour;

bool are_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// `YYYYMMDDhhmm` or `YYYYMMDDhhmmss`, as if in UTC.
std::optional<std::int64_t> parse_compact(std::string_view digits) {
  constexpr std::size_t kMinutes = 12;
  constexpr std::size_t kSeconds = 14;
  if ((digits.size() != kMinutes && digits.size() != kSeconds) || !are_digits(digits)) {
    return std::nullopt;
  }
  std::string text;
  constexpr std::string_view kForm = "YYYY-MM-DDThh:mm:ss";
  for (const char c : kForm) {
    const bool digit = c != '-' && c != 'T' && c != ':';
    if (digit && digits.empty()) {
      text += '0';
    } else {
      text += digit ? digits.front() : c;
      digits.remove_prefix(digit ? 1 : 0);
    }
  }
  return parse_time(text);
}

// `v05.2026-11-22.104000+0100`, what stands behind `ft-`.
std::optional<CaptureTime> flow_capture_name(std::string_view name) {
  constexpr std::string_view kForm = "v05.2026-11-22.104000+0100";
  if (name.size() != kForm.size() || name[0] != 'v' || !are_digits(name.substr(1, 2)) ||
      name[3] != '.' || name[14] != '.' || !are_digits(name.substr(15, 6))) {
    return std::nullopt;
  }
  const std::string_view clock = name.substr(15, 6);
  const std::optional<std::int64_t> begin =
      parse_time(fmt::format("{}T{}:{}:{}{}", name.substr(4, 10), clock.substr(0, 2),
                             clock.substr(2, 2), clock.substr(4, 2), name.substr(21)));
  if (!begin) {
    return std::nullopt;
  }
  return CaptureTime{*begin, *begin + kDay};
}

}  // namespace

std::optional<CaptureTime> capture_time_of_name(std::string_view name) {
  constexpr std::string_view kNfcapd = "nfcapd.";
  constexpr std::string_view kFlowCapture = "ft-";
  if (name.starts_with(kNfcapd)) {
    const std::optional<std::int64_t> begin = parse_compact(name.substr(kNfcapd.size()));
    if (!begin) {
      return std::nullopt;
    }
    return CaptureTime{*begin - kMostZone, *begin + kMostZone + kDay};
  }
  return name.starts_with(kFlowCapture) ? flow_capture_name(name.substr(kFlowCapture.size()))
                                        : std::nullopt;
}

std::optional<CaptureTime> capture_time_of_header(InputFile& file) {
  constexpr std::size_t kLooked = 512;
  const std::span<const std::byte> first = file.peek(kLooked);
  const std::optional<std::size_t> size = flow_tools_header_size(first);
  if (!size || *size > first.size()) {
    return std::nullopt;
  }
  const auto [header, problem] = parse_flow_tools_header(first.first(*size));
  if (!problem.empty() || header.compressed || !header.flow_count || header.capture_end == 0 ||
      header.capture_start > header.capture_end ||
      file.size() != *size + std::uint64_t{*header.flow_count} * header.record_size()) {
    return std::nullopt;
  }
  return CaptureTime{std::int64_t{header.capture_start} * 1000,
                     std::int64_t{header.capture_end} * 1000};
}

bool surely_outside(const CaptureTime& captured, const TimeWindow& window, std::int64_t offset) {
  const std::int64_t margin = 2 * kDay + offset;
  return (window.since && captured.last + margin < *window.since) ||
         (window.until && captured.first - margin >= *window.until);
}

}  // namespace nfql
