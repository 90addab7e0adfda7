#include "common/expr/allen.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "common/base/names.h"

namespace nfql {
namespace {

// The distance of two times, which may be more than i64 holds.
std::uint64_t distance(std::int64_t a, std::int64_t b) {
  const auto from = static_cast<std::uint64_t>(std::min(a, b));
  const auto to = static_cast<std::uint64_t>(std::max(a, b));
  return to - from;
}

// -1, 0 or 1: 0 when the two differ by at most the tolerance.
int compare(std::int64_t a, std::int64_t b, std::int64_t tolerance) {
  if (distance(a, b) <= static_cast<std::uint64_t>(tolerance)) {
    return 0;
  }
  return a < b ? -1 : 1;
}

struct Names {
  std::string_view name, short_name, sign;
};

// In the order of enum Allen.
constexpr std::array<Names, 13> kNames = {{{"before", "bf", "<"},
                                           {"after", "af", ">"},
                                           {"meets", "m", ""},
                                           {"met-by", "mi", ""},
                                           {"overlaps", "o", ""},
                                           {"overlapped-by", "oi", ""},
                                           {"starts", "s", ""},
                                           {"started-by", "si", ""},
                                           {"during", "d", ""},
                                           {"contains", "di", ""},
                                           {"finishes", "f", ""},
                                           {"finished-by", "fi", ""},
                                           {"equals", "eq", "="}}};

}  // namespace

Allen classify(Interval x, Interval y, std::int64_t tolerance) {
  const int starts = compare(x.start, y.start, tolerance);
  const int ends = compare(x.end, y.end, tolerance);
  if (starts == 0) {
    return ends == 0 ? Allen::equals : ends < 0 ? Allen::starts : Allen::started_by;
  }
  if (ends == 0) {
    return starts > 0 ? Allen::finishes : Allen::finished_by;
  }
  if (starts != ends) {
    return starts > 0 ? Allen::during : Allen::contains;
  }
  if (starts < 0) {
    const int touch = compare(x.end, y.start, tolerance);
    return touch < 0 ? Allen::before : touch == 0 ? Allen::meets : Allen::overlaps;
  }
  const int touch = compare(x.start, y.end, tolerance);
  return touch > 0 ? Allen::after : touch == 0 ? Allen::met_by : Allen::overlapped_by;
}

bool holds(Allen relation, Interval x, Interval y, std::optional<std::int64_t> delta) {
  if (relation != Allen::before && relation != Allen::after) {
    return classify(x, y, delta.value_or(0)) == relation;
  }
  if (classify(x, y, 0) != relation) {
    return false;
  }
  const std::uint64_t gap =
      relation == Allen::before ? distance(x.end, y.start) : distance(y.end, x.start);
  return !delta || gap <= static_cast<std::uint64_t>(*delta);
}

Allen inverse(Allen relation) {
  if (relation == Allen::equals) {
    return relation;
  }
  // The others stand in pairs: before after, meets met-by …
  return static_cast<Allen>(static_cast<unsigned>(relation) ^ 1U);
}

std::string_view to_name(Allen relation) {
  return kNames[static_cast<std::size_t>(relation)].name;
}

std::optional<Allen> parse_allen(std::string_view word) {
  std::string wanted = lower(word);
  std::replace(wanted.begin(), wanted.end(), '_', '-');
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const Names& names = kNames[i];
    if (wanted == names.name || wanted == names.short_name ||
        (!names.sign.empty() && wanted == names.sign)) {
      return static_cast<Allen>(i);
    }
  }
  return std::nullopt;
}

}  // namespace nfql
