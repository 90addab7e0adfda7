#include "common/expr/kernels_set.h"

#include <array>
#include <bit>
#include <cstdint>
#include <type_traits>

#include "common/base/hash.h"

namespace nfql {
namespace {

// From so many ranges on, a hash table of their values beats a binary search, unless the values are
// many more than the ranges.
constexpr std::size_t kHashFrom = 16;
constexpr std::size_t kValuesPerRange = 4;

// One bit for each value of a small type.
template <class T>
class Bitmap {
 public:
  explicit Bitmap(const std::vector<Bounds<T>>& ranges) : words_(kWords) {
    for (const Bounds<T>& range : ranges) {
      for (std::size_t value = range.low; value <= range.high; ++value) {
        words_[value / 64] |= std::uint64_t{1} << (value % 64);
      }
    }
  }
  [[nodiscard]] bool contains(T value) const {
    return ((words_[value / 64U] >> (value % 64U)) & 1U) != 0;
  }

 private:
  static constexpr std::size_t kWords = (std::size_t{1} << (8 * sizeof(T))) / 64;
  std::vector<std::uint64_t> words_;
};

template <class T>
std::uint64_t hash_of(const T& value) {
  if constexpr (std::is_same_v<T, Address>) {
    return mix(mix(value.high), value.low);
  } else {
    return mix(static_cast<std::uint64_t>(value));
  }
}

// Open addressing, at most half full. The free places hold a value of the set, so that a look-up
// compares nothing but values: it ends at the value or at that filler.
template <class T>
class HashTable {
 public:
  explicit HashTable(const std::vector<T>& values)
      : filler_(values.front()),
        mask_(std::bit_ceil(2 * values.size()) - 1),
        places_(mask_ + 1, filler_) {
    for (const T& value : values) {
      places_[find(value)] = value;
    }
  }
  [[nodiscard]] bool contains(const T& value) const { return places_[find(value)] == value; }

 private:
  [[nodiscard]] std::size_t find(const T& value) const {
    std::size_t place = hash_of(value) & mask_;
    while (places_[place] != value && places_[place] != filler_) {
      place = (place + 1) & mask_;
    }
    return place;
  }

  T filler_;
  std::size_t mask_;
  std::vector<T> places_;
};

template <class T, class Table>
class ColumnIn final : public Condition {
 public:
  ColumnIn(std::size_t slot, Table table, const std::vector<Bounds<T>>& ranges, Where where)
      : slot_(slot), table_(std::move(table)), inside_(where == Where::inside) {
    if constexpr (!std::is_same_v<T, Address>) {  // there are no extremes of wide addresses
      ranges_ = RangeTable<T>(ranges);
    }
  }
  void narrow(Frame& frame, std::uint8_t* mask) override {
    const Column& column = frame.column(slot_);
    narrow_values(
        column.values<T>().data(), column.rows,
        [this, inside = inside_](const T& value) {
          // A NaN is as good as unknown.
          return table_.contains(value) == inside && value == value;
        },
        mask);
    narrow_to_known(column, mask);
  }
  [[nodiscard]] unsigned cost() const override { return 16 + sizeof(T); }
  [[nodiscard]] bool may_hold(std::span<const ColumnExtremes> slots) const override {
    return may_hold_in<T>(slots[slot_], *this);
  }
  [[nodiscard]] bool may_hold(const Bounds<T>& in) const {
    return inside_ ? ranges_.meets(in) : !ranges_.contains(in);
  }

 private:
  std::size_t slot_;
  Table table_;
  RangeTable<T> ranges_{{}};
  bool inside_;
};

// The values of the ranges, or nothing when there are more than `limit`.
template <class T>
std::vector<T> values_of(const std::vector<Bounds<T>>& ranges, std::size_t limit) {
  std::vector<T> values;
  for (const Bounds<T>& range : ranges) {
    for (T value = range.low;; value = after(value)) {
      if (values.size() == limit) {
        return {};
      }
      values.push_back(value);
      if (value == range.high) {
        break;
      }
    }
  }
  return values;
}

template <class T>
ConditionPtr table_test(std::size_t slot, const std::vector<Bounds<T>>& ranges, Where where) {
  if constexpr (sizeof(T) <= 2) {
    return std::make_unique<ColumnIn<T, Bitmap<T>>>(slot, Bitmap<T>(ranges), ranges, where);
  } else {
    if constexpr (!std::is_floating_point_v<T>) {
      const std::vector<T> values = values_of(ranges, ranges.size() * kValuesPerRange);
      if (ranges.size() >= kHashFrom && !values.empty()) {
        return std::make_unique<ColumnIn<T, HashTable<T>>>(slot, HashTable<T>(values), ranges,
                                                           where);
      }
    }
    return std::make_unique<ColumnIn<T, RangeTable<T>>>(slot, RangeTable<T>(ranges), ranges, where);
  }
}

ConditionPtr in_numbers(std::size_t slot, Type type, const std::vector<Bounds<Wide>>& ranges,
                        Where where) {
  return visit_values(type, width_of(type), [&]<class T>(std::type_identity<T>) -> ConditionPtr {
    if constexpr (std::is_integral_v<T>) {
      return table_test<T>(slot, clipped<T>(ranges), where);
    } else {
      return nullptr;  // no whole numbers
    }
  });
}

}  // namespace

ConditionPtr in_ranges(std::size_t slot, Type type, const ConstantRanges& ranges, Where where) {
  if (const auto* numbers = std::get_if<std::vector<Bounds<Wide>>>(&ranges)) {
    return numbers->size() == 1 ? within(slot, type, numbers->front(), where)
                                : in_numbers(slot, type, *numbers, where);
  }
  if (const auto* reals = std::get_if<std::vector<Bounds<double>>>(&ranges)) {
    return reals->size() == 1 ? within(slot, reals->front(), where)
                              : table_test<double>(slot, *reals, where);
  }
  const auto& addresses = std::get<std::vector<Bounds<Address>>>(ranges);
  return addresses.size() == 1
             ? within(slot, addresses.front(), where)
             : either_width(slot,
                            table_test<std::uint32_t>(slot, clipped_to_ipv4(addresses), where),
                            table_test<Address>(slot, addresses, where));
}

}  // namespace nfql
