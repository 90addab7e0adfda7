// The one interface of all input formats.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/fd.h"
#include "common/flow/address.h"
#include "common/flow/time.h"
#include "common/io/time_window.h"
#include "common/stream/block.h"
#include "common/stream/row_chooser.h"

namespace nfql {

/// Gives the blocks of one input, in order. What it throws is Error(Exit::failed) for bad data and
/// names the input, the place and the cause.
class Reader {
 public:
  Reader() = default;
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  virtual ~Reader() = default;

  [[nodiscard]] virtual const StreamHeader& header() const = 0;
  /// Replaces `block` by the next one; false at the (proper) end of the input.
  virtual bool next(Block& block) = 0;
  /// Asks for those flows only that `chooser` wants, whose columns are those of header(). To be
  /// called before the first next(); false when the reader will give all. The chooser may be used
  /// up either way.
  virtual bool choose_rows(std::unique_ptr<RowChooser>& chooser) {
    static_cast<void>(chooser);
    return false;
  }
  /// Flows that were not chosen, so far.
  [[nodiscard]] virtual std::uint64_t rows_left_out() const { return 0; }
  /// Bytes of the input consumed so far, as stored; for progress and stats.
  [[nodiscard]] virtual std::uint64_t bytes_read() const = 0;
  /// Bytes of the whole input, 0 when that is not known (a pipe).
  [[nodiscard]] virtual std::uint64_t bytes_total() const { return 0; }
  /// With ReadOptions::salvage: the message of the fault that ended the input early, if one did.
  [[nodiscard]] virtual std::optional<std::string> fault() const { return std::nullopt; }
  /// Once the input has ended: fields of ReadOptions::named that are columns of header() only
  /// because some flow might have had them, while none had.
  [[nodiscard]] virtual std::vector<ElementId> missing_fields() const { return {}; }
  /// Once the input has ended: what users should know of it that is no fault, e.g. of fields for
  /// which there were no columns.
  [[nodiscard]] virtual std::vector<std::string> warnings() const { return {}; }
};

/// What is added to times of flows that come from a clock that was wrong.
struct TimeOffset {
  std::string source;               ///< an input as the user named it, where there is no exporter
  std::optional<Address> exporter;  ///< only flows that this exporter sent
  std::int64_t ms = 0;
};

/// What a reader is asked for.
struct ReadOptions {
  /// Fields that will be used, by element; only these columns are decoded (those of them that the
  /// input has), in the input's order. Nothing: all.
  std::optional<std::vector<ElementId>> wanted;
  /// Fields that the request names, wanted or not. A format whose header does not say which fields
  /// its flows have gives them a column each; Reader::missing_fields() tells at the end.
  std::vector<ElementId> named;
  /// Format name as of -I; empty: by the first bytes.
  std::string format;
  /// A fault in the data ends the input as if it were complete; Reader::fault() tells.
  bool salvage = false;
  /// A record that counts both directions of a biflow is two flows.
  bool split_biflow = false;
  /// How many threads may read and decode, the one that asks for blocks among them.
  std::size_t threads = 1;
  /// Of times in text formats that do not say theirs.
  ZoneMinutes zone = 0;
  /// For open_inputs() only: the flows that are wanted, after their times were corrected.
  TimeWindow window;
  /// For open_inputs() only.
  std::vector<TimeOffset> offsets;
};

/// Opens one input of any known format. A foreign format gives its flows as a stream of flows with
/// a first block of kind sources, flowIds counted from 0.
/// Throws Error(Exit::failed), also when nobody can read it, then saying what it is if known.
[[nodiscard]] std::unique_ptr<Reader> open_reader(InputFile file, const ReadOptions& options);

/// Reads several inputs one after the other as one stream of flows. flowIds and sources are moved
/// so that no two inputs share any; columns that an input lacks are unknown in its rows.
/// With one input it may be of any kind; more than one must all be flows.
///
/// A directory stands for the files in it (input_list.h). Files that cannot have flows of the
/// window (time_window.h) are not read, but for the first if that leaves none. Start and end of
/// flows are put right (flow_times.h); how many were wrong is one of Reader::warnings().
/// Throws Error(Exit::usage) for a window or an offset that does not fit the inputs.
[[nodiscard]] std::unique_ptr<Reader> open_inputs(const std::vector<std::string>& paths,
                                                  const ReadOptions& options);

}  // namespace nfql
