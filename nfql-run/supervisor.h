// Runs the processes of a plan to their end: all of them, or none.
#pragma once

#include <chrono>
#include <csignal>
#include <cstddef>
#include <string>
#include <vector>

#include "nfql-run/outcome.h"
#include "nfql-run/process.h"

namespace nfql {

/// How processes are looked after.
struct Care {
  bool progress = false;  ///< show on standard error how far they are
  bool salvage = false;   ///< a filter that exits with 1 has given all it could
  bool pin_merge = true;  ///< give the merge the core of the lightest branch
};

/// Starts processes in the order of the pipeline and waits for all of them. When one fails, the
/// others are ended; so they are when we get SIGINT, SIGTERM, SIGHUP or SIGQUIT, and then
/// interrupted() says which. No process of ours is left when run() returns or throws.
class Supervisor {
 public:
  explicit Supervisor(const Care& care);
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  /// Starts a process; its descriptors may be closed here afterwards.
  void add(const Launch& launch);
  /// Waits for all. What each said and how it ended, in the order of add().
  [[nodiscard]] std::vector<Ended> run();
  /// The signal that ended the run, or 0.
  [[nodiscard]] int interrupted() const { return interrupted_; }

 private:
  using Clock = std::chrono::steady_clock;

  /// A process that may still run.
  struct Child {
    Ended ended;
    Fd process;  // pidfd; invalid once it has ended
    Fd errors;   // its standard error; invalid at its end
    std::string output;
    std::optional<int> core;
    double cpu_s = 0;
  };

  [[nodiscard]] bool running() const;
  void wait_for_news();
  void read_errors(Child& child);
  void reap(Child& child);
  void take_signal();
  void stop_rest(int signal);
  void check_failures();
  void pin_merge();
  void show_progress();

  Care care_;
  sigset_t before_{};
  Fd signals_;
  std::vector<Child> children_;
  int interrupted_ = 0;
  bool merge_pinned_ = false;
  std::optional<Clock::time_point> failed_at_;
  bool killed_ = false;
  Clock::time_point start_;
  Clock::time_point shown_at_;
  bool shown_ = false;
};

}  // namespace nfql
