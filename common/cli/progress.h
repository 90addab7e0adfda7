// Progress of one process on standard error: a line that is rewritten, or lines for nfql-run.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace nfql {

/// Tells how far a stage is, a few times a second. Cheap to call once a block.
class Progress {
 public:
  /// `how` is "" (silent), "text" or "json"; `total_bytes` is 0 when not known.
  Progress(std::string_view how, std::string_view what, std::uint64_t total_bytes);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void tell(std::uint64_t bytes_read, std::uint64_t rows_in);

 private:
  using Clock = std::chrono::steady_clock;

  std::string how_;
  std::string what_;
  std::uint64_t total_bytes_;
  Clock::time_point start_;
  Clock::time_point last_;
  bool shown_ = false;
};

/// `12.3 MB of 45.6 MB (27 %), 1.2 M rows, 3.4 M rows/s`
[[nodiscard]] std::string progress_text(std::uint64_t bytes, std::uint64_t total_bytes,
                                        std::uint64_t rows, double seconds);

}  // namespace nfql
