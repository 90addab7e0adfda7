// A folder for one test, with files in it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace nfql::test {

/// A new folder under the directory for temporary files; goes in the end with what is in it.
class TemporaryTree {
 public:
  TemporaryTree() {
    std::string name = "/tmp/nfql-test-XXXXXX";
    root_ = ::mkdtemp(name.data());
  }
  TemporaryTree(const TemporaryTree&) = delete;
  TemporaryTree& operator=(const TemporaryTree&) = delete;
  ~TemporaryTree() {
    std::error_code error;
    std::filesystem::remove_all(root_, error);
  }

  [[nodiscard]] std::string path(const std::string& name = "") const {
    return name.empty() ? root_ : root_ + "/" + name;
  }
  /// Writes a file; makes the folders that it is in.
  void add(const std::string& name, const std::string& bytes = "") const {
    const std::filesystem::path file(path(name));
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
  }

 private:
  std::string root_;
};

}  // namespace nfql::test
