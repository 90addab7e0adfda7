#include "common/cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

namespace nfql {
namespace {

constexpr std::chrono::milliseconds kInterval{200};

void put(std::string_view text) {
  static_cast<void>(::write(STDERR_FILENO, text.data(), text.size()) == 0);
}

}  // namespace

std::string progress_text(std::uint64_t bytes, std::uint64_t total_bytes, std::uint64_t rows,
                          double seconds) {
  constexpr double kMega = 1e6;
  std::string text = fmt::format("{:.1f} MB", static_cast<double>(bytes) / kMega);
  if (total_bytes != 0) {
    text += fmt::format(" of {:.1f} MB ({:.0f} %)", static_cast<double>(total_bytes) / kMega,
                        100.0 * static_cast<double>(bytes) / static_cast<double>(total_bytes));
  }
  const double rows_m = static_cast<double>(rows) / kMega;
  text += fmt::format(", {:.2f} M rows", rows_m);
  if (seconds > 0) {
    text += fmt::format(", {:.2f} M rows/s", rows_m / seconds);
  }
  return text;
}

Progress::Progress(std::string_view how, std::string_view what, std::uint64_t total_bytes)
    : how_(how), what_(what), total_bytes_(total_bytes), start_(Clock::now()), last_(start_) {}

Progress::~Progress() {
  if (shown_ && how_ == "text") {
    put("\r\x1b[K");
  }
}

void Progress::tell(std::uint64_t bytes_read, std::uint64_t rows_in) {
  if (how_.empty() || Clock::now() - last_ < kInterval) {
    return;
  }
  last_ = Clock::now();
  shown_ = true;
  if (how_ == "json") {
    put(fmt::format("{{\"progress\":[{},{},{}]}}\n", bytes_read, total_bytes_, rows_in));
    return;
  }
  const double seconds = std::chrono::duration<double>(last_ - start_).count();
  put(fmt::format("\r{}: {}\x1b[K", what_,
                  progress_text(bytes_read, total_bytes_, rows_in, seconds)));
}

}  // namespace nfql
