#include "common/expr/kernels_wide.h"

#include <algorithm>
#include <utility>

#include "common/expr/lanes.h"

namespace nfql {
namespace {

struct Equal {
  template <class T>
  bool operator()(T a, T b) const {
    return a == b;
  }
};
// Not `a != b`, which is true of a NaN.
struct Differ {
  template <class T>
  bool operator()(T a, T b) const {
    return (a < b) | (a > b);
  }
};
struct Less {
  template <class T>
  bool operator()(T a, T b) const {
    return a < b;
  }
};
struct AtMost {
  template <class T>
  bool operator()(T a, T b) const {
    return a <= b;
  }
};

template <class Lane, class Compare>
class NumberPair final : public Condition {
 public:
  NumberPair(Number left, Number right)
      : cost_(lane_cost<Lane>(left) + lane_cost<Lane>(right)),
        left_(std::move(left)),
        right_(std::move(right)) {}
  void narrow(Frame& frame, std::uint8_t* mask) override {
    for (std::size_t begin = 0; begin < frame.rows(); begin += kChunkRows) {
      const std::size_t count = std::min(kChunkRows, frame.rows() - begin);
      narrow_chunk(left_.run(frame, begin, count), right_.run(frame, begin, count), count,
                   mask + begin);
    }
    left_.narrow_to_known_rows(frame, mask);
    right_.narrow_to_known_rows(frame, mask);
  }
  [[nodiscard]] unsigned cost() const override { return cost_; }

 private:
  static void narrow_chunk(const Lane* __restrict left, const Lane* __restrict right,
                           std::size_t rows, std::uint8_t* __restrict mask) {
    for (std::size_t i = 0; i < rows; ++i) {
      const bool is_true = Compare{}(left[i], right[i]);
      mask[i] = static_cast<std::uint8_t>(mask[i] & static_cast<std::uint8_t>(is_true));
    }
  }

  unsigned cost_;
  Evaluator<Lane> left_;
  Evaluator<Lane> right_;
};

template <class Lane>
class NumberIn final : public Condition {
 public:
  NumberIn(Number number, const std::vector<Bounds<Lane>>& ranges, Where where)
      : cost_(lane_cost<Lane>(number)),
        number_(std::move(number)),
        ranges_(ranges),
        inside_(where == Where::inside) {}
  void narrow(Frame& frame, std::uint8_t* mask) override {
    for (std::size_t begin = 0; begin < frame.rows(); begin += kChunkRows) {
      const std::size_t count = std::min(kChunkRows, frame.rows() - begin);
      narrow_values(
          number_.run(frame, begin, count), count,
          [this, inside = inside_](Lane value) {
            // A NaN is as good as unknown.
            return ranges_.contains(value) == inside && value == value;
          },
          mask + begin);
    }
    number_.narrow_to_known_rows(frame, mask);
  }
  [[nodiscard]] unsigned cost() const override { return cost_; }

 private:
  unsigned cost_;
  Evaluator<Lane> number_;
  RangeTable<Lane> ranges_;
  bool inside_;
};

template <class Lane>
ConditionPtr compare_lanes(Number left, Op op, Number right) {
  switch (op) {
    case Op::eq:
      return std::make_unique<NumberPair<Lane, Equal>>(std::move(left), std::move(right));
    case Op::ne:
      return std::make_unique<NumberPair<Lane, Differ>>(std::move(left), std::move(right));
    case Op::lt:
      return std::make_unique<NumberPair<Lane, Less>>(std::move(left), std::move(right));
    case Op::le:
      return std::make_unique<NumberPair<Lane, AtMost>>(std::move(left), std::move(right));
    case Op::gt:
      return std::make_unique<NumberPair<Lane, Less>>(std::move(right), std::move(left));
    case Op::ge:
      return std::make_unique<NumberPair<Lane, AtMost>>(std::move(right), std::move(left));
  }
  return constant_condition(false);
}

}  // namespace

ConditionPtr compare_numbers(Number left, Op op, Number right) {
  return visit_lane(left, right, [&]<class Lane>(std::type_identity<Lane>) {
    return compare_lanes<Lane>(std::move(left), op, std::move(right));
  });
}

ConditionPtr number_in(Number number, const std::vector<Bounds<Wide>>& ranges, Where where) {
  if (!fits_i64(number)) {
    return std::make_unique<NumberIn<Wide>>(std::move(number), ranges, where);
  }
  const auto held = clipped<std::int64_t>(ranges);
  return std::make_unique<NumberIn<std::int64_t>>(std::move(number), held, where);
}

ConditionPtr number_in(Number number, const std::vector<Bounds<long double>>& ranges, Where where) {
  return std::make_unique<NumberIn<long double>>(std::move(number), ranges, where);
}

}  // namespace nfql
