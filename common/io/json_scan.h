// Where the objects of a file of JSON lines begin and end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nfql {

/// What comes next in a text.
struct JsonObject {
  enum class State : std::uint8_t {
    whole,  ///< an object, of which nothing but the braces was looked at
    more,   ///< the text ends before or in the middle of an object
    other   ///< something that is no object
  };

  State state = State::more;
  std::size_t begin = 0;           ///< of the object, or of what is none
  std::size_t end = 0;             ///< behind the object
  std::uint64_t lines_before = 0;  ///< line ends before `begin`
  std::uint64_t lines = 0;         ///< line ends up to `end`
};

/// The first object in `text`. Blanks, commas and the brackets of arrays around objects are passed
/// over.
[[nodiscard]] JsonObject find_object(std::string_view text);

}  // namespace nfql
