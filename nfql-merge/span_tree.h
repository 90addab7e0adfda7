// Which values of an array lie between bounds, found without looking at all of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace nfql::merge {

/// low <= value <= high.
struct Bounds {
  std::int64_t low;
  std::int64_t high;

  [[nodiscard]] bool empty() const { return low > high; }
  [[nodiscard]] bool contain(std::int64_t value) const { return low <= value && value <= high; }
};

/// Keeps the smallest and largest value of each 16 entries, of each 16 of those, and so on. A
/// search passes over parts that hold nothing within the bounds, and takes parts whole that hold
/// nothing else; with a bound on one side only it costs O(log n) for a span found, at most.
class SpanTree {
 public:
  SpanTree() = default;
  explicit SpanTree(std::vector<std::int64_t> values) : values_(std::move(values)) {
    std::vector<Bounds> below;
    for (std::size_t i = 0; i < values_.size(); i += kFan) {
      below.push_back(extremes(values_, i, [](std::int64_t v) { return Bounds{v, v}; }));
    }
    while (!below.empty()) {
      levels_.push_back(std::move(below));
      below = {};
      const std::vector<Bounds>& level = levels_.back();
      for (std::size_t i = 0; level.size() > 1 && i < level.size(); i += kFan) {
        below.push_back(extremes(level, i, [](const Bounds& b) { return b; }));
      }
    }
  }

  /// Calls visit(i, j) for disjoint spans [i, j) of [begin, end), ascending, that together are the
  /// entries within the bounds. `visit` returns false to stop; then this returns false too.
  template <class Visit>
  bool search(std::size_t begin, std::size_t end, const Bounds& bounds, Visit&& visit) const {
    return search_level(levels_.size(), begin, end, bounds, visit);
  }

 private:
  static constexpr std::size_t kFan = 16;

  template <class T, class BoundsOf>
  static Bounds extremes(const std::vector<T>& from, std::size_t first, BoundsOf&& bounds_of) {
    Bounds result = bounds_of(from[first]);
    for (std::size_t i = first; i < std::min(first + kFan, from.size()); ++i) {
      result.low = std::min(result.low, bounds_of(from[i]).low);
      result.high = std::max(result.high, bounds_of(from[i]).high);
    }
    return result;
  }

  // Searches [begin, end), of entries, in pieces of `level`: 0 is the entries themselves.
  template <class Visit>
  bool search_level(std::size_t level, std::size_t begin, std::size_t end, const Bounds& bounds,
                    Visit& visit) const {
    if (level == 0) {
      return scan(begin, end, bounds, visit);
    }
    const std::size_t size = std::size_t{1} << (4 * level);  // kFan to the power of level
    for (std::size_t at = begin; at < end;) {
      const std::size_t piece = at / size;
      const std::size_t next = std::min(end, (piece + 1) * size);
      const Bounds& held = levels_[level - 1][piece];
      if (bounds.low <= held.low && held.high <= bounds.high) {
        if (!visit(at, next)) {
          return false;
        }
      } else if (bounds.low <= held.high && held.low <= bounds.high &&
                 !search_level(level - 1, at, next, bounds, visit)) {
        return false;
      }
      at = next;
    }
    return true;
  }

  template <class Visit>
  bool scan(std::size_t begin, std::size_t end, const Bounds& bounds, Visit& visit) const {
    for (std::size_t at = begin; at < end; ++at) {
      if (bounds.contain(values_[at]) && !visit(at, at + 1)) {
        return false;
      }
    }
    return true;
  }

  std::vector<std::int64_t> values_;
  std::vector<std::vector<Bounds>> levels_;  // from the entries up; the last has one piece
};

}  // namespace nfql::merge
