#include "common/flow/registry.h"

#include <vector>

#include "common/base/names.h"
#include "common/flow/elements.h"
#include "common/flow/field_table.h"

namespace nfql {
namespace {

bool named(const FieldInfo& field, std::string_view name) {
  if (same_name(field.name, name) || (!field.name6.empty() && same_name(field.name6, name))) {
    return true;
  }
  for (const std::string_view alias : field.aliases) {
    if (!alias.empty() && same_name(alias, name)) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::span<const FieldInfo> all_fields() {
  return fields::kTable;
}

const FieldInfo* find_field(std::string_view name) {
  for (const FieldInfo& field : fields::kTable) {
    if (named(field, name)) {
      return &field;
    }
  }
  return nullptr;
}

const FieldInfo* find_field(ElementId id) {
  for (const FieldInfo& field : fields::kTable) {
    if (field.id == id) {
      return &field;
    }
  }
  return nullptr;
}

std::string_view nearest_field(std::string_view name) {
  std::vector<std::string_view> names;
  for (const FieldInfo& field : fields::kTable) {
    names.push_back(field.name);
    if (!field.name6.empty()) {
      names.push_back(field.name6);
    }
    for (const std::string_view alias : field.aliases) {
      if (!alias.empty()) {
        names.push_back(alias);
      }
    }
  }
  const std::string_view nearest = nearest_name(name, names);
  if (!nearest.empty()) {
    return nearest;
  }
  names.clear();
  for (const std::uint32_t enterprise : {std::uint32_t{0}, kCertEnterprise}) {
    for (const ElementInfo& info : elements_of_enterprise(enterprise)) {
      names.push_back(info.name);
    }
  }
  return nearest_name(name, names);
}

}  // namespace nfql
