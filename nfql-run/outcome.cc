#include "nfql-run/outcome.h"

#include <simdjson.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstring>

#include "common/base/error.h"

namespace nfql {
namespace {

constexpr std::string_view kStatsLine = R"({"tool":)";
constexpr std::string_view kProgressLine = R"({"progress":)";

// Lines of our own tools: a member that is not there stays as it is.
template <class T>
void take_member(const simdjson::dom::element& from, const char* key, T& to) {
  T value{};
  if (from[key].get(value) == simdjson::SUCCESS) {
    to = value;
  }
}

std::uint64_t count_at(const simdjson::dom::array& array, std::size_t index) {
  std::uint64_t value = 0;
  return array.at(index).get(value) == simdjson::SUCCESS ? value : 0;
}

StageStats stage_stats(const simdjson::dom::element& from) {
  StageStats stats;
  std::string_view text;
  take_member(from, "stage", text);
  stats.stage = text;
  text = {};
  take_member(from, "branch", text);
  stats.branch = text;
  take_member(from, "rows_in", stats.rows_in);
  take_member(from, "rows_out", stats.rows_out);
  take_member(from, "bytes_in", stats.bytes_in);
  take_member(from, "bytes_out", stats.bytes_out);
  take_member(from, "cpu_s", stats.cpu_s);
  take_member(from, "max_rss_kb", stats.max_rss_kb);
  take_member(from, "wall_s", stats.wall_s);
  std::uint64_t streams = 0;
  if (from["streams"].get(streams) == simdjson::SUCCESS) {
    stats.streams = streams;
  }
  return stats;
}

}  // namespace

void ErrorLines::add(std::string_view bytes) {
  partial_ += bytes;
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = partial_.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    take(partial_.substr(begin, end - begin));
  }
  partial_.erase(0, begin);
}

void ErrorLines::finish() {
  if (!partial_.empty()) {
    take(partial_);
    partial_.clear();
  }
}

void ErrorLines::take(const std::string& line) {
  const bool ours = line.starts_with(kStatsLine) || line.starts_with(kProgressLine);
  simdjson::dom::parser parser;
  simdjson::dom::element top;
  if (!ours || parser.parse(line).get(top) != simdjson::SUCCESS) {
    messages_.push_back(line);
    return;
  }
  simdjson::dom::array array;
  if (top["stages"].get(array) == simdjson::SUCCESS) {
    for (const simdjson::dom::element stage : array) {
      stats_.push_back(stage_stats(stage));
    }
  } else if (top["progress"].get(array) == simdjson::SUCCESS) {
    counts_ = {count_at(array, 0), count_at(array, 1), count_at(array, 2)};
  }
}

const Ended* first_cause(const std::vector<Ended>& processes) {
  const auto cause = std::find_if(processes.begin(), processes.end(), [](const Ended& process) {
    return process.failed() && !process.stopped && !process.deferred;
  });
  return cause == processes.end() ? nullptr : &*cause;
}

void fail_for(const Ended& process) {
  std::string message;
  std::string hint;
  for (const std::string& line : process.lines.messages()) {
    constexpr std::string_view kHint = "  hint: ";
    if (line.starts_with(kHint)) {
      hint = line.substr(kHint.size());
    } else {
      message += (message.empty() ? "" : "\n") + line;
    }
  }
  if (WIFSIGNALED(process.status)) {
    const int signal = WTERMSIG(process.status);
    const char* name = ::sigabbrev_np(signal);
    message += message.empty() ? "" : "\n";
    message += fmt::format("process {} was ended by signal {} (SIG{})", process.pid, signal,
                           name == nullptr ? "?" : name);
  } else if (message.empty()) {
    message =
        fmt::format("process {} exited with code {}", process.pid, WEXITSTATUS(process.status));
  }
  const bool usage =
      WIFEXITED(process.status) && WEXITSTATUS(process.status) == static_cast<int>(Exit::usage);
  throw Error(usage ? Exit::usage : Exit::failed, fmt::format("{}: {}", process.label, message),
              hint);
}

}  // namespace nfql
