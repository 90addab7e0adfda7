// Numbers as text: whole or not at all.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>
#include <type_traits>

namespace nfql {

[[nodiscard]] constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Reads all of `text` as a number; false if it is none that T has, and then `value` is any. `base`
/// is for integers.
template <class T>
[[nodiscard]] bool read_number(std::string_view text, T& value, int base = 10) {
  const char* const last = text.data() + text.size();
  std::from_chars_result result{};
  if constexpr (std::is_floating_point_v<T>) {
    result = std::from_chars(text.data(), last, value);
  } else {
    result = std::from_chars(text.data(), last, value, base);
  }
  return result.ec == std::errc() && result.ptr == last;
}

/// Likewise; none if it is none.
template <class T>
[[nodiscard]] std::optional<T> to_number(std::string_view text, int base = 10) {
  T value{};
  return read_number(text, value, base) ? std::optional(value) : std::nullopt;
}

}  // namespace nfql
