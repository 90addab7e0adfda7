// Inside the aggregates: sums of unsigned numbers, of which most are small.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "common/base/pages.h"
#include "common/expr/aggregate_states.h"
#include "common/expr/group_states.h"

namespace nfql {

/// The low half of each sum lies beside what else is kept of its group; the rest, which few groups
/// have, apart.
class SplitSums {
 public:
  /// As Aggregate::place(), and so are finish() and saturated().
  void place(GroupStates& states) {
    states_ = &states;
    low_ = states.reserve<std::uint32_t>();
  }

  /// Calls body(add), of which add(group, value) adds to a group's sum.
  template <class Body>
  void update(const Body& body) {
    const StateColumn<std::uint32_t> low = states_->column(low_);
    body([&](GroupId group, std::uint64_t value) {
      const std::uint64_t sum = std::uint64_t{low[group]} + (value & kLowBits);
      low[group] = static_cast<std::uint32_t>(sum);
      if (const std::uint64_t high = (value >> kBits) + (sum >> kBits); high != 0) {
        carry(group, high);
      }
    });
  }
  /// Adds high * 2^32 + low to a group's sum.
  void add(GroupId group, std::uint64_t low, std::uint64_t high) {
    update([&](const auto& add) { add(group, low); });
    if (high != 0) {
      carry(group, high);
    }
  }

  void finish(std::size_t group_count) {
    if (!any_high_) {
      return;
    }
    high_.reserve(group_count * sizeof(std::uint64_t));
    const std::span high(high_.as<std::uint64_t>(), group_count);
    saturated_ = std::any_of(high.begin(), high.end(), [](auto each) { return each > kLowBits; });
  }
  [[nodiscard]] bool saturated() const { return saturated_; }

  /// Adds a column of the sums to `to`, of those too large the end of the range.
  void emit(std::span<const GroupId> groups, Batch& to) const {
    const Field field{"", {}, Type::u64, Meaning::number, Type::u64};
    const StateColumn<std::uint32_t> low = states_->column(low_);
    if (!any_high_) {
      emit_column<std::uint64_t>(field, groups, to, [&](GroupId group) { return low[group]; });
      return;
    }
    const auto* const high = high_.as<std::uint64_t>();
    emit_column<std::uint64_t>(field, groups, to, [&](GroupId group) {
      return high[group] > kLowBits ? std::numeric_limits<std::uint64_t>::max()
                                    : high[group] << kBits | low[group];
    });
  }

 private:
  static constexpr unsigned kBits = 32;
  static constexpr std::uint64_t kLowBits = 0xffff'ffffU;

  // 64 bits hold what 2^32 rows can add.
  void carry(GroupId group, std::uint64_t high) {
    any_high_ = true;
    high_.reserve(states_->size() * sizeof high);
    high_.as<std::uint64_t>()[group] += high;
  }

  GroupStates* states_ = nullptr;
  GroupStates::Part<std::uint32_t> low_;
  Pages high_{Pages::Use::sparse};  // by group
  bool any_high_ = false;
  bool saturated_ = false;
};

}  // namespace nfql
