// An output that is there whole or not at all: regular files are written aside and put in place
// when complete; pipes and devices are written as they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "common/base/buffer.h"
#include "common/base/fd.h"

namespace nfql {

/// Buffers what is written and hands it on in large pieces.
///
/// A path that stands for an open descriptor (/dev/fd/3) is that; where a link leads is written. A
/// regular file has no name (O_TMPFILE) or a temporary one until commit(): a run that fails leaves
/// the old file as it was. One that replaces it has its mode, and its owner and group where that is
/// permitted. Dropped without commit(), nothing of it stays and nothing more is written.
class OutputFile {
 public:
  /// "-" is standard output, named "<stdout>". Throws Error(Exit::failed).
  explicit OutputFile(const std::string& path);
  ~OutputFile();
  OutputFile(OutputFile&& other) noexcept = default;
  OutputFile& operator=(OutputFile&&) = delete;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// The name that a file takes beside `path` while process `pid` writes it, where the file system
  /// has no unnamed files.
  [[nodiscard]] static std::string temporary_name(const std::string& path, int pid);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] bool is_terminal() const;
  /// True for regular files made by path: headers may be rewritten with write_at().
  [[nodiscard]] bool seekable() const { return replaces_; }
  /// Bytes written so far, buffered ones included.
  [[nodiscard]] std::uint64_t offset() const { return flushed_ + buffer_.size(); }

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text) { write(std::as_bytes(std::span(text.data(), text.size()))); }
  /// Overwrites bytes at `offset` that were written before. Only if seekable().
  void write_at(std::uint64_t offset, std::span<const std::byte> bytes);
  /// Hands everything written so far to the system.
  void flush();
  /// Flushes, checks that the system took everything, and puts a file into its place.
  void commit();

 private:
  void open(const std::string& path);
  void open_aside(const std::string& path);

  Fd fd_;
  std::string name_;
  std::string path_;       // links followed
  std::string temporary_;  // name of the file aside; empty when it has none
  bool replaces_ = false;
  Buffer buffer_;
  std::uint64_t flushed_ = 0;
};

}  // namespace nfql
