// Starting the stage tools: our own siblings, no shell in between.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "common/base/fd.h"

namespace nfql {

/// Both ends of a pipe, closed on exec, of the size that stages want.
struct Pipe {
  Fd read;
  Fd write;
};
[[nodiscard]] Pipe make_pipe();

/// A process to be started.
struct Launch {
  std::string label;               ///< for messages: "group of branch A"
  std::string stage;               ///< filter, group …
  std::string branch;              ///< "" where it serves several
  std::string output;              ///< the file it will put in place, or ""
  std::vector<std::string> words;  ///< tool and arguments
  int input = -1;                  ///< becomes standard input; -1: ours
  int output_fd = -1;              ///< becomes standard output; -1: ours
  std::vector<int> kept;           ///< stay open under their numbers
  std::optional<int> core;         ///< pinned to it
};

/// The path of a sibling of this program, or the bare name (for PATH) when there is none.
[[nodiscard]] std::string sibling(const std::string& tool);

/// Starts `launch` with `error_fd` as its standard error; it dies when we do.
/// Throws Error(Exit::failed) when no process can be made.
[[nodiscard]] pid_t start(const Launch& launch, int error_fd);

/// Pins a process to a core; a refusal only costs speed.
void pin(pid_t pid, int core);

/// The cores of LIST ("0,2-3"). Throws Error(Exit::usage) for a LIST that is none.
[[nodiscard]] std::vector<int> parse_cores(const std::string& list);

}  // namespace nfql
