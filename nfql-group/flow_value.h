// What relative terms read of a single flow, in one form whatever the field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>

#include "common/expr/computed.h"
#include "common/expr/predicate.h"
#include "common/flow/batch.h"

namespace nfql::relate {

/// A value of a flow, or what a group keeps of its flows.
struct Value {
  Wide number = 0;     ///< of addresses number_of(), of reals their bits
  bool known = false;  ///< reals that are no number are not
};

/// Addresses as numbers, in the same order.
[[nodiscard]] constexpr Wide number_of(const Address& address) {
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
  const Wide high = static_cast<std::int64_t>(address.high ^ kSign);
  return high * (Wide{1} << 64) + static_cast<Wide>(address.low);
}

/// A field, the network of an address, or whether a predicate is true (1, else 0).
class FlowValue {
 public:
  /// The field is no set.
  FlowValue(FieldReader reader, std::optional<unsigned> network)
      : source_(Field{std::move(reader), network}) {}
  explicit FlowValue(Predicate predicate) : source_(std::move(predicate)) {}

  /// Sets to[0], to[stride], to[2 * stride] … to the values of the rows.
  void read(const Batch& batch, Value* to, std::size_t stride);

  /// Whether it is the column of the element itself.
  [[nodiscard]] bool is(ElementId id) const;
  [[nodiscard]] bool is_real() const;
  /// Whether both are of one field. Predicates are never the same.
  friend bool same_value(const FlowValue& a, const FlowValue& b);

 private:
  struct Field {
    FieldReader reader;
    std::optional<unsigned> network;
  };

  std::variant<Field, Predicate> source_;
};

}  // namespace nfql::relate
