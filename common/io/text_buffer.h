// Characters on their way to a text output.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include "common/base/buffer.h"

namespace nfql {

/// Grows as it is written to, and keeps its memory when cleared.
class TextBuffer {
 public:
  /// The place of the next character, with at least `size` bytes to write to; end_at() then says
  /// how far they were used. Valid until the next call of room(), push() or append().
  [[nodiscard]] char* room(std::size_t size) {
    if (bytes_.size() - used_ < size) {
      bytes_.resize(used_ + size + bytes_.size());
    }
    return bytes_.as<char>() + used_;
  }
  void end_at(const char* end) { used_ = static_cast<std::size_t>(end - bytes_.as<char>()); }

  void push(char c) {
    char* to = room(1);
    *to = c;
    end_at(to + 1);
  }
  void append(std::string_view text) {
    if (!text.empty()) {
      std::memcpy(room(text.size()), text.data(), text.size());
      used_ += text.size();
    }
  }
  void append(std::size_t count, char c) {
    if (count != 0) {
      std::memset(room(count), c, count);
      used_ += count;
    }
  }

  [[nodiscard]] std::size_t size() const { return used_; }
  /// Everything so far; valid until the next change.
  [[nodiscard]] std::string_view text() const { return {bytes_.as<char>(), used_}; }
  void clear() { used_ = 0; }

 private:
  Buffer bytes_;
  std::size_t used_ = 0;
};

}  // namespace nfql
