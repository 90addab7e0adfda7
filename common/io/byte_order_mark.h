// What some programs put before text in UTF-8.
#pragma once

#include <string_view>

namespace nfql {

inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// `text` without the mark that it may begin with.
[[nodiscard]] constexpr std::string_view without_mark(std::string_view text) {
  return text.starts_with(kByteOrderMark) ? text.substr(kByteOrderMark.size()) : text;
}

}  // namespace nfql
