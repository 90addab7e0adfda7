// Arithmetic on fields and constants, evaluated wide: no value wraps around.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/expr/ast.h"
#include "common/expr/ranges.h"
#include "common/flow/type.h"

namespace nfql {

/// A number that each row has, as a tree of fields, constants and operators, with static bounds.
class Number {
 public:
  enum class Kind : std::uint8_t { constant, field, add, subtract, bit_and, bit_or };

  [[nodiscard]] static Number of_integer(Wide value);
  [[nodiscard]] static Number of_real(double value);
  /// The field of a slot; `type` is a numeric one.
  [[nodiscard]] static Number of_field(std::size_t slot, Type type);
  /// Constants are folded. Nothing when a bound would leave Wide, or a bit operator meets a real.
  [[nodiscard]] static std::optional<Number> combine(Arithmetic op, Number left, Number right);

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] bool is_constant() const { return kind_ == Kind::constant; }
  /// True when it is, or is computed from, an f64.
  [[nodiscard]] bool is_real() const { return is_real_; }
  /// Least and greatest value that it can have; of reals unspecified.
  [[nodiscard]] const Bounds<Wide>& bounds() const { return bounds_; }
  /// Bounds of it and of everything that it is computed from.
  [[nodiscard]] const Bounds<Wide>& inner_bounds() const { return inner_; }
  /// Of a constant that is no real.
  [[nodiscard]] Wide integer() const { return bounds_.low; }
  /// Of a constant.
  [[nodiscard]] long double real() const {
    return is_real_ ? real_ : static_cast<long double>(bounds_.low);
  }
  [[nodiscard]] std::size_t slot() const { return slot_; }
  [[nodiscard]] Type type() const { return type_; }
  [[nodiscard]] const Number& left() const { return parts_[0]; }
  [[nodiscard]] const Number& right() const { return parts_[1]; }
  /// Operators above the deepest field or constant.
  [[nodiscard]] std::size_t depth() const { return depth_; }
  /// Adds the slots of all fields in it.
  void collect_slots(std::vector<std::size_t>& slots) const;

 private:
  Number() = default;

  Kind kind_ = Kind::constant;
  Type type_ = Type::i64;
  bool is_real_ = false;
  long double real_ = 0;
  Bounds<Wide> bounds_{0, 0};
  Bounds<Wide> inner_{0, 0};
  std::size_t slot_ = 0;
  std::size_t depth_ = 0;
  std::vector<Number> parts_;
};

}  // namespace nfql
