// The aggregates that need all values of a group at once: they keep them until the end.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "common/base/error.h"
#include "common/expr/aggregate_states.h"

namespace nfql {
namespace {

// Values with their groups, in any order; after arrange() those of each group together, sorted.
template <class T>
class GroupedValues {
 public:
  void add(GroupId group, const T& value) {
    groups_.push_back(group);
    values_.push_back(value);
  }
  [[nodiscard]] std::size_t size() const { return values_.size(); }

  void arrange(std::size_t group_count) {
    ends_.assign(group_count + 1, 0);
    for (const GroupId group : groups_) {
      ++ends_[group + 1];
    }
    for (std::size_t i = 1; i < ends_.size(); ++i) {
      ends_[i] += ends_[i - 1];
    }
    // ends_[g] is where group g begins, and moves to its end, which is where g + 1 begins.
    std::vector<T> arranged(values_.size());
    for (std::size_t i = 0; i < values_.size(); ++i) {
      arranged[ends_[groups_[i]]++] = values_[i];
    }
    values_ = std::move(arranged);
    std::vector<GroupId>().swap(groups_);
    for (std::size_t group = 0; group < group_count; ++group) {
      std::sort(begin_of(group), end_of(group));
    }
  }

  // Keeps each value of a group once. Needs arrange() before, and again before of().
  void drop_duplicates(std::size_t group_count) {
    auto out = values_.begin();
    for (std::size_t group = 0; group < group_count; ++group) {
      const auto kept = std::unique(begin_of(group), end_of(group));
      for (auto value = begin_of(group); value != kept; ++value, ++out) {
        *out = *value;
        groups_.push_back(static_cast<GroupId>(group));
      }
    }
    values_.erase(out, values_.end());
  }

  [[nodiscard]] std::span<const T> of(GroupId group) const {
    const std::size_t begin = group == 0 ? 0 : ends_[group - 1];
    return std::span(values_).subspan(begin, ends_[group] - begin);
  }

 private:
  auto begin_of(std::size_t group) { return at(group == 0 ? 0 : ends_[group - 1]); }
  auto end_of(std::size_t group) { return at(ends_[group]); }
  auto at(std::size_t index) { return values_.begin() + static_cast<std::ptrdiff_t>(index); }

  std::vector<GroupId> groups_;
  std::vector<T> values_;
  std::vector<std::size_t> ends_;
};

// Statistics of sorted values, at least one. The order makes the last bit of a sum the same however
// the flows came; long double holds every i64 and u64.
using Real = long double;

template <class T>
Real sum_of(std::span<const T> values) {
  Real sum = 0;
  for (const T value : values) {
    sum += static_cast<Real>(value);
  }
  return sum;
}

template <class T>
Real product_of(std::span<const T> values) {
  Real product = 1;
  for (const T value : values) {
    product *= static_cast<Real>(value);
  }
  return product;
}

template <class T>
Real mean_of(std::span<const T> values) {
  return sum_of(values) / static_cast<Real>(values.size());
}

template <class T>
Real deviation_of(std::span<const T> values) {
  const Real mean = mean_of(values);
  Real squares = 0;
  for (const T value : values) {
    const Real distance = static_cast<Real>(value) - mean;
    squares += distance * distance;
  }
  return std::sqrt(squares / static_cast<Real>(values.size()));
}

// Linear between the two nearest ranks. The rank is a double, so that 0.9 of 10 steps is 9.
template <class T>
Real quantile_of(std::span<const T> values, double q) {
  const double rank = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const auto low = static_cast<Real>(values[below]);
  if (below + 1 == values.size()) {
    return low;
  }
  return low + (static_cast<Real>(values[below + 1]) - low) *
                   static_cast<Real>(rank - static_cast<double>(below));
}

template <class T>
Real statistic(AggregateFunction function, std::span<const T> values, double argument) {
  switch (function) {
    case AggregateFunction::sum:
      return sum_of(values);
    case AggregateFunction::prod:
      return product_of(values);
    case AggregateFunction::mean:
      return mean_of(values);
    case AggregateFunction::stddev:
      return deviation_of(values);
    case AggregateFunction::median:
      return quantile_of(values, 0.5);
    default:
      return quantile_of(values, argument);
  }
}

template <class T>
class Statistic final : public Aggregate {
 public:
  Statistic(AggregateFunction function, const Field& result, double argument)
      : function_(function), result_(result), argument_(argument) {}

  void add(const Column& values, const GroupedRows& rows) override {
    each_known<T>(values, [&](std::size_t row, T value) { values_.add(rows.groups[row], value); });
  }
  void finish(std::size_t group_count) override { values_.arrange(group_count); }
  void emit(std::span<const GroupId> groups, Batch& to) const override {
    const auto is_known = [this](GroupId group) {
      return !values_.of(group).empty() || function_ == AggregateFunction::sum;
    };
    const auto result = [this](GroupId group) {
      return statistic(function_, values_.of(group), argument_);
    };
    if (result_.type == Type::i64) {
      emit_column<std::int64_t>(
          result_, groups, to,
          [&](GroupId group) { return std::int64_t{std::llround(result(group))}; }, is_known);
      return;
    }
    emit_column<double>(
        result_, groups, to, [&](GroupId group) { return static_cast<double>(result(group)); },
        is_known);
  }

 private:
  AggregateFunction function_;
  Field result_;
  double argument_;
  GroupedValues<T> values_;
};

// Below this it is cheaper to keep a value twice than to look for it.
constexpr std::size_t kFirstLimit = std::size_t{1} << 20;

template <class T>
class Distinct final : public Aggregate {
 public:
  Distinct(AggregateFunction function, const Field& result)
      : function_(function), result_(result) {}

  void add(const Column& values, const GroupedRows& rows) override {
    each_known<T>(values,
                  [&](std::size_t row, const T& value) { values_.add(rows.groups[row], value); });
    // Doubling keeps the work at n log n and the memory at twice what is distinct.
    if (values_.size() > limit_) {
      drop_duplicates(rows.group_count);
      limit_ = std::max(kFirstLimit, 2 * values_.size());
    }
  }
  void finish(std::size_t group_count) override {
    drop_duplicates(group_count);
    values_.arrange(group_count);
  }
  void emit(std::span<const GroupId> groups, Batch& to) const override {
    if (function_ == AggregateFunction::union_set) {
      emit_sets(groups, to);
      return;
    }
    emit_column<std::uint64_t>(
        result_, groups, to,
        [this](GroupId group) { return std::uint64_t{values_.of(group).size()}; },
        [this](GroupId group) { return !values_.of(group).empty(); });
  }

 private:
  void drop_duplicates(std::size_t group_count) {
    values_.arrange(group_count);
    values_.drop_duplicates(group_count);
  }

  void emit_sets(std::span<const GroupId> groups, Batch& to) const {
    if constexpr (std::is_same_v<T, Address>) {
      if (all_ipv4(groups)) {
        emit_sets_as<std::uint32_t>(groups, to, ipv4_of);
        return;
      }
    }
    emit_sets_as<T>(groups, to, [](const T& value) { return value; });
  }

  [[nodiscard]] bool all_ipv4(std::span<const GroupId> groups) const {
    return std::all_of(groups.begin(), groups.end(), [&](GroupId group) {
      const std::span<const T> values = values_.of(group);
      return std::all_of(values.begin(), values.end(), is_ipv4);
    });
  }

  template <class Stored, class Convert>
  void emit_sets_as(std::span<const GroupId> groups, Batch& to, const Convert& convert) const {
    Column column;
    column.type = Type::set;
    column.element_type = result_.element_type;
    column.width = sizeof(Stored);
    column.rows = groups.size();

    Buffer known(groups.size());
    Buffer offsets((groups.size() + 1) * sizeof(std::uint32_t));
    offsets.as<std::uint32_t>()[0] = 0;
    std::size_t count = 0;
    bool all_known = true;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const std::size_t size = values_.of(groups[i]).size();
      count += size;
      if (count > UINT32_MAX) {
        fail(Exit::failed, "the sets of {} groups have more than 2^32 values", groups.size());
      }
      offsets.as<std::uint32_t>()[i + 1] = static_cast<std::uint32_t>(count);
      known.as<std::uint8_t>()[i] = size != 0 ? 1 : 0;
      all_known = all_known && size != 0;
    }
    Buffer values(count * sizeof(Stored));
    auto* out = values.as<Stored>();
    for (const GroupId group : groups) {
      const std::span<const T> set = values_.of(group);
      out = std::transform(set.begin(), set.end(), out, convert);
    }

    column.data = to.keep(std::move(values));
    column.offsets = reinterpret_cast<const std::uint32_t*>(to.keep(std::move(offsets)));
    column.known =
        all_known ? nullptr : reinterpret_cast<const std::uint8_t*>(to.keep(std::move(known)));
    to.columns.push_back(column);
    to.rows = groups.size();
  }

  AggregateFunction function_;
  Field result_;
  GroupedValues<T> values_;
  std::size_t limit_ = kFirstLimit;
};

}  // namespace

std::unique_ptr<Aggregate> make_statistic_state(AggregateFunction function, const Field& input,
                                                const Field& result, double argument) {
  return visit_states(input.type,
                      [&]<class T>(std::type_identity<T>) -> std::unique_ptr<Aggregate> {
                        if constexpr (std::is_arithmetic_v<T>) {
                          return std::make_unique<Statistic<T>>(function, result, argument);
                        }
                        std::abort();  // refusal() keeps other types away
                      });
}

std::unique_ptr<Aggregate> make_distinct_state(AggregateFunction function, const Field& input,
                                               const Field& result) {
  return visit_states(input.type,
                      [&]<class T>(std::type_identity<T>) -> std::unique_ptr<Aggregate> {
                        return std::make_unique<Distinct<T>>(function, result);
                      });
}

}  // namespace nfql
