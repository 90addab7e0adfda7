// The notations of text output, and names of columns and branches in them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nfql {

enum class TextStyle : std::uint8_t {
  csv,   ///< protocol and flags are numbers, a set is {1;2;3}, an unknown value is empty
  json,  ///< addresses, times and MACs are strings, a set is an array, an unknown value is null
  table  ///< protocol and flags have names, an unknown value is -
};

/// A name as the style writes it: quoted for csv where RFC 4180 asks for it, a string literal in
/// json (bytes that are not UTF-8 become U+FFFD), and in a table with `?` for control characters,
/// which must not reach a terminal.
[[nodiscard]] std::string text_of_name(TextStyle style, std::string_view name);

}  // namespace nfql
