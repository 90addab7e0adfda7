// The bytes of a stream as they arrive: memory grows with what has come, not with what is
// announced.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "common/base/buffer.h"
#include "common/base/fd.h"

namespace nfql {

/// Reads an input that must not end before the stream does. When it does, each function throws
/// Error(Exit::failed) that says so.
class StreamInput {
 public:
  explicit StreamInput(InputFile file) : file_(std::move(file)) {}

  [[nodiscard]] const std::string& name() const { return file_.name(); }
  [[nodiscard]] std::uint64_t offset() const { return file_.offset(); }
  [[nodiscard]] const InputFile& file() const { return file_; }

  /// As InputFile::peek(), but there must be a byte.
  std::span<const std::byte> peek(std::size_t count);
  void read(std::byte* to, std::size_t size);
  /// Appends `size` bytes to `to`. Takes at most 1 MiB more memory than twice what has arrived.
  void append(Buffer& to, std::uint64_t size);
  void skip(std::uint64_t size);
  /// Reads to the end of the input; returns how many bytes there were, if more than 1 MiB then some
  /// number above.
  std::uint64_t drain();

 private:
  [[noreturn]] void fail_incomplete() const;

  InputFile file_;
  std::uint64_t proven_ = 0;  // the most that one append() got
};

}  // namespace nfql
