// Values of numbers, a chunk of rows at a time, as one wide type.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "common/expr/bound.h"
#include "common/expr/number.h"

namespace nfql {

/// Rows evaluated at a time: 16 KiB of the widest lane, so that a few operands stay in the L1
/// cache.
inline constexpr std::size_t kChunkRows = 1024;

/// True when all that `number` goes through fits 64 bits.
[[nodiscard]] inline bool fits_i64(const Number& number) {
  const Bounds<std::int64_t> lane = limits_of<std::int64_t>();
  return !number.is_real() && number.inner_bounds().low >= lane.low &&
         number.inner_bounds().high <= lane.high;
}

/// Calls `visit(std::type_identity<Lane>{})` with the narrowest of i64, Wide and long double that
/// both numbers can be evaluated in.
template <class Visitor>
decltype(auto) visit_lane(const Number& a, const Number& b, Visitor&& visit) {
  if (a.is_real() || b.is_real()) {
    return visit(std::type_identity<long double>{});
  }
  if (fits_i64(a) && fits_i64(b)) {
    return visit(std::type_identity<std::int64_t>{});
  }
  return visit(std::type_identity<Wide>{});
}

/// Evaluates one number.
template <class Lane>
class Evaluator {
 public:
  explicit Evaluator(Number number)
      : number_(std::move(number)), scratch_(kChunkRows * (number_.depth() + 1)) {
    number_.collect_slots(slots_);
  }

  /// The values of rows [begin, begin + count), count <= kChunkRows; valid until the next call.
  /// Where a field is unknown they are any values.
  [[nodiscard]] const Lane* run(Frame& frame, std::size_t begin, std::size_t count) {
    evaluate(number_, {frame, begin, count}, scratch_.data());
    return scratch_.data();
  }
  /// Sets mask[i] to 0 where a field in it is unknown.
  void narrow_to_known_rows(Frame& frame, std::uint8_t* mask) const {
    for (const std::size_t slot : slots_) {
      narrow_to_known(frame.column(slot), mask);
    }
  }

 private:
  struct Chunk {
    Frame& frame;
    std::size_t begin;
    std::size_t count;
  };

  // To `out`; what follows `out` by a chunk is free for use.
  void evaluate(const Number& number, const Chunk& chunk, Lane* out) {
    switch (number.kind()) {
      case Number::Kind::constant:
        std::fill_n(out, chunk.count, constant(number));
        return;
      case Number::Kind::field:
        load(number, chunk, out);
        return;
      case Number::Kind::add:
        combine(number, chunk, out, [](Lane a, Lane b) { return a + b; });
        return;
      case Number::Kind::subtract:
        combine(number, chunk, out, [](Lane a, Lane b) { return a - b; });
        return;
      case Number::Kind::bit_and:
      case Number::Kind::bit_or:
        break;
    }
    if constexpr (std::is_floating_point_v<Lane>) {
      // Reals have no bits: below here all is whole, and is evaluated as that.
      Evaluator<Wide> bits(number);
      const Wide* values = bits.run(chunk.frame, chunk.begin, chunk.count);
      std::transform(values, values + chunk.count, out,
                     [](Wide value) { return static_cast<Lane>(value); });
    } else {
      if (number.kind() == Number::Kind::bit_and) {
        combine(number, chunk, out, [](Lane a, Lane b) { return a & b; });
      } else {
        combine(number, chunk, out, [](Lane a, Lane b) { return a | b; });
      }
    }
  }

  template <class Operator>
  void combine(const Number& number, const Chunk& chunk, Lane* out, Operator op) {
    Lane* other = out + kChunkRows;
    if (number.right().depth() > number.left().depth()) {
      // The deeper side first: it needs the room.
      evaluate(number.right(), chunk, out);
      evaluate(number.left(), chunk, other);
      std::transform(out, out + chunk.count, other, out, [op](Lane b, Lane a) { return op(a, b); });
      return;
    }
    evaluate(number.left(), chunk, out);
    evaluate(number.right(), chunk, other);
    std::transform(out, out + chunk.count, other, out, op);
  }

  static Lane constant(const Number& number) {
    if constexpr (std::is_floating_point_v<Lane>) {
      return number.real();
    } else {
      return static_cast<Lane>(number.integer());
    }
  }

  static void load(const Number& number, const Chunk& chunk, Lane* out) {
    const Column& column = chunk.frame.column(number.slot());
    visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
      if constexpr (std::is_arithmetic_v<T>) {
        const T* from = column.values<T>().data() + chunk.begin;
        std::transform(from, from + chunk.count, out,
                       [](T value) { return static_cast<Lane>(value); });
      }
    });
  }

  Number number_;
  std::vector<std::size_t> slots_;
  std::vector<Lane> scratch_;
};

/// What a value of a lane costs; see Condition::cost().
template <class Lane>
[[nodiscard]] constexpr unsigned lane_cost(const Number& number) {
  return (sizeof(Lane) == 8 ? 16U : 48U) * (1U + static_cast<unsigned>(number.depth()));
}

}  // namespace nfql
