// Times and durations of text formats.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/flow/time.h"

namespace nfql {

/// `12`, `-12.345`: seconds as ms. Digits after the third are cut off.
[[nodiscard]] std::optional<std::int64_t> parse_seconds(std::string_view text);

/// `[1d ]02:03:04.567`, or seconds; as ms.
[[nodiscard]] std::optional<std::int64_t> parse_duration(std::string_view text);

/// Times as text, read fast: of times on one day the date is read once.
class TimeText {
 public:
  explicit TimeText(ZoneMinutes zone) : zone_(zone) {}

  /// What parse_time() reads; a whole number is milliseconds since the epoch, one with a fraction
  /// is seconds. A date before a clock may have slashes, `2012/04/30T07:43:50.057`.
  [[nodiscard]] std::optional<std::int64_t> parse(std::string_view text);

 private:
  [[nodiscard]] std::optional<std::int64_t> parse_clock(std::string_view text);

  ZoneMinutes zone_;
  std::string date_;
  std::int64_t day_ms_ = 0;  // when that day began, in UTC
};

}  // namespace nfql
