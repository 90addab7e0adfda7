#include "common/io/input_list.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "common/base/error.h"

namespace nfql {
namespace {

namespace fs = std::filesystem;

bool is_passed_over(std::string_view name) {
  return name.starts_with('.') || name.starts_with("nfcapd.current") || name.starts_with("tmp-");
}

// The files below `directory`, sorted part by part of their paths: `a/b` before `a.c`.
std::vector<fs::path> files_below(const std::string& directory) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::recursive_directory_iterator at(directory, error);
  while (!error && at != fs::recursive_directory_iterator()) {
    std::error_code gone;  // a file may go while we look, or be a link to nowhere
    if (is_passed_over(at->path().filename().string())) {
      at.disable_recursion_pending();
    } else if (at->is_regular_file(gone)) {
      files.push_back(at->path());
    }
    at.increment(error);
  }
  if (error) {
    fail_system(directory, "cannot read", error.value());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::vector<ListedInput> list_inputs(const std::vector<std::string>& paths) {
  std::vector<ListedInput> inputs;
  for (const std::string& path : paths) {
    std::error_code error;
    if (path == "-" || !fs::is_directory(path, error)) {
      inputs.push_back({path, path, false});
      continue;
    }
    const std::vector<fs::path> files = files_below(path);
    if (files.empty()) {
      throw Error(Exit::failed, fmt::format("{}: is a directory without files", path),
                  "hidden files and those that are still written are passed over; name them");
    }
    for (const fs::path& file : files) {
      inputs.push_back({file.string(), path, true});
    }
  }
  return inputs;
}

}  // namespace nfql
