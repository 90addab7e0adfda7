#include "common/flow/near_names.h"

#include <fmt/format.h>

#include <array>

#include "common/base/names.h"

namespace nfql {

std::string nearest_input_field(const Schema& columns, std::string_view name) {
  const std::string column = columns.nearest(name);
  const std::array<std::string_view, 2> both = {column, nearest_field(name)};
  return std::string(nearest_name(name, both));
}

std::string input_field_hint(const Schema& columns, std::string_view name) {
  const std::string near = nearest_input_field(columns, name);
  return near.empty() || find_element(name) ? "" : fmt::format("did you mean '{}'?", near);
}

}  // namespace nfql
