// The sides of a comparison, bound: what each is in the columns of the schema.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>

#include "common/expr/number.h"
#include "common/expr/scope.h"
#include "common/expr/words.h"

namespace nfql {

/// A column of addresses, by its slot, or one address.
struct AddressSide {
  std::optional<std::size_t> slot;
  Address constant;
};
/// A column of sets.
struct SetSide {
  std::size_t slot;
  Type element;
};
/// Constants that are told apart by what they are compared with: a set, range or file as written.
struct ListSide {
  const Operand* list;
};

/// One side. The expression must outlive it.
struct BoundOperand {
  Span span;
  Meaning meaning = Meaning::number;  ///< of numbers and of the values of sets
  std::variant<AddressSide, Number, Prefix, FlagTest, SetSide, ListSide> side;

  template <class Side>
  [[nodiscard]] const Side* as() const {
    return std::get_if<Side>(&side);
  }
  /// A number that no field is in.
  [[nodiscard]] bool is_constant_number() const {
    const Number* number = as<Number>();
    return number != nullptr && number->is_constant();
  }
};

/// What the operand means without looking at what it is compared with; nothing for literals.
[[nodiscard]] std::optional<Meaning> meaning_of(const Scope& scope, const Operand& operand);

/// Binds an operand; `expected` is what stands on the other side and decides what words mean.
/// Throws Error(Exit::usage) with a caret.
[[nodiscard]] BoundOperand bind_operand(Scope& scope, const Operand& operand,
                                        std::optional<Meaning> expected);

/// What messages call it: "an address", "a set" …
[[nodiscard]] std::string describe(const BoundOperand& operand);

}  // namespace nfql
