#include "nfql-run/process.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "common/base/error.h"
#include "common/base/number_text.h"

namespace nfql {
namespace {

constexpr int kPipeBytes = 1024 * 1024;  // as OutputFile asks for
constexpr int kExecFailed = 127;         // what shells use

void become(int fd, int standard) {
  if (fd >= 0 && ::dup2(fd, standard) < 0) {
    ::_exit(kExecFailed);
  }
}

// No memory may be asked for here, so the message goes out in pieces.
void say_why(const char* program, int reason) {
  const std::array<const char*, 4> pieces = {
      program, ": cannot be started: ", ::strerrordesc_np(reason), "\n"};
  for (const char* piece : pieces) {
    static_cast<void>(::write(STDERR_FILENO, piece, std::strlen(piece)) == 0);
  }
}

// Runs in the child, between fork and exec: only system calls.
[[noreturn]] void run_child(const Launch& launch, int error_fd, char* const* words, pid_t parent) {
  static_cast<void>(::prctl(PR_SET_PDEATHSIG, SIGKILL));
  if (::getppid() != parent) {
    ::_exit(kExecFailed);
  }
  become(launch.input, STDIN_FILENO);
  become(launch.output_fd, STDOUT_FILENO);
  become(error_fd, STDERR_FILENO);
  for (const int fd : launch.kept) {
    static_cast<void>(::fcntl(fd, F_SETFD, 0));
  }
  if (launch.core) {
    pin(0, *launch.core);
  }
  // An ignored or blocked signal would be inherited.
  static_cast<void>(::signal(SIGPIPE, SIG_DFL));
  sigset_t none;
  sigemptyset(&none);
  static_cast<void>(::sigprocmask(SIG_SETMASK, &none, nullptr));
  ::execvp(words[0], words);
  say_why(words[0], errno);
  ::_exit(kExecFailed);
}

int parse_core(std::string_view text, const std::string& list) {
  const auto core = to_number<int>(text);
  if (!core || *core < 0 || *core >= CPU_SETSIZE) {
    throw Error(Exit::usage, fmt::format("--cores: '{}' is no list of cores", list), "e.g. 0,2-3");
  }
  return *core;
}

}  // namespace

Pipe make_pipe() {
  int fds[2] = {-1, -1};
  if (::pipe2(fds, O_CLOEXEC) != 0) {
    fail_system("pipe", "cannot create", errno);
  }
  static_cast<void>(::fcntl(fds[1], F_SETPIPE_SZ, kPipeBytes));
  return {Fd(fds[0]), Fd(fds[1])};
}

std::string sibling(const std::string& tool) {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path beside = self.parent_path() / tool;
  return !error && std::filesystem::exists(beside, error) ? beside.string() : tool;
}

pid_t start(const Launch& launch, int error_fd) {
  std::vector<std::string> words = launch.words;
  words.front() = sibling(words.front());
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) {
    fail_system(launch.label, "cannot start", errno);
  }
  if (pid == 0) {
    run_child(launch, error_fd, pointers.data(), parent);
  }
  return pid;
}

void pin(pid_t pid, int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(core), &set);
  static_cast<void>(::sched_setaffinity(pid, sizeof set, &set));
}

std::vector<int> parse_cores(const std::string& list) {
  std::vector<int> cores;
  std::string_view rest = list;
  while (!rest.empty() || cores.empty()) {
    const std::string_view item = rest.substr(0, rest.find(','));
    rest.remove_prefix(item.size() == rest.size() ? rest.size() : item.size() + 1);
    const std::size_t dash = item.find('-');
    const int first = parse_core(item.substr(0, dash), list);
    const int last =
        dash == std::string_view::npos ? first : parse_core(item.substr(dash + 1), list);
    for (int core = first; core <= last; ++core) {
      cores.push_back(core);
    }
  }
  return cores;
}

}  // namespace nfql
