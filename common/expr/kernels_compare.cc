#include "common/expr/kernels_compare.h"

#include <optional>
#include <type_traits>

namespace nfql {
namespace {

// The tests. None branches on the value, and none is true of a NaN: a value that is no number is
// as good as unknown. may_hold() is false when the test is true of no value within bounds.
template <class T>
struct Equal {
  T value;
  bool operator()(T x) const { return x == value; }
  bool may_hold(const Bounds<T>& in) const { return in.low <= value && in.high >= value; }
};
template <class T>
struct Differ {
  T value;
  bool operator()(T x) const { return (x < value) | (x > value); }
  bool may_hold(const Bounds<T>& in) const { return in.low < value || in.high > value; }
};
template <class T>
struct AtMost {
  T high;
  bool operator()(T x) const { return x <= high; }
  bool may_hold(const Bounds<T>& in) const { return in.low <= high; }
};
template <class T>
struct AtLeast {
  T low;
  bool operator()(T x) const { return x >= low; }
  bool may_hold(const Bounds<T>& in) const { return in.high >= low; }
};
template <class T>
struct Inside {
  T low, high;
  bool operator()(T x) const {
    if constexpr (std::is_integral_v<T>) {
      // One comparison: what is below `low` wraps around to far above.
      using U = std::make_unsigned_t<T>;
      const auto from_low = static_cast<U>(static_cast<U>(x) - static_cast<U>(low));
      return from_low <= static_cast<U>(static_cast<U>(high) - static_cast<U>(low));
    } else {
      return (x >= low) & (x <= high);
    }
  }
  bool may_hold(const Bounds<T>& in) const { return in.low <= high && in.high >= low; }
};
template <class T>
struct Outside {
  T low, high;
  bool operator()(T x) const { return (x < low) | (x > high); }
  bool may_hold(const Bounds<T>& in) const { return in.low < low || in.high > high; }
};
template <class T>
struct Masked {
  T mask, value;
  bool operator()(T x) const { return static_cast<T>(x & mask) == value; }
  bool may_hold(const Bounds<T>& in) const { return in.low != in.high || (*this)(in.low); }
};
template <class T>
struct MaskedDiffer {
  T mask, value;
  bool operator()(T x) const { return static_cast<T>(x & mask) != value; }
  bool may_hold(const Bounds<T>& in) const { return in.low != in.high || (*this)(in.low); }
};

// The same for addresses of 16 bytes.
bool less(const Address& a, const Address& b) {
  return (a.high < b.high) | ((a.high == b.high) & (a.low < b.low));
}
template <>
struct Inside<Address> {
  Address low, high;
  bool operator()(const Address& x) const {
    const bool below = less(x, low);
    const bool above = less(high, x);
    return !(below | above);
  }
};
template <>
struct Masked<Address> {
  Address mask, value;
  bool operator()(const Address& x) const {
    return (((x.high & mask.high) ^ value.high) | ((x.low & mask.low) ^ value.low)) == 0;
  }
};
template <class Test>
struct Opposite {
  Test test;
  bool operator()(const Address& x) const { return !test(x); }
};

template <class T, class Test>
class ColumnTest final : public Condition {
 public:
  ColumnTest(std::size_t slot, Test test) : slot_(slot), test_(test) {}
  void narrow(Frame& frame, std::uint8_t* mask) override {
    const Column& column = frame.column(slot_);
    narrow_values(column.values<T>().data(), column.rows, test_, mask);
    narrow_to_known(column, mask);
  }
  [[nodiscard]] unsigned cost() const override { return sizeof(T); }
  [[nodiscard]] bool may_hold(std::span<const ColumnExtremes> slots) const override {
    return may_hold_in<T>(slots[slot_], test_);
  }

 private:
  std::size_t slot_;
  Test test_;
};

template <class T, class Test>
ConditionPtr column_test(std::size_t slot, Test test) {
  return std::make_unique<ColumnTest<T, Test>>(slot, test);
}

// Turns a range of a T into the cheapest test that says the same.
template <class T>
ConditionPtr range_test(std::size_t slot, const Bounds<T>& range, Where where) {
  const Bounds<T> all = limits_of<T>();
  const bool inside = where == Where::inside;
  if (range.low == range.high) {
    return inside ? column_test<T>(slot, Equal<T>{range.low})
                  : column_test<T>(slot, Differ<T>{range.low});
  }
  const bool from_least = range.low == all.low;
  const bool to_greatest = range.high == all.high;
  if (from_least && to_greatest && std::is_integral_v<T>) {
    return inside ? known_condition(slot) : constant_condition(false);
  }
  if (from_least && !to_greatest) {
    return inside ? column_test<T>(slot, AtMost<T>{range.high})
                  : column_test<T>(slot, AtLeast<T>{after(range.high)});
  }
  if (to_greatest && !from_least) {
    return inside ? column_test<T>(slot, AtLeast<T>{range.low})
                  : column_test<T>(slot, AtMost<T>{before(range.low)});
  }
  return inside ? column_test<T>(slot, Inside<T>{range.low, range.high})
                : column_test<T>(slot, Outside<T>{range.low, range.high});
}

// What stands for a range of which no value fits the column.
ConditionPtr no_value(std::size_t slot, Where where) {
  return where == Where::inside ? constant_condition(false) : known_condition(slot);
}

// The common bits of all addresses of the range, when it is a prefix.
std::optional<Address> prefix_mask(const Bounds<Address>& range) {
  const Address free = {range.low.high ^ range.high.high, range.low.low ^ range.high.low};
  const bool ones_from_below = free.high == 0
                                   ? (free.low & (free.low + 1)) == 0
                                   : ~free.low == 0 && (free.high & (free.high + 1)) == 0;
  const bool begins_at_network = ((range.low.high & free.high) | (range.low.low & free.low)) == 0;
  if (!ones_from_below || !begins_at_network) {
    return std::nullopt;
  }
  return Address{~free.high, ~free.low};
}

template <class Test>
ConditionPtr address_test(std::size_t slot, Test test, Where where) {
  return where == Where::inside ? column_test<Address>(slot, test)
                                : column_test<Address>(slot, Opposite<Test>{test});
}

class EitherWidth final : public Condition {
 public:
  EitherWidth(std::size_t slot, ConditionPtr narrow_one, ConditionPtr wide_one)
      : slot_(slot), narrow_(std::move(narrow_one)), wide_(std::move(wide_one)) {}
  void narrow(Frame& frame, std::uint8_t* mask) override {
    Condition& condition = frame.column(slot_).width == sizeof(Address) ? *wide_ : *narrow_;
    condition.narrow(frame, mask);
  }
  [[nodiscard]] unsigned cost() const override { return wide_->cost(); }
  // Only narrow columns have extremes.
  [[nodiscard]] bool may_hold(std::span<const ColumnExtremes> slots) const override {
    return slots[slot_].bounded ? narrow_->may_hold(slots) : slots[slot_].any_known;
  }

 private:
  std::size_t slot_;
  ConditionPtr narrow_;
  ConditionPtr wide_;
};

template <class T, class Compare>
class ColumnPair final : public Condition {
 public:
  ColumnPair(std::size_t left, std::size_t right) : left_(left), right_(right) {}
  void narrow(Frame& frame, std::uint8_t* mask) override {
    const Column left = side(frame, left_);
    const Column right = side(frame, right_);
    narrow_pairs(left.values<T>().data(), right.values<T>().data(), left.rows, mask);
    narrow_to_known(left, mask);
    narrow_to_known(right, mask);
  }
  [[nodiscard]] unsigned cost() const override { return 2 * sizeof(T); }

 private:
  static Column side(Frame& frame, std::size_t slot) {
    if constexpr (std::is_same_v<T, Address>) {
      return frame.wide_addresses(slot);
    } else {
      return frame.column(slot);
    }
  }
  static void narrow_pairs(const T* __restrict left, const T* __restrict right, std::size_t rows,
                           std::uint8_t* __restrict mask) {
    for (std::size_t i = 0; i < rows; ++i) {
      const bool is_true = Compare{}(left[i], right[i]);
      mask[i] = static_cast<std::uint8_t>(mask[i] & static_cast<std::uint8_t>(is_true));
    }
  }

  std::size_t left_;
  std::size_t right_;
};

struct PairEqual {
  template <class T>
  bool operator()(const T& a, const T& b) const {
    return a == b;
  }
};
struct PairDiffer {
  template <class T>
  bool operator()(const T& a, const T& b) const {
    const bool below = a < b;
    const bool above = b < a;
    return below | above;
  }
};
struct PairLess {
  template <class T>
  bool operator()(const T& a, const T& b) const {
    return a < b;
  }
};
struct PairAtMost {
  template <class T>
  bool operator()(const T& a, const T& b) const {
    return a <= b;
  }
};

template <class T>
ConditionPtr compare_as(std::size_t left, Op op, std::size_t right) {
  switch (op) {
    case Op::eq:
      return std::make_unique<ColumnPair<T, PairEqual>>(left, right);
    case Op::ne:
      return std::make_unique<ColumnPair<T, PairDiffer>>(left, right);
    case Op::lt:
      return std::make_unique<ColumnPair<T, PairLess>>(left, right);
    case Op::le:
      return std::make_unique<ColumnPair<T, PairAtMost>>(left, right);
    case Op::gt:
      return std::make_unique<ColumnPair<T, PairLess>>(right, left);
    case Op::ge:
      return std::make_unique<ColumnPair<T, PairAtMost>>(right, left);
  }
  return constant_condition(false);
}

}  // namespace

ConditionPtr either_width(std::size_t slot, ConditionPtr narrow, ConditionPtr wide) {
  return std::make_unique<EitherWidth>(slot, std::move(narrow), std::move(wide));
}

ConditionPtr within(std::size_t slot, Type type, const Bounds<Wide>& range, Where where) {
  return visit_values(type, width_of(type), [&]<class T>(std::type_identity<T>) -> ConditionPtr {
    if constexpr (std::is_integral_v<T>) {
      const auto held = clipped<T>(std::vector<Bounds<Wide>>{range});
      return held.empty() ? no_value(slot, where) : range_test<T>(slot, held.front(), where);
    } else {
      return nullptr;  // no whole numbers
    }
  });
}

ConditionPtr within(std::size_t slot, const Bounds<double>& range, Where where) {
  return range_test<double>(slot, range, where);
}

ConditionPtr within(std::size_t slot, const Bounds<Address>& range, Where where) {
  const auto ipv4 = clipped_to_ipv4({range});
  ConditionPtr narrow_one =
      ipv4.empty() ? no_value(slot, where) : range_test<std::uint32_t>(slot, ipv4.front(), where);
  const std::optional<Address> mask = prefix_mask(range);
  ConditionPtr wide_one = mask ? address_test(slot, Masked<Address>{*mask, range.low}, where)
                               : address_test(slot, Inside<Address>{range.low, range.high}, where);
  return either_width(slot, std::move(narrow_one), std::move(wide_one));
}

ConditionPtr masked(std::size_t slot, Type type, Wide mask, Wide value, Where where) {
  return visit_values(type, width_of(type), [&]<class T>(std::type_identity<T>) -> ConditionPtr {
    if constexpr (std::is_integral_v<T>) {
      const auto bits = static_cast<T>(mask);
      const auto wanted = static_cast<T>(value);
      return where == Where::inside ? column_test<T>(slot, Masked<T>{bits, wanted})
                                    : column_test<T>(slot, MaskedDiffer<T>{bits, wanted});
    } else {
      return nullptr;  // no bits
    }
  });
}

ConditionPtr compare_columns(std::size_t left, Op op, std::size_t right, Type type) {
  return visit_values(
      type, type == Type::address ? sizeof(Address) : width_of(type),
      [&]<class T>(std::type_identity<T>) { return compare_as<T>(left, op, right); });
}

}  // namespace nfql
