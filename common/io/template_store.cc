#include "common/io/template_store.h"

#include <utility>

namespace nfql {

Template::Template(std::vector<FieldSpec> fields, std::size_t scope_fields)
    : fields_(std::move(fields)), scope_fields_(scope_fields) {
  for (const FieldSpec& field : fields_) {
    if (field.length == kVariableLength) {
      ++variable_fields_;
    } else {
      fixed_bytes_ += field.length;
    }
  }
}

std::optional<Template::Place> Template::find(ElementId id) const {
  std::size_t offset = 0;
  for (const FieldSpec& field : fields_) {
    const bool variable = field.length == kVariableLength;
    if (field.id == id) {
      return variable ? std::nullopt : std::optional(Place{offset, field.length});
    }
    offset += variable ? 0 : field.length;
  }
  return std::nullopt;
}

}  // namespace nfql
