// What --stats and --progress tell: rows and bytes of a stage, and what the process used.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nfql {

/// One stage of one branch. What a row is depends on the stage: nfql-run(1), STATS.
struct StageStats {
  std::string stage;   ///< filter, group, gfilter, merge or ungroup
  std::string branch;  ///< "" where there is none
  std::uint64_t rows_in = 0;
  std::uint64_t rows_out = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  double cpu_s = 0;
  std::uint64_t max_rss_kb = 0;
  double wall_s = 0;
  std::optional<std::uint64_t> streams;  ///< of ungroup
};

/// Times this process from its construction on.
class ProcessClock {
 public:
  ProcessClock() : start_(std::chrono::steady_clock::now()) {}
  [[nodiscard]] double wall_s() const;
  /// Sets cpu_s (divided by `shares`), max_rss_kb and wall_s to what the process used so far.
  void measure(StageStats& stats, std::size_t shares = 1) const;

 private:
  std::chrono::steady_clock::time_point start_;
};

/// `{"tool":…,"version":…,"wall_s":…,"stages":[…]}`, without a line end.
[[nodiscard]] std::string stats_json(std::string_view tool, double wall_s,
                                     const std::vector<StageStats>& stages);
/// The same as a small table for people.
[[nodiscard]] std::string stats_text(const std::vector<StageStats>& stages);

/// Prints to standard error as --stats asks: `how` is "", "text" or "json".
void print_stats(std::string_view how, std::string_view tool, double wall_s,
                 const std::vector<StageStats>& stages);

}  // namespace nfql
