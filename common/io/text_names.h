// What the columns of text formats are called: our own names, and those of nfdump and goflow2.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/flow/schema.h"
#include "common/io/cell_text.h"

namespace nfql {

/// Whose names a file uses.
enum class TextOrigin : std::uint8_t { own, nfdump, goflow2 };

/// What a name stands for.
struct TextName {
  std::optional<Field> field;  ///< none: nothing that we have a field for
  Notation notation = Notation::plain;
  bool known = true;       ///< false: a name that nobody here knows
  bool stands_in = false;  ///< another element than the field's: `tcpSourcePort` for `srcport`
};

/// Whose names these are, by those that only one has.
[[nodiscard]] TextOrigin text_origin(const std::vector<std::string>& names);

/// Names of fields (all that --help-fields lists, case ignored), `stream`, `protocol`, `dur` (in
/// seconds), and those of `origin`, which come first; then names and numbers of IPFIX elements as
/// find_element() takes them; where they are other units of a field, the notation tells.
[[nodiscard]] TextName find_text_name(std::string_view name, TextOrigin origin);

}  // namespace nfql
