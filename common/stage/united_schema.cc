#include "common/stage/united_schema.h"

#include <cstring>
#include <type_traits>
#include <utility>

#include "common/base/error.h"
#include "common/base/names.h"

namespace nfql {
namespace {

std::optional<std::size_t> find_same(const std::vector<Field>& fields, const Field& field) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (field.id.any() ? fields[i].id == field.id
                       : !fields[i].id.any() && same_name(fields[i].name, field.name)) {
      return i;
    }
  }
  return std::nullopt;
}

bool is_unsigned(Type type) {
  return type == Type::u8 || type == Type::u16 || type == Type::u32 || type == Type::u64;
}

// Makes `into` fit the values of `field` too.
void widen(Field& into, const Field& field) {
  if (is_unsigned(into.type) && is_unsigned(field.type)) {
    if (width_of(field.type) > width_of(into.type)) {
      into.type = field.type;
      into.element_type = field.element_type;
    }
  } else if (into.type != field.type ||
             (field.type == Type::set && into.element_type != field.element_type)) {
    throw Error(Exit::usage,
                fmt::format("column '{}' is of different types in the branches", into.name),
                "give one of them another name");
  }
}

Column converted(const Column& column, const Field& field, Batch& owner) {
  if (column.type == field.type) {
    return column;
  }
  Column result = column;
  result.type = field.type;
  result.element_type = field.type;
  result.width = static_cast<std::uint8_t>(width_of(field.type));
  Buffer values(column.rows * result.width);
  visit_values(field.type, result.width, [&]<class To>(std::type_identity<To>) {
    visit_values(column.type, column.width, [&]<class From>(std::type_identity<From>) {
      if constexpr (std::is_unsigned_v<To> && std::is_unsigned_v<From>) {
        for (std::size_t i = 0; i < column.rows; ++i) {
          values.as<To>()[i] = static_cast<To>(column.values<From>()[i]);
        }
      }
    });
  });
  result.data = owner.keep(std::move(values));
  return result;
}

}  // namespace

UnitedSchema::UnitedSchema(std::span<const Schema> inputs) {
  std::vector<Field> fields;
  for (const Schema& input : inputs) {
    for (const Field& field : input.fields()) {
      if (const auto same = find_same(fields, field)) {
        widen(fields[*same], field);
      } else {
        fields.push_back(field);
      }
    }
  }
  schema_ = Schema(std::move(fields));
  for (const Schema& input : inputs) {
    Origins& origins = origins_.emplace_back();
    if (input == schema_) {
      continue;
    }
    for (const Field& field : schema_.fields()) {
      origins.push_back(find_same(input.fields(), field));
    }
  }
}

Batch UnitedSchema::adapt(std::size_t input, Batch&& batch) const {
  const Origins& origins = origins_[input];
  if (origins.empty()) {
    return std::move(batch);
  }
  std::vector<Column> columns;
  for (std::size_t i = 0; i < origins.size(); ++i) {
    columns.push_back(origins[i] ? converted(batch.columns[*origins[i]], schema_[i], batch)
                                 : unknown_column(schema_[i], batch.rows, batch));
  }
  batch.columns = std::move(columns);
  return std::move(batch);
}

}  // namespace nfql
