#include "common/base/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <charconv>
#include <filesystem>

#include "common/base/error.h"

namespace nfql {
namespace {

// What one write() hands to a pipe. 64 KiB pieces through a 1 MiB pipe measured best (DESIGN).
constexpr std::size_t kPiece = 64 * 1024;
// Asked of every pipe we write; the system may refuse, which only costs speed.
constexpr int kPipeBytes = 1024 * 1024;

namespace fs = std::filesystem;

std::string directory_of(const std::string& path) {
  const std::string parent = fs::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

// The open descriptor that a path such as /dev/fd/3 stands for, or -1.
int descriptor_of(const fs::path& path) {
  std::error_code error;
  const fs::path directory = fs::canonical(directory_of(path.string()), error);
  const std::string name = path.filename().string();
  int fd = -1;
  if (error || directory != fs::canonical("/proc/self/fd", error) || error ||
      std::from_chars(name.data(), name.data() + name.size(), fd).ptr !=
          name.data() + name.size()) {
    return -1;
  }
  return fd;
}

// Where links lead: a file to be replaced must not take the place of a link to it.
std::string follow_links(const std::string& path) {
  constexpr int kMostLinks = 40;  // as the system has it
  fs::path place = path;
  std::error_code error;
  for (int i = 0; i < kMostLinks && descriptor_of(place) < 0; ++i) {
    const fs::path target = fs::read_symlink(place, error);
    if (error) {
      break;
    }
    place = place.parent_path() / target;  // the target alone when it is absolute
  }
  return place.string();
}

// Gives the new file to whom the old one belongs, and lets those at it who could be. Where that is
// not permitted the file is ours, and its group has no more rights than others have.
void keep_access(int fd, const struct stat& old) {
  constexpr mode_t kGroup = 070, kOthers = 07;
  mode_t mode = old.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO);
  const bool kept = ::fchown(fd, old.st_uid, old.st_gid) == 0 ||
                    ::fchown(fd, static_cast<uid_t>(-1), old.st_gid) == 0;
  if (!kept) {
    mode = (mode & ~kGroup) | (mode & kOthers) << 3;
  }
  static_cast<void>(::fchmod(fd, mode));  // else it stays readable for us only
}

// An own number for what `fd` is open on.
Fd duplicate(int fd, const std::string& name) {
  Fd copy(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
  if (!copy.valid()) {
    fail_system(name, "cannot write", errno);
  }
  return copy;
}

}  // namespace

OutputFile::OutputFile(const std::string& path)
    : name_(path == "-" ? "<stdout>" : path), path_(follow_links(path)) {
  if (path == "-") {
    fd_ = duplicate(STDOUT_FILENO, name_);
  } else if (const int fd = descriptor_of(path_); fd >= 0) {
    fd_ = duplicate(fd, name_);
  } else {
    open(path_);
  }
  static_cast<void>(::fcntl(fd_.get(), F_SETPIPE_SZ, kPipeBytes));
  buffer_.reserve(kPiece);
}

void OutputFile::open(const std::string& path) {
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) {
    fail(Exit::failed, "{}: is a directory, not a file", path);
  }
  if (!exists || S_ISREG(status.st_mode)) {
    open_aside(path);
    if (exists) {
      keep_access(fd_.get(), status);
    }
    return;
  }
  fd_ = Fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd_.valid()) {
    fail_system(path, "cannot open", errno);
  }
}

void OutputFile::open_aside(const std::string& path) {
  replaces_ = true;
  // Less the umask; for us only until it has the rights of the old file.
  const mode_t mode = ::access(path.c_str(), F_OK) == 0 ? 0600 : 0666;
  fd_ = Fd(::open(directory_of(path).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, mode));
  if (fd_.valid()) {
    return;
  }
  // Not every file system has unnamed files: take a name beside the place.
  temporary_ = temporary_name(path, ::getpid());
  fd_ = Fd(::open(temporary_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode));
  if (!fd_.valid()) {
    const int reason = errno;
    temporary_.clear();
    fail_system(path, "cannot create", reason);
  }
}

std::string OutputFile::temporary_name(const std::string& path, int pid) {
  return fmt::format("{}.{}.tmp", path, pid);
}

OutputFile::~OutputFile() {
  if (!temporary_.empty()) {
    ::unlink(temporary_.c_str());
  }
}

bool OutputFile::is_terminal() const {
  return ::isatty(fd_.get()) == 1;
}

void OutputFile::write(std::span<const std::byte> bytes) {
  if (buffer_.size() + bytes.size() > kPiece) {
    flush();
    if (bytes.size() >= kPiece) {
      write_all(fd_.get(), bytes, name_);
      flushed_ += bytes.size();
      return;
    }
  }
  buffer_.append(bytes.data(), bytes.size());
}

void OutputFile::write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
  assert(replaces_);
  flush();
  const ssize_t put = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
  if (put != static_cast<ssize_t>(bytes.size())) {
    fail_system(name_, "cannot write", put < 0 ? errno : ENOSPC);
  }
}

void OutputFile::flush() {
  write_all(fd_.get(), buffer_.bytes(), name_);
  flushed_ += buffer_.size();
  buffer_.clear();
}

void OutputFile::commit() {
  flush();
  if (!replaces_) {
    return;
  }
  if (temporary_.empty()) {
    // An unnamed file can be given a new name only, so it takes one aside first.
    temporary_ = temporary_name(path_, ::getpid());
    const std::string unnamed = fmt::format("/proc/self/fd/{}", fd_.get());
    if (::linkat(AT_FDCWD, unnamed.c_str(), AT_FDCWD, temporary_.c_str(), AT_SYMLINK_FOLLOW) != 0) {
      const int reason = errno;
      temporary_.clear();
      fail_system(name_, "cannot create", reason);
    }
  }
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    fail_system(name_, "cannot put in place", errno);
  }
  temporary_.clear();
  // A full disk may show only at close on some file systems.
  if (::close(fd_.release()) != 0) {
    fail_system(name_, "cannot close", errno);
  }
}

}  // namespace nfql
