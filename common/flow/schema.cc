#include "common/flow/schema.h"

#include <cassert>
#include <utility>

#include "common/base/error.h"
#include "common/base/names.h"

namespace nfql {

Field field_of(const FieldInfo& info) {
  return {std::string(info.short_name()), info.id, info.type, info.meaning, info.type};
}

Field field_of(ElementId id) {
  const FieldInfo* info = find_field(id);
  assert(info != nullptr);
  return field_of(*info);
}

Schema::Schema(std::vector<Field> fields) {
  fields_.reserve(fields.size());
  for (Field& field : fields) {
    add(std::move(field));
  }
}

void Schema::add(Field field) {
  for (const Field& other : fields_) {
    if (same_name(other.name, field.name)) {
      throw Error(Exit::usage, fmt::format("two columns are named '{}'", field.name),
                  "name one of them with 'as NAME'");
    }
  }
  fields_.push_back(std::move(field));
}

std::optional<std::size_t> Schema::find(std::string_view name) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (same_name(fields_[i].name, name)) {
      return i;
    }
  }
  // `A.srcip` is an alias only among the columns of branch A.
  const std::size_t dot = name.find('.');
  const std::string_view branch = dot == std::string_view::npos ? "" : name.substr(0, dot + 1);
  const FieldInfo* info = find_field(name.substr(branch.size()));
  for (std::size_t i = 0; info != nullptr && i < fields_.size(); ++i) {
    if (fields_[i].id == info->id && fields_[i].name.starts_with(branch)) {
      return i;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> Schema::find(ElementId id) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (id.any() && fields_[i].id == id) {
      return i;
    }
  }
  return std::nullopt;
}

std::string Schema::nearest(std::string_view name) const {
  std::vector<std::string_view> names;
  for (const Field& field : fields_) {
    names.push_back(field.name);
    const FieldInfo* info = field.id.any() ? find_field(field.id) : nullptr;
    if (info == nullptr) {
      continue;
    }
    names.push_back(info->name);
    for (const std::string_view alias : info->aliases) {
      if (!alias.empty()) {
        names.push_back(alias);
      }
    }
  }
  return std::string(nearest_name(name, names));
}

}  // namespace nfql
