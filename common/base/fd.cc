#include "common/base/fd.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>

#include "common/base/error.h"

namespace nfql {

void Fd::close() {
  if (fd_ >= 0) {
    ::close(std::exchange(fd_, -1));
  }
}

InputFile InputFile::open(const std::string& path) {
  if (path == "-") {
    return {Fd(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)), "<stdin>"};
  }
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) {
    fail_system(path, "cannot open", errno);
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) == 0 && S_ISDIR(status.st_mode)) {
    fail(Exit::failed, "{}: is a directory, not a file", path);
  }
  return {std::move(fd), path};
}

std::uint64_t InputFile::size() const {
  struct stat status {};
  if (::fstat(fd_.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return 0;
  }
  return static_cast<std::uint64_t>(status.st_size);
}

std::span<const std::byte> InputFile::peek(std::size_t count) {
  assert(offset_ == 0);
  while (peeked_.size() < count) {
    const std::size_t have = peeked_.size();
    peeked_.resize(count);
    const std::size_t got =
        read_fd(reinterpret_cast<std::byte*>(peeked_.data()) + have, count - have);
    peeked_.resize(have + got);
    if (got == 0) {
      break;
    }
  }
  return std::as_bytes(std::span(peeked_.data(), std::min(count, peeked_.size())));
}

std::size_t InputFile::read(std::byte* to, std::size_t size) {
  std::size_t got = 0;
  if (peeked_used_ < peeked_.size()) {
    got = std::min(size, peeked_.size() - peeked_used_);
    std::memcpy(to, peeked_.data() + peeked_used_, got);
    peeked_used_ += got;
  } else {
    got = read_fd(to, size);
  }
  offset_ += got;
  return got;
}

std::size_t InputFile::read_full(std::byte* to, std::size_t size) {
  std::size_t have = 0;
  while (have < size) {
    const std::size_t got = read(to + have, size - have);
    if (got == 0) {
      break;
    }
    have += got;
  }
  return have;
}

std::uint64_t InputFile::skip(std::uint64_t count) {
  const std::uint64_t peeked = std::min<std::uint64_t>(count, peeked_.size() - peeked_used_);
  peeked_used_ += static_cast<std::size_t>(peeked);
  const std::uint64_t sought = seek_over(count - peeked);
  offset_ += peeked + sought;
  // Pipes, and the part of a file that was not there a moment ago.
  std::array<std::byte, 16 * 1024> dropped;
  std::uint64_t done = peeked + sought;
  while (done < count) {
    const std::uint64_t piece = std::min<std::uint64_t>(count - done, dropped.size());
    const std::size_t got = read(dropped.data(), static_cast<std::size_t>(piece));
    if (got == 0) {
      break;
    }
    done += got;
  }
  return done;
}

// Moves on in a regular file, not beyond its end, as seeking there would succeed.
std::uint64_t InputFile::seek_over(std::uint64_t count) {
  const std::uint64_t end = count == 0 ? 0 : size();
  const off_t at = end == 0 ? -1 : ::lseek(fd_.get(), 0, SEEK_CUR);
  if (at < 0 || static_cast<std::uint64_t>(at) >= end) {
    return 0;
  }
  const std::uint64_t over = std::min(count, end - static_cast<std::uint64_t>(at));
  return ::lseek(fd_.get(), static_cast<off_t>(over), SEEK_CUR) < 0 ? 0 : over;
}

std::optional<std::uint64_t> InputFile::position() const {
  struct stat status {};
  if (::fstat(fd_.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return std::nullopt;
  }
  const off_t at = ::lseek(fd_.get(), 0, SEEK_CUR);
  return at < 0 ? std::nullopt
                : std::optional(static_cast<std::uint64_t>(at) - (peeked_.size() - peeked_used_));
}

std::size_t InputFile::read_at(std::uint64_t position, std::byte* to, std::size_t size) const {
  std::size_t have = 0;
  while (have < size) {
    const ssize_t got =
        ::pread(fd_.get(), to + have, size - have, static_cast<off_t>(position + have));
    if (got == 0) {
      break;
    }
    if (got < 0 && errno != EINTR) {
      fail_system(name_, "cannot read", errno);
    }
    have += got < 0 ? 0 : static_cast<std::size_t>(got);
  }
  return have;
}

std::size_t InputFile::read_fd(std::byte* to, std::size_t size) {
  for (;;) {
    const ssize_t got = ::read(fd_.get(), to, size);
    if (got >= 0) {
      return static_cast<std::size_t>(got);
    }
    if (errno != EINTR) {
      fail_system(name_, "cannot read", errno);
    }
  }
}

void write_all(int fd, std::span<const std::byte> bytes, const std::string& name) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(put));
    } else if (errno == EPIPE) {
      throw BrokenPipe();
    } else if (errno != EINTR) {
      fail_system(name, "cannot write", errno);
    }
  }
}

}  // namespace nfql
