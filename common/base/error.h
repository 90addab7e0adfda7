// Errors that end a run, and the exit codes they end it with.
#pragma once

#include <fmt/format.h>

#include <exception>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace nfql {

/// Exit codes of every tool, part of the interface (each manual page lists them).
enum class Exit : int {
  ok = 0,      ///< done, also when nothing matched
  failed = 1,  ///< the work failed: input, output, memory, system
  usage = 2,   ///< the request was wrong: option, expression, query
};

/// Ends the run: `what()` says place and cause, `hint()` what to do about it (may be empty).
/// The handler in run_tool() puts the tool's name in front.
class Error : public std::runtime_error {
 public:
  Error(Exit code, const std::string& message, std::string hint = {})
      : std::runtime_error(message), code_(code), hint_(std::move(hint)) {}

  [[nodiscard]] Exit code() const { return code_; }
  [[nodiscard]] const std::string& hint() const { return hint_; }

 private:
  Exit code_;
  std::string hint_;
};

/// Several errors that end a run together, in the order in which they are to be told. As an Error
/// it is the first of them.
class Errors : public Error {
 public:
  /// `all` has at least one.
  explicit Errors(std::vector<Error> all) : Error(all.front()), all_(std::move(all)) {}

  [[nodiscard]] const std::vector<Error>& all() const { return all_; }

 private:
  std::vector<Error> all_;
};

/// The reader of our output has gone (`| head`): the run ends quietly and well.
class BrokenPipe : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override { return "broken pipe"; }
};

/// Throws Error with a message made by fmt, e.g. `fail(Exit::failed, "{}: {} rows", name, n)`.
template <class... Args>
[[noreturn]] void fail(Exit code, fmt::format_string<Args...> format, Args&&... args) {
  throw Error(code, fmt::format(format, std::forward<Args>(args)...));
}

/// Throws Error(Exit::failed) for the system call `what` on `where`, with the text of
/// `errno_value`.
[[noreturn]] void fail_system(const std::string& where, const char* what, int errno_value);

}  // namespace nfql
