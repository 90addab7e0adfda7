// File descriptors: owned, read and written whole, with errors that name the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace nfql {

/// Owns a file descriptor, or none (-1).
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { close(); }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }
  void close();

 private:
  int fd_ = -1;
};

/// A byte source that can give bytes back: what format detection looks at is read again.
/// `name` is what messages call it.
class InputFile {
 public:
  /// Opens `path`; "-" is standard input, named "<stdin>".
  /// Throws Error(Exit::failed) when it cannot be opened or is a directory.
  static InputFile open(const std::string& path);
  InputFile(Fd fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)) {}

  [[nodiscard]] const std::string& name() const { return name_; }
  /// Offset of the next byte that read() returns.
  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  /// Size in bytes of a regular file, else 0.
  [[nodiscard]] std::uint64_t size() const;

  /// The first bytes of the file, at most `count`, without consuming them; fewer only at the end of
  /// the input. Valid until the next call of read(); allowed only before the first read().
  std::span<const std::byte> peek(std::size_t count);

  /// Reads up to `size` bytes; returns how many, 0 only at the end. Retries EINTR.
  /// Throws Error(Exit::failed).
  std::size_t read(std::byte* to, std::size_t size);
  /// Reads until `size` bytes are there or the input ends; returns how many.
  std::size_t read_full(std::byte* to, std::size_t size);
  /// Passes over `count` bytes or what is left of the input, without reading them where it can;
  /// returns how many.
  std::uint64_t skip(std::uint64_t count);

  /// Where in the file the next byte is that read() returns; nothing of what cannot be read
  /// anywhere.
  [[nodiscard]] std::optional<std::uint64_t> position() const;
  /// Reads `size` bytes at a position() of a file; returns how many there were. May be called by
  /// several threads at a time, whatever another one does. Throws Error(Exit::failed).
  std::size_t read_at(std::uint64_t position, std::byte* to, std::size_t size) const;

 private:
  std::size_t read_fd(std::byte* to, std::size_t size);
  std::uint64_t seek_over(std::uint64_t count);

  Fd fd_;
  std::string name_;
  std::string peeked_;
  std::size_t peeked_used_ = 0;
  std::uint64_t offset_ = 0;
};

/// Writes all of `bytes`. Throws BrokenPipe when the reader has gone, else Error(Exit::failed).
void write_all(int fd, std::span<const std::byte> bytes, const std::string& name);

}  // namespace nfql
