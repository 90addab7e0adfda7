// Sets of constants as sorted ranges that do not touch: what `in` looks values up in.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <variant>
#include <vector>

#include "common/expr/ast.h"
#include "common/flow/address.h"

namespace nfql {

/// All values from low to high, both inclusive; low <= high.
template <class T>
struct Bounds {
  T low;
  T high;

  friend bool operator==(const Bounds&, const Bounds&) = default;
};

/// Constants of one kind: whole numbers (times too), reals, addresses (prefixes are ranges).
using ConstantRanges = std::variant<std::vector<Bounds<Wide>>, std::vector<Bounds<double>>,
                                    std::vector<Bounds<Address>>>;

/// Least and greatest value; std::numeric_limits has none of Wide without GNU extensions.
template <class T>
[[nodiscard]] constexpr Bounds<T> limits_of() {
  if constexpr (std::is_same_v<T, Wide>) {
    constexpr Wide kHalf = Wide{1} << 126;
    return {-kHalf - kHalf, kHalf - 1 + kHalf};
  } else if constexpr (std::is_same_v<T, Address>) {
    return {{0, 0}, {~std::uint64_t{0}, ~std::uint64_t{0}}};
  } else if constexpr (std::is_floating_point_v<T>) {
    return {-std::numeric_limits<T>::infinity(), std::numeric_limits<T>::infinity()};
  } else {
    return {std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};
  }
}

/// The value that follows `value`, which is not the last.
template <class T>
[[nodiscard]] inline T after(T value) {
  if constexpr (std::is_same_v<T, Address>) {
    return value.low + 1 != 0 ? Address{value.high, value.low + 1} : Address{value.high + 1, 0};
  } else if constexpr (std::is_floating_point_v<T>) {
    return std::nextafter(value, limits_of<T>().high);
  } else {
    return static_cast<T>(value + 1);
  }
}

/// The value before `value`, which is not the first.
template <class T>
[[nodiscard]] inline T before(T value) {
  if constexpr (std::is_same_v<T, Address>) {
    return value.low != 0 ? Address{value.high, value.low - 1}
                          : Address{value.high - 1, ~std::uint64_t{0}};
  } else if constexpr (std::is_floating_point_v<T>) {
    return std::nextafter(value, limits_of<T>().low);
  } else {
    return static_cast<T>(value - 1);
  }
}

/// Sorts `ranges` and joins those that overlap or touch.
template <class T>
void normalise(std::vector<Bounds<T>>& ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const Bounds<T>& a, const Bounds<T>& b) { return a.low < b.low; });
  std::size_t kept = 0;
  for (const Bounds<T>& range : ranges) {
    if (kept != 0) {
      Bounds<T>& last = ranges[kept - 1];
      if (range.low <= last.high || range.low == after(last.high)) {
        last.high = std::max(last.high, range.high);
        continue;
      }
    }
    ranges[kept++] = range;
  }
  ranges.erase(ranges.begin() + static_cast<std::ptrdiff_t>(kept), ranges.end());
}

/// Those parts of `ranges` that a T can hold.
template <class T, class From>
[[nodiscard]] std::vector<Bounds<T>> clipped(const std::vector<Bounds<From>>& ranges) {
  const auto low = static_cast<From>(limits_of<T>().low);
  const auto high = static_cast<From>(limits_of<T>().high);
  std::vector<Bounds<T>> result;
  for (const Bounds<From>& range : ranges) {
    if (range.low <= high && low <= range.high) {
      result.push_back(
          {static_cast<T>(std::max(range.low, low)), static_cast<T>(std::min(range.high, high))});
    }
  }
  return result;
}

/// Those parts of `ranges` that are IPv4 addresses.
[[nodiscard]] inline std::vector<Bounds<std::uint32_t>> clipped_to_ipv4(
    const std::vector<Bounds<Address>>& ranges) {
  const Address low = mapped(0);
  const Address high = mapped(~std::uint32_t{0});
  std::vector<Bounds<std::uint32_t>> result;
  for (const Bounds<Address>& range : ranges) {
    if (range.low <= high && low <= range.high) {
      result.push_back({ipv4_of(std::max(range.low, low)), ipv4_of(std::min(range.high, high))});
    }
  }
  return result;
}

/// The addresses of a prefix.
[[nodiscard]] constexpr Bounds<Address> bounds_of(const Prefix& prefix) {
  const Address mask = Prefix::masked({~std::uint64_t{0}, ~std::uint64_t{0}}, prefix.length);
  return {prefix.network, {prefix.network.high | ~mask.high, prefix.network.low | ~mask.low}};
}

/// Looks values up in ranges by binary search, without a branch that depends on the data.
template <class T>
class RangeTable {
 public:
  /// The ranges as normalise() leaves them.
  explicit RangeTable(const std::vector<Bounds<T>>& ranges) {
    for (const Bounds<T>& range : ranges) {
      lows_.push_back(range.low);
      highs_.push_back(range.high);
    }
  }

  [[nodiscard]] bool contains(const T& value) const {
    if (lows_.empty()) {
      return false;
    }
    const T* base = lows_.data();
    for (std::size_t length = lows_.size(); length > 1;) {
      const std::size_t half = length / 2;
      base = base[half] <= value ? base + half : base;
      length -= half;
    }
    return *base <= value && value <= highs_[static_cast<std::size_t>(base - lows_.data())];
  }
  /// Whether any value of `in` is in the ranges.
  [[nodiscard]] bool meets(const Bounds<T>& in) const {
    const auto high = std::lower_bound(highs_.begin(), highs_.end(), in.low);
    return high != highs_.end() &&
           lows_[static_cast<std::size_t>(high - highs_.begin())] <= in.high;
  }
  /// Whether all values of `in` are.
  [[nodiscard]] bool contains(const Bounds<T>& in) const {
    const auto high = std::lower_bound(highs_.begin(), highs_.end(), in.low);
    return high != highs_.end() && *high >= in.high &&
           lows_[static_cast<std::size_t>(high - highs_.begin())] <= in.low;
  }

 private:
  std::vector<T> lows_;
  std::vector<T> highs_;
};

}  // namespace nfql
