#include "nfql-group/flow_value.h"

#include <bit>
#include <cmath>
#include <type_traits>
#include <vector>

namespace nfql::relate {
namespace {

template <class T>
Wide number_from(const T& value) {
  if constexpr (std::is_same_v<T, Address>) {
    return number_of(value);
  } else if constexpr (std::is_same_v<T, double>) {
    return std::bit_cast<std::int64_t>(value);
  } else {
    return value;
  }
}

template <class T>
bool is_no_number(const T& value) {
  if constexpr (std::is_same_v<T, double>) {
    return std::isnan(value);
  }
  return false;
}

void read_column(const Column& column, Value* to, std::size_t stride) {
  visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
    const bool narrow_address = column.type == Type::address && sizeof(T) != sizeof(Address);
    Value* out = to;
    for (const T& value : column.values<T>()) {
      if constexpr (std::is_same_v<T, std::uint32_t>) {
        out->number = narrow_address ? number_of(mapped(value)) : Wide{value};
      } else {
        out->number = number_from(value);
      }
      out->known = !is_no_number(value);
      out += stride;
    }
  });
  for (std::size_t i = 0; column.known != nullptr && i < column.rows; ++i) {
    to[i * stride].known = to[i * stride].known && column.known[i] != 0;
  }
}

}  // namespace

void FlowValue::read(const Batch& batch, Value* to, std::size_t stride) {
  if (auto* predicate = std::get_if<Predicate>(&source_)) {
    std::vector<std::uint8_t> mask(batch.rows);
    predicate->evaluate(batch, mask);
    for (std::size_t i = 0; i < batch.rows; ++i) {
      to[i * stride] = {mask[i], true};
    }
    return;
  }
  const Field& field = std::get<Field>(source_);
  Batch scratch;
  const Column column = field.reader.read(batch, scratch);
  read_column(field.network ? networks_of(column, *field.network, scratch) : column, to, stride);
}

bool FlowValue::is(ElementId id) const {
  const auto* field = std::get_if<Field>(&source_);
  return field != nullptr && field->reader.column() && field->reader.field().id == id;
}

bool FlowValue::is_real() const {
  const auto* field = std::get_if<Field>(&source_);
  return field != nullptr && field->reader.field().type == Type::f64;
}

bool same_value(const FlowValue& a, const FlowValue& b) {
  const auto* left = std::get_if<FlowValue::Field>(&a.source_);
  const auto* right = std::get_if<FlowValue::Field>(&b.source_);
  return left != nullptr && right != nullptr && left->network == right->network &&
         left->reader.field().name == right->reader.field().name;
}

}  // namespace nfql::relate
