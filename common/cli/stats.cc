#include "common/cli/stats.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <iterator>

namespace nfql {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// Names come from the user's query: only what JSON must escape.
std::string json_text(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(result), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      result += c;
    }
  }
  return result + '"';
}

}  // namespace

double ProcessClock::wall_s() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void ProcessClock::measure(StageStats& stats, std::size_t shares) const {
  rusage usage{};
  static_cast<void>(::getrusage(RUSAGE_SELF, &usage));
  stats.cpu_s = (seconds(usage.ru_utime) + seconds(usage.ru_stime)) / static_cast<double>(shares);
  stats.max_rss_kb = static_cast<std::uint64_t>(usage.ru_maxrss);
  stats.wall_s = wall_s();
}

std::string stats_json(std::string_view tool, double wall_s,
                       const std::vector<StageStats>& stages) {
  std::string text = fmt::format(R"({{"tool":{},"version":"{}","wall_s":{:.6f},"stages":[)",
                                 json_text(tool), NFQL_VERSION, wall_s);
  const char* comma = "";
  for (const StageStats& s : stages) {
    fmt::format_to(std::back_inserter(text), R"({}{{"stage":{},"branch":{},"rows_in":{},)", comma,
                   json_text(s.stage), json_text(s.branch), s.rows_in);
    fmt::format_to(std::back_inserter(text), R"("rows_out":{},"bytes_in":{},"bytes_out":{},)",
                   s.rows_out, s.bytes_in, s.bytes_out);
    fmt::format_to(std::back_inserter(text), R"("cpu_s":{:.6f},"max_rss_kb":{},"wall_s":{:.6f})",
                   s.cpu_s, s.max_rss_kb, s.wall_s);
    if (s.streams) {
      fmt::format_to(std::back_inserter(text), R"(,"streams":{})", *s.streams);
    }
    text += '}';
    comma = ",";
  }
  return text + "]}";
}

std::string stats_text(const std::vector<StageStats>& stages) {
  std::string text = fmt::format("{:<10} {:<12} {:>12} {:>12} {:>14} {:>14} {:>8} {:>9} {:>8}\n",
                                 "stage", "branch", "rows in", "rows out", "bytes in", "bytes out",
                                 "cpu s", "peak MB", "wall s");
  for (const StageStats& s : stages) {
    fmt::format_to(std::back_inserter(text),
                   "{:<10} {:<12} {:>12} {:>12} {:>14} {:>14} {:>8.3f} {:>9.1f} {:>8.3f}\n",
                   s.stage, s.branch, s.rows_in, s.rows_out, s.bytes_in, s.bytes_out, s.cpu_s,
                   static_cast<double>(s.max_rss_kb) / 1024, s.wall_s);
  }
  return text;
}

void print_stats(std::string_view how, std::string_view tool, double wall_s,
                 const std::vector<StageStats>& stages) {
  if (how.empty()) {
    return;
  }
  const std::string text =
      how == "json" ? stats_json(tool, wall_s, stages) + "\n" : stats_text(stages);
  static_cast<void>(::write(STDERR_FILENO, text.data(), text.size()) == 0);
}

}  // namespace nfql
