// Terms that need a group's flows, as conditions on a group and a flow that may join it.
#pragma once

#include <cstdint>
#include <type_traits>
#include <variant>
#include <vector>

#include "common/expr/ast.h"
#include "common/expr/number.h"
#include "common/expr/ranges.h"
#include "nfql-group/flow_value.h"

namespace nfql::relate {

/// Where a condition finds a value: among those of the flow, or those that the group keeps.
struct Ref {
  bool held = false;
  std::uint32_t index = 0;
};

/// The values that a group keeps, and those of a flow.
struct Pair {
  const Value* held = nullptr;
  const Value* flow = nullptr;

  [[nodiscard]] const Value& operator[](Ref ref) const {
    return (ref.held ? held : flow)[ref.index];
  }
};

struct Addend {
  Ref ref;
  bool negative = false;
};

/// Whether a sum is in one of `ranges`, or, if `outside`, in none. No sum of these leaves Wide.
struct SumTest {
  std::vector<Addend> addends;
  std::vector<Bounds<Wide>> ranges;
  bool outside = false;
};

/// The same of a number that is no sum, or a real one.
template <class Lane>
struct NumberTest {
  Number number;
  std::vector<Ref> refs;  ///< by slot of the number
  std::vector<Bounds<Lane>> ranges;
  bool outside = false;
};

/// `left op right`, of two addresses.
struct OrderTest {
  Ref left;
  Op op = Op::eq;
  Ref right;
};

/// One term, or several combined; negation stands within the tests. A test is false when one of
/// its values is unknown.
struct Condition {
  enum class Kind : std::uint8_t { test, all, any };
  /// When the condition is false: could it be true for a later flow, if none joins until then?
  enum class Later : std::uint8_t {
    perhaps,
    never,           ///< reads only what the group keeps
    not_when_above,  ///< a SumTest that grows with the starts of flows
    not_when_below,  ///< a SumTest that falls with them
  };

  Kind kind = Kind::all;
  std::variant<SumTest, NumberTest<Wide>, NumberTest<long double>, OrderTest> test;
  std::vector<Condition> parts;
  Later later = Later::perhaps;
};

[[nodiscard]] bool holds(const Condition& condition, Pair pair);

/// Whether it cannot hold for any flow that does not start before this one, as long as no flow
/// joins the group. Of the flow, only the start is looked at.
[[nodiscard]] bool is_past(const Condition& condition, Pair pair);

}  // namespace nfql::relate
