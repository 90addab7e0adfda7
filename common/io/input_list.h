// The inputs that a user names, with what is in directories in their place.
#pragma once

#include <string>
#include <vector>

namespace nfql {

/// One input to be opened.
struct ListedInput {
  std::string path;      ///< "-" is standard input
  std::string argument;  ///< what the user named: the path, or a directory that it is in
  /// Found in a directory: a file that nobody can read is no flow file, and no mistake.
  bool found = false;
};

/// A directory stands for the regular files in and below it, in the order of their names, folder by
/// folder. Left out are hidden files and folders (`.nfstat`), and files that a collector is still
/// writing: `nfcapd.current*` and `tmp-*`. Links to files are followed, links to folders are not.
/// Throws Error(Exit::failed) when a directory cannot be read or has no such file.
[[nodiscard]] std::vector<ListedInput> list_inputs(const std::vector<std::string>& paths);

}  // namespace nfql
