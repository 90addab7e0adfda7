#include "common/io/json_scan.h"

namespace nfql {
namespace {

// Behind the closing quote of the string whose first character is at `at`; past the end of the text
// when that is not there.
std::size_t past_string(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] != '"') {
    at += text[at] == '\\' ? 2U : 1U;
  }
  return at + 1;
}

}  // namespace

JsonObject find_object(std::string_view text) {
  JsonObject object;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '{') {
      break;
    }
    object.lines += c == '\n' ? 1 : 0;
    const bool between =
        c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == ',' || c == '[' || c == ']';
    if (!between) {
      object.state = JsonObject::State::other;
      break;
    }
  }
  object.begin = at;
  object.lines_before = object.lines;
  if (at == text.size() || object.state == JsonObject::State::other) {
    return object;
  }
  std::size_t depth = 0;
  while (at < text.size()) {
    switch (text[at++]) {
      case '"':
        at = past_string(text, at);
        break;
      case '\n':
        ++object.lines;
        break;
      case '{':
        ++depth;
        break;
      case '}':
        if (--depth == 0) {
          object.state = JsonObject::State::whole;
          object.end = at;
          return object;
        }
        break;
      default:
        break;
    }
  }
  return object;
}

}  // namespace nfql
