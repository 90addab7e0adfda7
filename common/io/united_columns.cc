#include "common/io/united_columns.h"

#include "common/base/error.h"
#include "common/flow/elements.h"

namespace nfql {
namespace {

// Two columns of two inputs are one if they are the same element, or have one name and are none.
std::optional<std::size_t> find_same(const Schema& schema, const Field& field) {
  if (field.id.any()) {
    return schema.find(field.id);
  }
  for (std::size_t i = 0; i < schema.size(); ++i) {
    if (!schema[i].id.any() && schema[i].name == field.name) {
      return i;
    }
  }
  return std::nullopt;
}

std::optional<FieldReader> find_origin(const Schema& schema, const Field& field) {
  if (const std::optional<std::size_t> same = find_same(schema, field)) {
    return FieldReader(schema, *same);
  }
  const FieldInfo* info = find_field(field.id);
  std::optional<FieldReader> computed;
  if (info != nullptr) {
    computed = FieldReader::find(schema, info->name);
  }
  return computed && computed->field().type == field.type ? computed : std::nullopt;
}

}  // namespace

void unite(Schema& all, const Schema& input, const std::string& name) {
  for (const Field& field : input.fields()) {
    const std::optional<std::size_t> same = find_same(all, field);
    if (!same) {
      all.add(field);
    } else if (all[*same].type != field.type ||
               (field.type == Type::set && all[*same].element_type != field.element_type)) {
      fail(Exit::usage, "{}: column '{}' is of another type than in the inputs before", name,
           field.name);
    }
  }
}

ColumnOrigins origins_of(const Schema& all, const Schema& input) {
  ColumnOrigins origins;
  for (const Field& field : all.fields()) {
    origins.push_back(find_origin(input, field));
  }
  return origins;
}

}  // namespace nfql
