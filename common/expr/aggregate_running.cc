// The aggregates that need only a few bytes a group: they update it row by row.
#include <cstdlib>
#include <limits>
#include <vector>

#include "common/expr/aggregate_states.h"

namespace nfql {
namespace {

void emit_counts(const std::vector<std::uint64_t>& counts, std::span<const GroupId> groups,
                 Batch& to) {
  const Field field{"", {}, Type::u64, Meaning::number, Type::u64};
  emit_column<std::uint64_t>(field, groups, to, [&](GroupId group) { return counts[group]; });
}

class Count final : public Aggregate {
 public:
  void add(const Column& /*values*/, const GroupedRows& rows) override {
    counts_.resize(rows.group_count);
    for (const GroupId group : rows.groups) {
      ++counts_[group];
    }
  }
  void finish(std::size_t group_count) override { counts_.resize(group_count); }
  void emit(std::span<const GroupId> groups, Batch& to) const override {
    emit_counts(counts_, groups, to);
  }

 private:
  std::vector<std::uint64_t> counts_;
};

class CountKnown final : public Aggregate {
 public:
  void add(const Column& values, const GroupedRows& rows) override {
    counts_.resize(rows.group_count);
    visit_values(values.type, values.width, [&]<class T>(std::type_identity<T>) {
      each_known<T>(values, [&](std::size_t row, const T&) { ++counts_[rows.groups[row]]; });
    });
  }
  void finish(std::size_t group_count) override { counts_.resize(group_count); }
  void emit(std::span<const GroupId> groups, Batch& to) const override {
    emit_counts(counts_, groups, to);
  }

 private:
  std::vector<std::uint64_t> counts_;
};

// Nothing to subtract, so a sum that has reached the end stays there whatever the order of rows.
template <class T>
class UnsignedSum final : public Aggregate {
 public:
  void add(const Column& values, const GroupedRows& rows) override {
    sums_.resize(rows.group_count);
    each_known<T>(values, [&](std::size_t row, T value) {
      std::uint64_t& sum = sums_[rows.groups[row]];
      if (__builtin_add_overflow(sum, value, &sum)) {
        sum = std::numeric_limits<std::uint64_t>::max();
        saturated_ = true;
      }
    });
  }
  void finish(std::size_t group_count) override { sums_.resize(group_count); }
  void emit(std::span<const GroupId> groups, Batch& to) const override {
    emit_counts(sums_, groups, to);
  }
  [[nodiscard]] bool saturated() const override { return saturated_; }

 private:
  std::vector<std::uint64_t> sums_;
  bool saturated_ = false;
};

constexpr Wide kLowest = std::numeric_limits<std::int64_t>::min();
constexpr Wide kHighest = std::numeric_limits<std::int64_t>::max();

// 128 bits, so that only the end result is held and not what happens to come on the way.
template <class T>
class SignedSum final : public Aggregate {
 public:
  explicit SignedSum(const Field& result) : result_(result) {}

  void add(const Column& values, const GroupedRows& rows) override {
    sums_.resize(rows.group_count);
    each_known<T>(values, [&](std::size_t row, T value) { sums_[rows.groups[row]] += value; });
  }
  void finish(std::size_t group_count) override {
    sums_.resize(group_count);
    for (const Wide sum : sums_) {
      saturated_ = saturated_ || sum < kLowest || sum > kHighest;
    }
  }
  void emit(std::span<const GroupId> groups, Batch& to) const override {
    emit_column<std::int64_t>(result_, groups, to, [this](GroupId group) {
      const Wide sum = sums_[group];
      return static_cast<std::int64_t>(sum < kLowest ? kLowest : sum > kHighest ? kHighest : sum);
    });
  }
  [[nodiscard]] bool saturated() const override { return saturated_; }

 private:
  Field result_;
  std::vector<Wide> sums_;
  bool saturated_ = false;
};

// To the nearest integer, halves away from zero.
std::int64_t rounded_quotient(Wide sum, std::uint64_t count) {
  const auto divisor = static_cast<Wide>(count);
  const Wide quotient = sum / divisor;
  const Wide rest = sum % divisor;
  const Wide twice = rest < 0 ? -2 * rest : 2 * rest;
  const Wide step = twice < divisor ? 0 : sum < 0 ? -1 : 1;
  return static_cast<std::int64_t>(quotient + step);
}

template <class T>
class Mean final : public Aggregate {
 public:
  explicit Mean(const Field& result) : result_(result) {}

  void add(const Column& values, const GroupedRows& rows) override {
    totals_.resize(rows.group_count);
    each_known<T>(values, [&](std::size_t row, T value) {
      Total& total = totals_[rows.groups[row]];
      total.sum += value;
      ++total.count;
    });
  }
  void finish(std::size_t group_count) override { totals_.resize(group_count); }
  void emit(std::span<const GroupId> groups, Batch& to) const override {
    const auto is_known = [this](GroupId group) { return totals_[group].count != 0; };
    if (result_.type == Type::i64) {
      const auto mean = [this](GroupId group) {
        return rounded_quotient(totals_[group].sum, totals_[group].count);
      };
      emit_column<std::int64_t>(result_, groups, to, mean, is_known);
      return;
    }
    const auto mean = [this](GroupId group) {
      return static_cast<double>(static_cast<long double>(totals_[group].sum) /
                                 static_cast<long double>(totals_[group].count));
    };
    emit_column<double>(result_, groups, to, mean, is_known);
  }

 private:
  struct Total {
    Wide sum = 0;
    std::uint64_t count = 0;
  };

  Field result_;
  std::vector<Total> totals_;
};

// One value a group, unknown until a row has one. Rule says how values become one.
template <class T, class Rule>
class OneValue final : public Aggregate {
 public:
  explicit OneValue(const Field& result) : result_(result) {}

  void add(const Column& values, const GroupedRows& rows) override {
    resize(rows.group_count);
    each_known<T>(values, [&](std::size_t row, const T& value) {
      const GroupId group = rows.groups[row];
      Rule::combine(values_[group], value);
      known_[group] = 1;
    });
  }
  void finish(std::size_t group_count) override { resize(group_count); }
  void emit(std::span<const GroupId> groups, Batch& to) const override {
    emit_column<T>(
        result_, groups, to, [this](GroupId group) { return values_[group]; },
        [this](GroupId group) { return known_[group] != 0; });
  }

 private:
  void resize(std::size_t group_count) {
    values_.resize(group_count, Rule::identity());
    known_.resize(group_count);
  }

  Field result_;
  std::vector<T> values_;
  std::vector<std::uint8_t> known_;
};

template <class T>
constexpr T lowest() {
  if constexpr (std::is_same_v<T, Address>) {
    return Address{};
  } else if constexpr (std::is_same_v<T, double>) {
    return -std::numeric_limits<double>::infinity();
  } else {
    return std::numeric_limits<T>::min();
  }
}

template <class T>
constexpr T highest() {
  if constexpr (std::is_same_v<T, Address>) {
    return Address{~0ULL, ~0ULL};
  } else if constexpr (std::is_same_v<T, double>) {
    return std::numeric_limits<double>::infinity();
  } else {
    return std::numeric_limits<T>::max();
  }
}

template <class T>
struct Least {
  static constexpr T identity() { return highest<T>(); }
  static void combine(T& best, const T& value) { best = value < best ? value : best; }
};

template <class T>
struct Greatest {
  static constexpr T identity() { return lowest<T>(); }
  static void combine(T& best, const T& value) { best = best < value ? value : best; }
};

template <class T>
struct AllBits {
  static constexpr T identity() { return static_cast<T>(~T{0}); }
  static void combine(T& bits, T value) { bits = static_cast<T>(bits & value); }
};

template <class T>
struct AnyBits {
  static constexpr T identity() { return 0; }
  static void combine(T& bits, T value) { bits = static_cast<T>(bits | value); }
};

template <class T>
struct OddBits {
  static constexpr T identity() { return 0; }
  static void combine(T& bits, T value) { bits = static_cast<T>(bits ^ value); }
};

// Of flows at the same place in the order the one that came earlier is the first.
struct Earlier {
  static bool replaces(const FlowOrder& held, const FlowOrder& order) { return order < held; }
};
struct Later {
  static bool replaces(const FlowOrder& held, const FlowOrder& order) { return order >= held; }
};

template <class T, class Rule>
class OrderedValue final : public Aggregate {
 public:
  explicit OrderedValue(const Field& result) : result_(result) {}

  void add(const Column& values, const GroupedRows& rows) override {
    held_.resize(rows.group_count);
    each_known<T>(values, [&](std::size_t row, const T& value) {
      Held& held = held_[rows.groups[row]];
      if (!held.known || Rule::replaces(held.order, rows.order[row])) {
        held = {rows.order[row], value, true};
      }
    });
  }
  void finish(std::size_t group_count) override { held_.resize(group_count); }
  void emit(std::span<const GroupId> groups, Batch& to) const override {
    emit_column<T>(
        result_, groups, to, [this](GroupId group) { return held_[group].value; },
        [this](GroupId group) { return held_[group].known; });
  }

 private:
  struct Held {
    FlowOrder order;
    T value{};
    bool known = false;
  };

  Field result_;
  std::vector<Held> held_;
};

template <template <class> class State>
std::unique_ptr<Aggregate> make_for_integers(const Field& input, const Field& result) {
  return visit_states(input.type,
                      [&]<class T>(std::type_identity<T>) -> std::unique_ptr<Aggregate> {
                        if constexpr (std::is_integral_v<T>) {
                          return std::make_unique<State<T>>(result);
                        }
                        std::abort();  // refusal() keeps other types away
                      });
}

template <template <class> class Rule>
std::unique_ptr<Aggregate> make_bits(const Field& input, const Field& result) {
  return visit_states(input.type,
                      [&]<class T>(std::type_identity<T>) -> std::unique_ptr<Aggregate> {
                        if constexpr (std::is_integral_v<T>) {
                          return std::make_unique<OneValue<T, Rule<T>>>(result);
                        }
                        std::abort();  // refusal() keeps other types away
                      });
}

}  // namespace

std::unique_ptr<Aggregate> make_count_state() {
  return std::make_unique<Count>();
}
std::unique_ptr<Aggregate> make_count_known_state() {
  return std::make_unique<CountKnown>();
}

std::unique_ptr<Aggregate> make_sum_state(const Field& input, const Field& result) {
  if (result.type == Type::i64) {
    return make_for_integers<SignedSum>(input, result);
  }
  return visit_states(input.type,
                      [&]<class T>(std::type_identity<T>) -> std::unique_ptr<Aggregate> {
                        if constexpr (std::is_unsigned_v<T>) {
                          return std::make_unique<UnsignedSum<T>>();
                        }
                        std::abort();  // the sum of a signed type is i64
                      });
}

std::unique_ptr<Aggregate> make_mean_state(const Field& input, const Field& result) {
  return make_for_integers<Mean>(input, result);
}

std::unique_ptr<Aggregate> make_extreme_state(AggregateFunction function, const Field& input,
                                              const Field& result) {
  return visit_states(input.type,
                      [&]<class T>(std::type_identity<T>) -> std::unique_ptr<Aggregate> {
                        if (function == AggregateFunction::min) {
                          return std::make_unique<OneValue<T, Least<T>>>(result);
                        }
                        return std::make_unique<OneValue<T, Greatest<T>>>(result);
                      });
}

std::unique_ptr<Aggregate> make_ordered_state(AggregateFunction function, const Field& input,
                                              const Field& result) {
  return visit_states(input.type,
                      [&]<class T>(std::type_identity<T>) -> std::unique_ptr<Aggregate> {
                        if (function == AggregateFunction::first) {
                          return std::make_unique<OrderedValue<T, Earlier>>(result);
                        }
                        return std::make_unique<OrderedValue<T, Later>>(result);
                      });
}

std::unique_ptr<Aggregate> make_bits_state(AggregateFunction function, const Field& input,
                                           const Field& result) {
  switch (function) {
    case AggregateFunction::bit_and:
      return make_bits<AllBits>(input, result);
    case AggregateFunction::bit_or:
      return make_bits<AnyBits>(input, result);
    default:
      return make_bits<OddBits>(input, result);
  }
}

}  // namespace nfql
