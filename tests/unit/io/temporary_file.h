// A file name for one test, and what is in the file.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

namespace nfql::test {

/// A name under the directory for temporary files; removes the file in the end.
class TemporaryFile {
 public:
  TemporaryFile() {
    std::string name = "/tmp/nfql-test-XXXXXX";
    ::close(::mkstemp(name.data()));
    path_ = name;
  }
  explicit TemporaryFile(const std::string& bytes) : TemporaryFile() {
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { std::remove(path_.c_str()); }

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string bytes() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::string path_;
};

}  // namespace nfql::test
