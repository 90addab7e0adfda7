#include "common/expr/kernels_sets.h"

#include <algorithm>
#include <limits>
#include <type_traits>
#include <utility>

#include "common/expr/lanes.h"

namespace nfql {
namespace {

// Sets are small: this many values are assumed where costs are compared.
constexpr unsigned kValuesPerSet = 16;

// What is needed of two sets for each test: their sizes and how many values they share.
struct Overlap {
  std::uint64_t left;
  std::uint64_t right;
  std::uint64_t shared;
};

bool is_true(SetTest test, const Overlap& overlap) {
  switch (test) {
    case SetTest::equals:
      return overlap.shared == overlap.left && overlap.shared == overlap.right;
    case SetTest::subset:
      return overlap.shared == overlap.left;
    case SetTest::superset:
      return overlap.shared == overlap.right;
    case SetTest::intersects:
      return overlap.shared != 0;
  }
  return false;
}

// Calls test(row) for the rows that are left.
template <class Test>
void narrow_rows(std::size_t rows, Where where, std::uint8_t* mask, const Test& test) {
  for (std::size_t i = 0; i < rows; ++i) {
    if (mask[i] != 0) {
      mask[i] = test(i) == (where == Where::inside) ? 1 : 0;
    }
  }
}

// How many values the ranges have; above all sizes of sets when there is no saying.
template <class T>
std::uint64_t count_of(const std::vector<Bounds<T>>& ranges) {
  constexpr std::uint64_t kMany = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t count = 0;
  for (const Bounds<T>& range : ranges) {
    std::uint64_t more = 0;
    if constexpr (std::is_same_v<T, Address>) {
      more = range.low.high == range.high.high ? range.high.low - range.low.low : kMany;
    } else if constexpr (std::is_floating_point_v<T>) {
      more = range.low == range.high ? 0 : kMany;
    } else {
      more = static_cast<std::uint64_t>(range.high) - static_cast<std::uint64_t>(range.low);
    }
    if (more >= kMany - count - 1) {
      return kMany;
    }
    count += more + 1;
  }
  return count;
}

// The ranges in the type of the values.
template <class T>
std::vector<Bounds<T>> ranges_as(const ConstantRanges& constants) {
  if constexpr (std::is_same_v<T, Address> || std::is_same_v<T, double>) {
    return std::get<std::vector<Bounds<T>>>(constants);
  } else {
    return clipped<T>(std::get<std::vector<Bounds<Wide>>>(constants));
  }
}

template <class T>
class WithConstants final : public Condition {
 public:
  WithConstants(std::size_t slot, SetTest test, const std::vector<Bounds<T>>& ranges, Where where)
      : slot_(slot), test_(test), where_(where), ranges_(ranges), count_(count_of(ranges)) {}
  void narrow(Frame& frame, std::uint8_t* mask) override {
    const Column column = sets(frame);
    narrow_to_known(column, mask);
    narrow_rows(column.rows, where_, mask, [this, &column](std::size_t row) {
      const std::span<const T> set = column.set<T>(row);
      const auto shared = std::count_if(set.begin(), set.end(),
                                        [this](const T& value) { return ranges_.contains(value); });
      return is_true(test_, {set.size(), count_, static_cast<std::uint64_t>(shared)});
    });
  }
  [[nodiscard]] unsigned cost() const override { return kValuesPerSet * (16 + sizeof(T)); }

 private:
  Column sets(Frame& frame) const {
    if constexpr (std::is_same_v<T, Address>) {
      return frame.wide_addresses(slot_);
    } else {
      return frame.column(slot_);
    }
  }

  std::size_t slot_;
  SetTest test_;
  Where where_;
  RangeTable<T> ranges_;
  std::uint64_t count_;
};

template <class T>
std::uint64_t shared_values(std::span<const T> a, std::span<const T> b) {
  std::uint64_t shared = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] < b[j]) {
      ++i;
    } else if (b[j] < a[i]) {
      ++j;
    } else {
      ++shared, ++i, ++j;
    }
  }
  return shared;
}

template <class T>
class TwoColumns final : public Condition {
 public:
  TwoColumns(std::size_t left, SetTest test, std::size_t right, Where where)
      : left_(left), right_(right), test_(test), where_(where) {}
  void narrow(Frame& frame, std::uint8_t* mask) override {
    constexpr bool kAddresses = std::is_same_v<T, Address>;
    const Column left = kAddresses ? frame.wide_addresses(left_) : frame.column(left_);
    const Column right = kAddresses ? frame.wide_addresses(right_) : frame.column(right_);
    narrow_to_known(left, mask);
    narrow_to_known(right, mask);
    narrow_rows(left.rows, where_, mask, [&](std::size_t row) {
      const std::span<const T> a = left.set<T>(row);
      const std::span<const T> b = right.set<T>(row);
      return is_true(test_, {a.size(), b.size(), shared_values(a, b)});
    });
  }
  [[nodiscard]] unsigned cost() const override { return 2 * kValuesPerSet * sizeof(T); }

 private:
  std::size_t left_;
  std::size_t right_;
  SetTest test_;
  Where where_;
};

template <class Lane>
class NumberInSet final : public Condition {
 public:
  NumberInSet(Number value, std::size_t set, Where where)
      : cost_(lane_cost<Lane>(value)), value_(std::move(value)), set_(set), where_(where) {}
  void narrow(Frame& frame, std::uint8_t* mask) override {
    const Column& sets = frame.column(set_);
    narrow_to_known(sets, mask);
    value_.narrow_to_known_rows(frame, mask);
    for (std::size_t begin = 0; begin < frame.rows(); begin += kChunkRows) {
      const std::size_t count = std::min(kChunkRows, frame.rows() - begin);
      const Lane* values = value_.run(frame, begin, count);
      // A NaN is as good as unknown.
      narrow_values(
          values, count, [](Lane value) { return value == value; }, mask + begin);
      visit_values(sets.element_type, sets.width, [&]<class T>(std::type_identity<T>) {
        if constexpr (std::is_arithmetic_v<T>) {
          narrow_rows(count, where_, mask + begin,
                      [&](std::size_t i) { return contains(sets.set<T>(begin + i), values[i]); });
        }
      });
    }
  }
  [[nodiscard]] unsigned cost() const override { return cost_ + 4 * kValuesPerSet; }

 private:
  template <class T>
  static bool contains(std::span<const T> set, Lane value) {
    const auto at = std::lower_bound(set.begin(), set.end(), value, [](T element, Lane wanted) {
      return static_cast<Lane>(element) < wanted;
    });
    return at != set.end() && static_cast<Lane>(*at) == value;
  }

  unsigned cost_;
  Evaluator<Lane> value_;
  std::size_t set_;
  Where where_;
};

class AddressInSet final : public Condition {
 public:
  AddressInSet(std::size_t value, std::size_t set, Where where)
      : value_(value), set_(set), where_(where) {}
  void narrow(Frame& frame, std::uint8_t* mask) override {
    const Column values = frame.wide_addresses(value_);
    const Column sets = frame.wide_addresses(set_);
    narrow_to_known(values, mask);
    narrow_to_known(sets, mask);
    narrow_rows(values.rows, where_, mask, [&](std::size_t row) {
      const std::span<const Address> set = sets.set<Address>(row);
      return std::binary_search(set.begin(), set.end(), values.values<Address>()[row]);
    });
  }
  [[nodiscard]] unsigned cost() const override { return 8 * kValuesPerSet; }

 private:
  std::size_t value_;
  std::size_t set_;
  Where where_;
};

// Calls `visit` with the type in which sets of `element` are compared: addresses always wide.
template <class Visitor>
decltype(auto) visit_element(Type element, Visitor&& visit) {
  return visit_values(element, element == Type::address ? sizeof(Address) : width_of(element),
                      visit);
}

}  // namespace

ConditionPtr test_set(std::size_t slot, Type element, SetTest test, const ConstantRanges& constants,
                      Where where) {
  return visit_element(element, [&]<class T>(std::type_identity<T>) -> ConditionPtr {
    return std::make_unique<WithConstants<T>>(slot, test, ranges_as<T>(constants), where);
  });
}

ConditionPtr test_sets(std::size_t left, SetTest test, std::size_t right, Type element,
                       Where where) {
  return visit_element(element, [&]<class T>(std::type_identity<T>) -> ConditionPtr {
    return std::make_unique<TwoColumns<T>>(left, test, right, where);
  });
}

ConditionPtr number_in_set(Number value, std::size_t set, Type element, Where where) {
  const Number of_element = Number::of_field(set, element);
  return visit_lane(value, of_element, [&]<class Lane>(std::type_identity<Lane>) -> ConditionPtr {
    return std::make_unique<NumberInSet<Lane>>(std::move(value), set, where);
  });
}

ConditionPtr address_in_set(std::size_t value, std::size_t set, Where where) {
  return std::make_unique<AddressInSet>(value, set, where);
}

}  // namespace nfql
