// The aggregates that need only a few bytes a group: they update it row by row.
#include <cassert>
#include <cstdlib>
#include <limits>

#include "common/expr/aggregate_states.h"
#include "common/expr/split_sums.h"

namespace nfql {
namespace {

class Count final : public Aggregate {
 public:
  void place(GroupStates& states) override { counts_.place(states); }
  void add(const Column& /*values*/, const GroupedRows& rows) override {
    if (rows.group_count == 1) {
      counts_.add(0, rows.groups.size(), 0);
      return;
    }
    counts_.update([&](const auto& add) {
      for (const GroupId group : rows.groups) {
        add(group, 1);
      }
    });
  }
  void finish(std::size_t group_count) override { counts_.finish(group_count); }
  void emit(std::span<const GroupId> groups, Batch& to) const override { counts_.emit(groups, to); }

 private:
  SplitSums counts_;
};

class CountKnown final : public Aggregate {
 public:
  void place(GroupStates& states) override { counts_.place(states); }
  void add(const Column& values, const GroupedRows& rows) override {
    counts_.update([&](const auto& add) {
      visit_values(values.type, values.width, [&]<class T>(std::type_identity<T>) {
        each_known<T>(values, [&](std::size_t row, const T&) { add(rows.groups[row], 1); });
      });
    });
  }
  void finish(std::size_t group_count) override { counts_.finish(group_count); }
  void emit(std::span<const GroupId> groups, Batch& to) const override { counts_.emit(groups, to); }

 private:
  SplitSums counts_;
};

// Nothing to subtract, so a sum that has reached the end stays there whatever the order of rows.
template <class T>
class UnsignedSum final : public Aggregate {
 public:
  void place(GroupStates& states) override { sums_.place(states); }
  void add(const Column& values, const GroupedRows& rows) override {
    if (rows.group_count == 1) {
      add_all(values);
      return;
    }
    sums_.update([&](const auto& add) {
      each_known<T>(values, [&](std::size_t row, T value) { add(rows.groups[row], value); });
    });
  }
  void finish(std::size_t group_count) override { sums_.finish(group_count); }
  void emit(std::span<const GroupId> groups, Batch& to) const override { sums_.emit(groups, to); }
  [[nodiscard]] bool saturated() const override { return sums_.saturated(); }

 private:
  // To the one group that there is. The halves do not overflow: batches have less than 2^32 rows.
  void add_all(const Column& values) {
    constexpr unsigned kHalf = 32;
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    each_known<T>(values, [&](std::size_t, T value) {
      low += static_cast<std::uint32_t>(value);
      high += std::uint64_t{value} >> kHalf;
    });
    sums_.add(0, low, high);
  }

  SplitSums sums_;
};

constexpr Wide kLowest = std::numeric_limits<std::int64_t>::min();
constexpr Wide kHighest = std::numeric_limits<std::int64_t>::max();

// 128 bits, so that only the end result is held and not what happens to come on the way.
template <class T>
class SignedSum final : public Aggregate {
 public:
  explicit SignedSum(const Field& result) : result_(result) {}

  void place(GroupStates& states) override {
    states_ = &states;
    sum_ = states.reserve<Wide>();
  }
  void add(const Column& values, const GroupedRows& rows) override {
    const StateColumn<Wide> sums = states_->column(sum_);
    each_known<T>(values, [&](std::size_t row, T value) { sums[rows.groups[row]] += value; });
  }
  void finish(std::size_t group_count) override {
    const StateColumn<Wide> sums = states_->column(sum_);
    for (std::size_t i = 0; i < group_count; ++i) {
      const Wide sum = sums[static_cast<GroupId>(i)];
      saturated_ = saturated_ || sum < kLowest || sum > kHighest;
    }
  }
  void emit(std::span<const GroupId> groups, Batch& to) const override {
    const StateColumn<Wide> sums = states_->column(sum_);
    emit_column<std::int64_t>(result_, groups, to, [&](GroupId group) {
      const Wide sum = sums[group];
      return static_cast<std::int64_t>(sum < kLowest ? kLowest : sum > kHighest ? kHighest : sum);
    });
  }
  [[nodiscard]] bool saturated() const override { return saturated_; }

 private:
  Field result_;
  GroupStates* states_ = nullptr;
  GroupStates::Part<Wide> sum_;
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

  void place(GroupStates& states) override {
    states_ = &states;
    total_ = states.reserve<Total>();
  }
  void add(const Column& values, const GroupedRows& rows) override {
    const StateColumn<Total> totals = states_->column(total_);
    each_known<T>(values, [&](std::size_t row, T value) {
      Total& total = totals[rows.groups[row]];
      total.sum += value;
      ++total.count;
    });
  }
  void emit(std::span<const GroupId> groups, Batch& to) const override {
    const StateColumn<Total> totals = states_->column(total_);
    const auto is_known = [&](GroupId group) { return totals[group].count != 0; };
    if (result_.type == Type::i64) {
      const auto mean = [&](GroupId group) {
        return rounded_quotient(totals[group].sum, totals[group].count);
      };
      emit_column<std::int64_t>(result_, groups, to, mean, is_known);
      return;
    }
    const auto mean = [&](GroupId group) {
      return static_cast<double>(static_cast<long double>(totals[group].sum) /
                                 static_cast<long double>(totals[group].count));
    };
    emit_column<double>(result_, groups, to, mean, is_known);
  }

 private:
  struct Total {
    Wide sum = 0;
    std::uint64_t count = 0;
  };

  Field result_;
  GroupStates* states_ = nullptr;
  GroupStates::Part<Total> total_;
};

// One value a group, unknown until a row has one. Rule says how values become one.
template <class T, class Rule>
class OneValue final : public Aggregate {
 public:
  explicit OneValue(const Field& result) : result_(result) {}

  void place(GroupStates& states) override {
    states_ = &states;
    value_ = states.reserve<T>();
    known_ = states.reserve<std::uint8_t>();
  }
  void add(const Column& values, const GroupedRows& rows) override {
    const StateColumn<T> held = states_->column(value_);
    const StateColumn<std::uint8_t> known = states_->column(known_);
    if (rows.group_count == 1) {
      add_all(values, held[0], known[0]);
      return;
    }
    each_known<T>(values, [&](std::size_t row, const T& value) {
      const GroupId group = rows.groups[row];
      held[group] = known[group] == 0 ? value : Rule::combine(held[group], value);
      known[group] = 1;
    });
  }
  void emit(std::span<const GroupId> groups, Batch& to) const override {
    const StateColumn<T> held = states_->column(value_);
    const StateColumn<std::uint8_t> known = states_->column(known_);
    emit_column<T>(
        result_, groups, to, [&](GroupId group) { return held[group]; },
        [&](GroupId group) { return known[group] != 0; });
  }

 private:
  // To the one group that there is.
  static void add_all(const Column& values, T& held, std::uint8_t& known) {
    T one = held;
    bool any = known != 0;
    each_known<T>(values, [&](std::size_t, const T& value) {
      one = any ? Rule::combine(one, value) : value;
      any = true;
    });
    held = one;
    known = any ? 1 : 0;
  }

  Field result_;
  GroupStates* states_ = nullptr;
  GroupStates::Part<T> value_;
  GroupStates::Part<std::uint8_t> known_;
};

template <class T>
struct Least {
  static T combine(const T& best, const T& value) { return value < best ? value : best; }
};

template <class T>
struct Greatest {
  static T combine(const T& best, const T& value) { return best < value ? value : best; }
};

template <class T>
struct AllBits {
  static T combine(T bits, T value) { return static_cast<T>(bits & value); }
};

template <class T>
struct AnyBits {
  static T combine(T bits, T value) { return static_cast<T>(bits | value); }
};

template <class T>
struct OddBits {
  static T combine(T bits, T value) { return static_cast<T>(bits ^ value); }
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

  void place(GroupStates& states) override {
    states_ = &states;
    order_ = states.reserve<FlowOrder>();
    value_ = states.reserve<T>();
    known_ = states.reserve<std::uint8_t>();
  }
  void add(const Column& values, const GroupedRows& rows) override {
    assert(rows.order.size() == rows.groups.size());
    const StateColumn<FlowOrder> order = states_->column(order_);
    const StateColumn<T> held = states_->column(value_);
    const StateColumn<std::uint8_t> known = states_->column(known_);
    each_known<T>(values, [&](std::size_t row, const T& value) {
      const GroupId group = rows.groups[row];
      if (known[group] == 0 || Rule::replaces(order[group], rows.order[row])) {
        order[group] = rows.order[row];
        held[group] = value;
        known[group] = 1;
      }
    });
  }
  void emit(std::span<const GroupId> groups, Batch& to) const override {
    const StateColumn<T> held = states_->column(value_);
    const StateColumn<std::uint8_t> known = states_->column(known_);
    emit_column<T>(
        result_, groups, to, [&](GroupId group) { return held[group]; },
        [&](GroupId group) { return known[group] != 0; });
  }

 private:
  Field result_;
  GroupStates* states_ = nullptr;
  GroupStates::Part<FlowOrder> order_;
  GroupStates::Part<T> value_;
  GroupStates::Part<std::uint8_t> known_;
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
