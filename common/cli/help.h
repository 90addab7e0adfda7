// Texts of --help and --help-fields.
#pragma once

#include <string>
#include <string_view>

namespace nfql {

/// The lines of --help on the options that all tools share.
[[nodiscard]] std::string_view common_help();
/// The table of --help-fields: every field with its type, unit, IPFIX id and names.
[[nodiscard]] std::string fields_help();

}  // namespace nfql
