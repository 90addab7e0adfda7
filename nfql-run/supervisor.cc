#include "nfql-run/supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "common/base/error.h"
#include "common/base/output_file.h"
#include "common/cli/progress.h"

namespace nfql {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTick{200};
// Stages behind a failed one fail by themselves, and their exit shows who was first.
constexpr milliseconds kGrace{300};
constexpr milliseconds kPatience{2000};  // from SIGTERM to SIGKILL

// Those that end us. What nohup has us ignore stays ignored: a descriptor would see it all the
// same.
sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) {
      sigaddset(&set, signal);
    }
  }
  return set;
}

void put(std::string_view text) {
  static_cast<void>(::write(STDERR_FILENO, text.data(), text.size()) == 0);
}

// The system call itself: the header of glibc 2.36 that declares the function is not for C++.
int open_pidfd(pid_t pid) {
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

double cpu_seconds(const rusage& usage) {
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

Supervisor::Supervisor(const Care& care) : care_(care), start_(Clock::now()), shown_at_(start_) {
  const sigset_t watched = watched_signals();
  static_cast<void>(::sigprocmask(SIG_BLOCK, &watched, &before_));
  signals_ = Fd(::signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK));
}

Supervisor::~Supervisor() {
  stop_rest(SIGKILL);
  for (Child& child : children_) {
    if (child.process.valid()) {
      static_cast<void>(::waitpid(child.ended.pid, nullptr, 0));
    }
  }
  static_cast<void>(::sigprocmask(SIG_SETMASK, &before_, nullptr));
}

void Supervisor::add(const Launch& launch) {
  Pipe errors = make_pipe();
  static_cast<void>(::fcntl(errors.read.get(), F_SETFL, O_NONBLOCK));
  Child child;
  child.ended.pid = start(launch, errors.write.get());
  child.ended.label = launch.label;
  child.ended.stage = launch.stage;
  child.ended.branch = launch.branch;
  child.process = Fd(open_pidfd(child.ended.pid));
  child.errors = std::move(errors.read);
  child.output = launch.output;
  child.core = launch.core;
  const bool watched = child.process.valid();
  const int reason = errno;
  children_.push_back(std::move(child));
  if (!watched) {
    ::kill(children_.back().ended.pid, SIGKILL);
    static_cast<void>(::waitpid(children_.back().ended.pid, nullptr, 0));
    fail_system(launch.label, "cannot watch", reason);
  }
}

std::vector<Ended> Supervisor::run() {
  while (running()) {
    wait_for_news();
    check_failures();
    pin_merge();
    show_progress();
  }
  if (shown_) {
    put("\r\x1b[K");
  }
  std::vector<Ended> ended;
  for (Child& child : children_) {
    child.ended.lines.finish();
    ended.push_back(std::move(child.ended));
  }
  children_.clear();
  return ended;
}

bool Supervisor::running() const {
  return std::any_of(children_.begin(), children_.end(), [](const Child& child) {
    return child.process.valid() || child.errors.valid();
  });
}

void Supervisor::wait_for_news() {
  std::vector<pollfd> polled = {{signals_.get(), POLLIN, 0}};
  for (const Child& child : children_) {
    polled.push_back({child.process.get(), POLLIN, 0});  // negative numbers are passed over
    polled.push_back({child.errors.get(), POLLIN, 0});
  }
  static_cast<void>(::poll(polled.data(), polled.size(), static_cast<int>(kTick.count())));
  if (polled[0].revents != 0) {
    take_signal();
  }
  for (std::size_t i = 0; i < children_.size(); ++i) {
    if (polled[2 * i + 2].revents != 0) {
      read_errors(children_[i]);
    }
    if (polled[2 * i + 1].revents != 0) {
      reap(children_[i]);
    }
  }
}

void Supervisor::read_errors(Child& child) {
  std::array<char, 4096> bytes{};
  for (;;) {
    const ssize_t got = ::read(child.errors.get(), bytes.data(), bytes.size());
    if (got > 0) {
      child.ended.lines.add({bytes.data(), static_cast<std::size_t>(got)});
    } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
      child.errors.close();
      return;
    } else if (errno == EAGAIN) {
      return;
    }
  }
}

void Supervisor::reap(Child& child) {
  rusage usage{};
  if (::wait4(child.ended.pid, &child.ended.status, WNOHANG, &usage) != child.ended.pid) {
    return;
  }
  child.cpu_s = cpu_seconds(usage);
  child.process.close();
  read_errors(child);
  child.errors.close();  // a stray process that inherited it must not keep us waiting
  const bool exited_1 = WIFEXITED(child.ended.status) && WEXITSTATUS(child.ended.status) == 1;
  child.ended.deferred = care_.salvage && child.ended.stage == "filter" && exited_1;
  if (child.ended.failed() && !child.output.empty()) {
    ::unlink(OutputFile::temporary_name(child.output, child.ended.pid).c_str());
  }
}

void Supervisor::take_signal() {
  signalfd_siginfo info{};
  if (::read(signals_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    interrupted_ = static_cast<int>(info.ssi_signo);
    stop_rest(SIGTERM);
    failed_at_ = Clock::now() - kGrace;
  }
}

void Supervisor::stop_rest(int signal) {
  for (Child& child : children_) {
    if (child.process.valid()) {
      child.ended.stopped = true;
      ::kill(child.ended.pid, signal);
    }
  }
}

void Supervisor::check_failures() {
  const bool failed = std::any_of(children_.begin(), children_.end(), [](const Child& child) {
    return !child.process.valid() && child.ended.failed() && !child.ended.deferred;
  });
  if (!failed && !failed_at_) {
    return;
  }
  if (!failed_at_) {
    failed_at_ = Clock::now();
  }
  const auto since = Clock::now() - *failed_at_;
  if (since >= kGrace + kPatience) {
    stop_rest(SIGKILL);
  } else if (since >= kGrace && !std::exchange(killed_, true)) {
    stop_rest(SIGTERM);
  }
}

// Which branch is the lightest is known when all branches are done: then its core is free.
void Supervisor::pin_merge() {
  if (merge_pinned_ || !care_.pin_merge) {
    return;
  }
  std::vector<std::pair<int, double>> load;  // per core
  const Child* merge = nullptr;
  for (const Child& child : children_) {
    if (child.ended.stage == "merge") {
      merge = &child;
    }
    if (!child.core) {
      continue;
    }
    if (child.process.valid()) {
      return;
    }
    const auto same = std::find_if(load.begin(), load.end(), [&child](const auto& entry) {
      return entry.first == *child.core;
    });
    if (same == load.end()) {
      load.emplace_back(*child.core, child.cpu_s);
    } else {
      same->second += child.cpu_s;
    }
  }
  merge_pinned_ = true;
  if (merge != nullptr && merge->process.valid() && !load.empty()) {
    const auto lightest = std::min_element(
        load.begin(), load.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    pin(merge->ended.pid, lightest->first);
  }
}

void Supervisor::show_progress() {
  if (!care_.progress || Clock::now() - shown_at_ < kTick) {
    return;
  }
  shown_at_ = Clock::now();
  std::string text;
  const double seconds = std::chrono::duration<double>(shown_at_ - start_).count();
  for (const Child& child : children_) {
    const ErrorLines::Counts& counts = child.ended.lines.counts();
    if (counts.rows == 0) {
      continue;
    }
    text += text.empty() ? progress_text(counts.bytes, counts.total_bytes, counts.rows, seconds)
                         : fmt::format("; {} {:.2f} M", child.ended.label,
                                       static_cast<double>(counts.rows) / 1e6);
  }
  if (!text.empty()) {
    shown_ = true;
    put(fmt::format("\r{}\x1b[K", text));
  }
}

}  // namespace nfql
