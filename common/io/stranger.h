// Files that hold no flows we could read, told by their first bytes.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace nfql {

/// What such a file is, and what its user can do.
struct Stranger {
  std::string_view what;  ///< as in "x is WHAT"
  std::string_view hint;
};

/// What the file that begins so is: compressed, an archive, a table or a log of others, packets;
/// nullptr if nobody here knows.
[[nodiscard]] const Stranger* find_stranger(std::span<const std::byte> first);

}  // namespace nfql
