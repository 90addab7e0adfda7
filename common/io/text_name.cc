#include "common/io/text_name.h"

#include <cstddef>

namespace nfql {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD in UTF-8

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
}

// RFC 4180: a field with a quote, comma or line break is quoted, and its quotes are doubled.
std::string csv_text(std::string_view name) {
  if (name.find_first_of("\",\r\n") == std::string_view::npos) {
    return std::string(name);
  }
  std::string text = "\"";
  for (const char c : name) {
    text.append(c == '"' ? 2 : 1, c);
  }
  return text + '"';
}

// Bytes of the UTF-8 character at the front of `text` (RFC 3629, section 4), 0 if there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) {
    return 1;
  }
  const std::size_t length = lead >= 0xc2 && lead <= 0xdf   ? 2
                             : lead >= 0xe0 && lead <= 0xef ? 3
                             : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                            : 0;
  // Overlong forms, surrogates and what lies past U+10FFFF show in the second byte.
  const unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (byte(1) < low || byte(1) > high) {
    return 0;
  }
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) {
      return 0;
    }
  }
  return length;
}

std::string json_text(std::string_view name) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text = "\"";
  while (!name.empty()) {
    const char c = name.front();
    const std::size_t length = utf8_length(name);
    if (c == '"' || c == '\\') {
      text += '\\';
      text += c;
    } else if (is_control(c)) {
      const auto code = static_cast<unsigned char>(c);
      text += "\\u00";
      text += kHex[code >> 4U];
      text += kHex[code & 0xfU];
    } else {
      text += length == 0 ? kReplacement : name.substr(0, length);
    }
    name.remove_prefix(length == 0 ? 1 : length);
  }
  return text + '"';
}

std::string table_text(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    c = is_control(c) ? '?' : c;
  }
  return text;
}

}  // namespace

std::string text_of_name(TextStyle style, std::string_view name) {
  switch (style) {
    case TextStyle::csv:
      return csv_text(name);
    case TextStyle::json:
      return json_text(name);
    case TextStyle::table:
      break;
  }
  return table_text(name);
}

}  // namespace nfql
