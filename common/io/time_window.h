// Which flows are wanted by their time, and which files can be left unread for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/base/fd.h"

namespace nfql {

/// Flows between two times, ms since the epoch: since <= time < until.
struct TimeWindow {
  enum class Meaning : std::uint8_t {
    active,  ///< flows of which some part is in it: end >= since and start < until
    starts   ///< flows that begin in it: start >= since and start < until
  };

  std::optional<std::int64_t> since;
  std::optional<std::int64_t> until;
  Meaning meaning = Meaning::active;

  [[nodiscard]] bool any() const { return since || until; }
  [[nodiscard]] bool needs_start() const { return until || meaning == Meaning::starts; }
  [[nodiscard]] bool needs_end() const { return since && meaning == Meaning::active; }
};

/// When the flows of a file were captured, ms since the epoch, at the earliest and at the latest.
struct CaptureTime {
  std::int64_t first;
  std::int64_t last;

  friend bool operator==(const CaptureTime&, const CaptureTime&) = default;
};

/// What the name (without folders) says that nfcapd and flow-capture give to a file:
/// `nfcapd.202611221040`, with seconds or without, in local time of some machine, and
/// `ft-v05.2026-11-22.104000+0100`. The names say when a capture began; it is taken to be over a
/// day later, as rotation intervals are no longer. Nothing for other names.
[[nodiscard]] std::optional<CaptureTime> capture_time_of_name(std::string_view name);

/// What the header of a flow-tools file says, of one that was finished and where nothing can be
/// behind its records: one that is not compressed and has the size that it says. Nothing for
/// others. Leaves `file` as it was. Throws Error(Exit::failed) if the system fails.
[[nodiscard]] std::optional<CaptureTime> capture_time_of_header(InputFile& file);

/// Whether no flow captured then can be in the window. Flows are taken to be exported within a day
/// of their end, to last a day at most, and to be stamped by clocks that are right to a day beside
/// `offset`, the most (in ms) by which times are corrected.
[[nodiscard]] bool surely_outside(const CaptureTime& captured, const TimeWindow& window,
                                  std::int64_t offset);

}  // namespace nfql
