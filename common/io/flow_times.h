// Times of flows put right, and flows chosen by them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/flow/batch.h"
#include "common/flow/schema.h"
#include "common/io/reader.h"
#include "common/io/time_columns.h"
#include "common/stream/block.h"

namespace nfql {

/// Does to the flows of one input after the other what ReadOptions ask for, in this order:
/// - adds the offsets to start and end, and to the time of export that flow-tools records have;
/// - swaps start and end, and the uptimes that they came from, of flows that end before they start;
/// - keeps the flows of the window; a flow of which the window asks a time that is unknown is not.
class FlowTimes {
 public:
  /// Throws Error(Exit::usage) when an offset is for none of the `inputs`, as the user named them.
  FlowTimes(const ReadOptions& options, const std::vector<std::string>& inputs);

  /// Adds to `options.wanted` the columns that must be there to put the wanted ones right.
  static void widen(ReadOptions& options);

  /// Begins an input, which `argument` named and messages call `name`. Throws Error(Exit::usage)
  /// when it has no column for a time that the window asks for.
  void begin(const std::string& argument, const std::string& name, const Schema& flows);
  /// Whether apply() may leave out flows of that input, or change a value in one of these columns.
  [[nodiscard]] bool may_change(const std::vector<std::size_t>& columns) const;
  /// What chooses of the flows of that input, before apply() has changed them, those that `chooser`
  /// (null: everybody) wants after it. Of flows that lack a time which the window needs it leaves
  /// the choice to apply(), which counts them. Null where clocks are corrected.
  [[nodiscard]] std::unique_ptr<RowChooser> chooser_before(
      std::unique_ptr<RowChooser> chooser) const;
  /// Changes the flows of a block of that input; false when that leaves none of them.
  [[nodiscard]] bool apply(Block& block);
  /// Flows that apply() left out, so far.
  [[nodiscard]] std::uint64_t rows_left_out() const { return left_out_; }
  /// The last input has ended.
  void finish();
  /// How many flows of each input, of those that came this far, had start and end swapped, and how
  /// many lacked a time that the window asks for; after finish() also exporters whose clock was
  /// corrected while no flow was theirs.
  [[nodiscard]] std::vector<std::string> warnings() const;

 private:
  struct Exporter {
    TimeOffset offset;
    bool met = false;
  };
  struct Columns : TimeColumns {
    std::optional<std::size_t> seconds, nanoseconds, exporter;
  };

  void shift(Batch& batch);
  void shift_export(Batch& batch, const std::vector<std::int64_t>& by) const;
  void choose(Batch& batch);
  void tell(std::vector<std::string>& warnings) const;
  void end_input();

  TimeWindow window_;
  std::vector<TimeOffset> inputs_;
  std::vector<Exporter> exporters_;
  Columns columns_;
  std::string name_;
  std::int64_t input_ms_ = 0;
  std::uint64_t left_out_ = 0;
  // Flows of this input.
  std::uint64_t swapped_ = 0;
  std::uint64_t timeless_ = 0;
  std::vector<std::string> warnings_;
};

}  // namespace nfql
