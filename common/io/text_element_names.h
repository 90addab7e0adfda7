// Columns of text formats that are called as elements of IPFIX.
#pragma once

#include <optional>
#include <string_view>

#include "common/io/text_names.h"

namespace nfql {

/// What the name or number of an element stands for, as find_element() takes them; nothing if it is
/// none, or if its texts are no values of a field.
[[nodiscard]] std::optional<TextName> find_element_name(std::string_view name);

}  // namespace nfql
