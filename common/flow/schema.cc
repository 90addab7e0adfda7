#include "common/flow/schema.h"

#include <cassert>
#include <utility>

#include "common/base/error.h"
#include "common/base/names.h"

namespace nfql {
namespace {

// A field with the type and meaning of an element that is none of all_fields().
Field field_of_kind(ElementId id) {
  const FieldInfo* forward =
      id.enterprise == kReverseEnterprise ? find_field(ElementId{0, id.element}) : nullptr;
  if (forward != nullptr) {
    return field_of(*forward);
  }
  const ElementInfo* info = find_element_info(id);
  switch (info == nullptr ? DataType::unsigned64 : info->type) {
    case DataType::unsigned8:
    case DataType::boolean:
      return {{}, {}, Type::u8};
    case DataType::unsigned16:
      return {{}, {}, Type::u16};
    case DataType::unsigned32:
      return {{}, {}, Type::u32};
    case DataType::signed8:
    case DataType::signed16:
    case DataType::signed32:
    case DataType::signed64:
      return {{}, {}, Type::i64};
    case DataType::float32:
    case DataType::float64:
      return {{}, {}, Type::f64};
    case DataType::macAddress:
      return {{}, {}, Type::u64, Meaning::mac};
    case DataType::dateTimeSeconds:
    case DataType::dateTimeMilliseconds:
    case DataType::dateTimeMicroseconds:
    case DataType::dateTimeNanoseconds:
      return {{}, {}, Type::i64, Meaning::time};
    case DataType::ipv4Address:
    case DataType::ipv6Address:
      return {{}, {}, Type::address, Meaning::address};
    default:
      return {{}, {}, Type::u64};
  }
}

}  // namespace

Field field_of(const FieldInfo& info) {
  return {std::string(info.short_name()), info.id, info.type, info.meaning, info.type};
}

Field field_of(ElementId id) {
  if (const FieldInfo* info = find_field(id)) {
    return field_of(*info);
  }
  assert(id.enterprise != kLocalEnterprise);
  Field field = field_of_kind(id);
  field.id = id;
  field.name = element_name(id);
  field.element_type = field.type;
  return field;
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
  const std::optional<ElementId> id = find_element(name.substr(branch.size()));
  for (std::size_t i = 0; id.has_value() && i < fields_.size(); ++i) {
    if (fields_[i].id == *id && fields_[i].name.starts_with(branch)) {
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
