// Wall-clock times: milliseconds since the epoch, to and from text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nfql {

/// Offset of a fixed time zone from UTC, in minutes east.
using ZoneMinutes = int;

/// `UTC`, `Z`, `+02:00`, `-0530`; no names of places.
[[nodiscard]] std::optional<ZoneMinutes> parse_zone(std::string_view text);

/// ISO 8601: `2012-05-01`, `2012-05-01T10:00[:00[.mmm]]`, with `Z` or `+hh:mm` or, without one, in
/// `zone`. A blank may stand for the T. Fractions beyond milliseconds are cut off. Years outside of
/// 0..9999 have a sign, as append_time() writes them.
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text, ZoneMinutes zone = 0);

/// Appends `2012-04-30T07:43:50.057Z`, or the same in `zone` with its offset. Years outside
/// 0..9999 get a sign and as many digits as they need.
void append_time(std::string& to, std::int64_t ms, ZoneMinutes zone = 0);

/// Milliseconds in one of `us ms s m min h d` as a fraction; none for another word.
struct UnitRatio {
  std::int64_t numerator;
  std::int64_t denominator;
};
[[nodiscard]] std::optional<UnitRatio> parse_unit(std::string_view word);

}  // namespace nfql
