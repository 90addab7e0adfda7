// Rows as tests write them, and what a predicate makes of them.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/expr/predicate.h"
#include "common/flow/column_builder.h"
#include "tests/unit/flow/push_value.h"

namespace nfql::test {

inline Field number_field(std::string name, Type type, Meaning meaning = Meaning::number) {
  return {std::move(name), {}, type, meaning, type};
}

inline Field set_field(std::string name, Type element, Meaning meaning = Meaning::number) {
  return {std::move(name), {}, Type::set, meaning, element};
}

/// A field of the registry by any of its names.
inline Field known_field(std::string_view name) {
  return field_of(*find_field(name));
}

/// A schema and one batch of it, built column by column.
struct Rows {
  Schema schema;
  Batch batch;

  /// Adds a column; nothing stands for an unknown value.
  template <class T>
  Rows& add(const Field& field, const std::vector<std::optional<T>>& values) {
    ColumnBuilder builder(field);
    for (const std::optional<T>& value : values) {
      test::push_value(builder, value);
    }
    return add(field, builder);
  }
  template <class T>
  Rows& add_sets(const Field& field, const std::vector<std::optional<std::vector<T>>>& sets) {
    ColumnBuilder builder(field);
    for (const auto& set : sets) {
      if (set) {
        builder.push_set<T>(*set);
      } else {
        builder.push_unknown();
      }
    }
    return add(field, builder);
  }
  Rows& add(const Field& field, ColumnBuilder& builder) {
    schema.add(field);
    builder.move_to(batch);
    return *this;
  }

  /// The rows for which the text is true.
  [[nodiscard]] std::vector<RowId> select(const std::string& text, ZoneMinutes zone = 0) const {
    Predicate predicate(parse(text, Grammar::filter, "filter"), schema, zone);
    std::vector<RowId> rows;
    predicate.select(batch, rows);
    return rows;
  }

  /// What binding the text throws: "what\nhint", without the text and caret in between; "" if it
  /// throws nothing.
  [[nodiscard]] std::string error(const std::string& text, Exit code = Exit::usage) const {
    try {
      const Predicate predicate(parse(text, Grammar::filter, "filter"), schema);
      return {};
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << text;
      const std::string what = error.what();
      const std::string first = what.substr(0, what.find('\n'));
      return error.hint().empty() ? first : first + "\n" + error.hint();
    }
  }
};

using Selected = std::vector<RowId>;

}  // namespace nfql::test
