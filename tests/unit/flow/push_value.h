// Values as tests write them, into a column.
#pragma once

#include <optional>
#include <type_traits>
#include <vector>

#include "common/flow/column_builder.h"

namespace nfql::test {

/// Appends a value; nothing stands for an unknown one.
template <class T>
void push_value(ColumnBuilder& builder, const std::optional<T>& value) {
  if (!value) {
    builder.push_unknown();
  } else if constexpr (std::is_same_v<T, Address>) {
    builder.push_address(*value);
  } else {
    builder.push(*value);
  }
}

/// A builder with these values.
template <class T>
ColumnBuilder builder_of(const Field& field, const std::vector<std::optional<T>>& values) {
  ColumnBuilder builder(field);
  for (const std::optional<T>& value : values) {
    push_value(builder, value);
  }
  return builder;
}

}  // namespace nfql::test
