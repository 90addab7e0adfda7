// A view of an input that moves forward: readers look as far ahead as they need.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "common/base/buffer.h"
#include "common/base/fd.h"

namespace nfql {

/// Owns an input and a buffer of what comes next in it.
class InputWindow {
 public:
  explicit InputWindow(InputFile file) : file_(std::move(file)) {}

  [[nodiscard]] const std::string& name() const { return file_.name(); }
  /// Offset in the input of the first byte that was not skipped.
  [[nodiscard]] std::uint64_t offset() const { return offset_; }

  /// Size of the input in bytes, 0 if it is no regular file.
  [[nodiscard]] std::uint64_t size() const { return file_.size(); }

  /// The bytes from here on: at least `count`, fewer only at the end of the input, and whatever
  /// else is there already. Reads no more than it must, so a slow pipe delays nobody.
  /// Valid until the next call of peek(). Throws Error(Exit::failed) if the system fails.
  std::span<const std::byte> peek(std::size_t count);
  /// Moves past `count` bytes, which peek() has shown. They stay valid until the next peek().
  void skip(std::size_t count);

 private:
  InputFile file_;
  Buffer buffer_;
  std::size_t begin_ = 0;
  std::uint64_t offset_ = 0;
};

/// Of a source that begins here: of its first 64 KiB or all there is (nfql-stream(5)).
[[nodiscard]] std::uint64_t fingerprint(InputWindow& window);

}  // namespace nfql
