// How the processes of a run ended, and what they said.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "common/cli/stats.h"

namespace nfql {

/// What a stage tool wrote to its standard error, told apart line by line.
class ErrorLines {
 public:
  /// Takes bytes as they come; lines may be cut anywhere.
  void add(std::string_view bytes);
  /// No more bytes come: an unfinished line is a line.
  void finish();

  [[nodiscard]] const std::vector<std::string>& messages() const { return messages_; }
  [[nodiscard]] const std::vector<StageStats>& stats() const { return stats_; }
  /// Of the last progress line: bytes read, bytes in all, rows read.
  struct Counts {
    std::uint64_t bytes = 0;
    std::uint64_t total_bytes = 0;
    std::uint64_t rows = 0;
  };
  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  void take(const std::string& line);

  std::string partial_;
  std::vector<std::string> messages_;
  std::vector<StageStats> stats_;
  Counts counts_;
};

/// One process that has ended.
struct Ended {
  std::string label;
  std::string stage;
  std::string branch;
  pid_t pid = 0;
  int status = 0;         ///< as of waitpid
  bool stopped = false;   ///< by us, because something else went wrong
  bool deferred = false;  ///< exit code 1 that says: salvaged
  ErrorLines lines;

  [[nodiscard]] bool failed() const { return status != 0; }
};

/// The process that is to blame: an upstream failure makes all stages behind it fail, never the
/// other way round, so it is the first in the order of the pipeline that failed by itself.
/// nullptr when none did.
[[nodiscard]] const Ended* first_cause(const std::vector<Ended>& processes);

/// Throws Error for a process that failed, with what it said, or which signal ended it.
[[noreturn]] void fail_for(const Ended& process);

}  // namespace nfql
