#include "common/io/flow_times.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

#include "common/base/error.h"
#include "common/flow/element_list.h"
#include "common/io/timed_chooser.h"

namespace nfql {
namespace {

constexpr std::int64_t kMsPerSecond = 1000;
constexpr std::int64_t kNsPerMs = 1'000'000;

std::string swapped_text(const std::string& name, std::uint64_t count) {
  return fmt::format("{}: {} flow{} ended before {} began: start and end were swapped", name, count,
                     count == 1 ? "" : "s", count == 1 ? "it" : "they");
}

// Times from other streams than ours may be anything; a sum of two must not be undefined.
std::int64_t add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) {
    return b < 0 ? std::numeric_limits<std::int64_t>::min()
                 : std::numeric_limits<std::int64_t>::max();
  }
  return sum;
}

// The column of this element if it has the type that the registry says.
std::optional<std::size_t> find(const Schema& flows, ElementId id) {
  const std::optional<std::size_t> column = flows.find(id);
  return column && flows[*column].type == field_of(id).type ? column : std::nullopt;
}

// When one of two is wanted, both are.
void add_pair(std::vector<ElementId>& wanted, ElementId a, ElementId b) {
  if (contains(wanted, a) != contains(wanted, b)) {
    wanted.push_back(contains(wanted, a) ? b : a);
  }
}

}  // namespace

FlowTimes::FlowTimes(const ReadOptions& options, const std::vector<std::string>& inputs)
    : window_(options.window) {
  for (const TimeOffset& offset : options.offsets) {
    if (offset.exporter) {
      exporters_.push_back({offset, false});
      continue;
    }
    if (std::find(inputs.begin(), inputs.end(), offset.source) == inputs.end()) {
      throw Error(Exit::usage,
                  fmt::format("--time-offset: '{}' is no input and no address", offset.source),
                  "name an input as it stands on the command line, or the exporter's address");
    }
    inputs_.push_back(offset);
  }
}

void FlowTimes::widen(ReadOptions& options) {
  if (!options.wanted) {
    return;
  }
  std::vector<ElementId>& wanted = *options.wanted;
  if (!contains(wanted, element::kStart) &&
      (options.window.any() || contains(wanted, element::kStartUptime) ||
       contains(wanted, element::kEndUptime))) {
    wanted.push_back(element::kStart);
  }
  add_pair(wanted, element::kStart, element::kEnd);
  add_pair(wanted, element::kStartUptime, element::kEndUptime);
  add_pair(wanted, element::kExportSeconds, element::kExportNanoseconds);
  if (std::any_of(options.offsets.begin(), options.offsets.end(),
                  [](const TimeOffset& offset) { return offset.exporter.has_value(); })) {
    wanted.push_back(element::kExporter);
  }
}

void FlowTimes::begin(const std::string& argument, const std::string& name, const Schema& flows) {
  end_input();
  name_ = name;
  columns_ = {{find(flows, element::kStart), find(flows, element::kEnd),
               find(flows, element::kStartUptime), find(flows, element::kEndUptime)},
              find(flows, element::kExportSeconds),
              find(flows, element::kExportNanoseconds),
              find(flows, element::kExporter)};
  input_ms_ = 0;
  for (const TimeOffset& offset : inputs_) {
    input_ms_ = offset.source == argument ? add(input_ms_, offset.ms) : input_ms_;
  }
  const bool lacks_start = window_.needs_start() && !columns_.start;
  if (window_.any() && (lacks_start || (window_.needs_end() && !columns_.end))) {
    throw Error(Exit::usage,
                fmt::format("{}: its flows have no field '{}', by which --since and --until choose",
                            name, lacks_start ? "start" : "end"),
                "keep start and end where the flows come from");
  }
}

bool FlowTimes::may_change(const std::vector<std::size_t>& columns) const {
  const auto is_time = [this](std::size_t column) {
    return column == columns_.start || column == columns_.end || column == columns_.start_uptime ||
           column == columns_.end_uptime;
  };
  return window_.any() || !inputs_.empty() || !exporters_.empty() ||
         std::any_of(columns.begin(), columns.end(), is_time);
}

bool FlowTimes::apply(Block& block) {
  if (block.kind != BlockKind::flows) {
    return true;
  }
  Batch& batch = block.batch;
  if (input_ms_ != 0 || (!exporters_.empty() && columns_.exporter)) {
    shift(batch);
  }
  swapped_ += swap_times(batch, columns_);
  if (window_.any()) {
    choose(batch);
  }
  return batch.rows != 0;
}

void FlowTimes::shift(Batch& batch) {
  std::vector<std::int64_t> by(batch.rows, input_ms_);
  if (columns_.exporter) {
    const Column& exporters = batch.columns[*columns_.exporter];
    for (Exporter& exporter : exporters_) {
      for (std::size_t row = 0; row < batch.rows; ++row) {
        if (exporters.is_known(row) && exporters.address(row) == *exporter.offset.exporter) {
          by[row] = add(by[row], exporter.offset.ms);
          exporter.met = true;
        }
      }
    }
  }
  for (const std::optional<std::size_t> column : {columns_.start, columns_.end}) {
    if (column) {
      auto* times = own_values<std::int64_t>(batch, *column);
      for (std::size_t row = 0; row < batch.rows; ++row) {
        times[row] = add(times[row], by[row]);
      }
    }
  }
  shift_export(batch, by);
}

// Flow-tools records are written with the time of export and the uptimes where they are there, so
// that time must move as well. What cannot be told in 32 bits is told as near as can be.
void FlowTimes::shift_export(Batch& batch, const std::vector<std::int64_t>& by) const {
  if (!columns_.seconds || !columns_.nanoseconds) {
    return;
  }
  constexpr std::int64_t kLatest = std::numeric_limits<std::uint32_t>::max();
  constexpr std::int64_t kMost = (kLatest + 1) * kMsPerSecond;
  auto* seconds = own_values<std::uint32_t>(batch, *columns_.seconds);
  auto* nanoseconds = own_values<std::uint32_t>(batch, *columns_.nanoseconds);
  for (std::size_t row = 0; row < batch.rows; ++row) {
    if (by[row] == 0) {
      continue;
    }
    const std::int64_t ms = seconds[row] * kMsPerSecond + nanoseconds[row] / kNsPerMs +
                            std::clamp(by[row], -2 * kMost, 2 * kMost);
    const std::int64_t second = std::clamp<std::int64_t>(ms / kMsPerSecond, 0, kLatest);
    const std::int64_t rest = ms < 0 ? 0 : ms % kMsPerSecond;
    seconds[row] = static_cast<std::uint32_t>(second);
    nanoseconds[row] = static_cast<std::uint32_t>(rest * kNsPerMs + nanoseconds[row] % kNsPerMs);
  }
}

void FlowTimes::choose(Batch& batch) {
  const WindowTest test(batch, columns_, window_);
  std::vector<RowId> rows;
  rows.reserve(batch.rows);
  for (std::size_t row = 0; row < batch.rows; ++row) {
    if (test.lacks_time(row)) {
      ++timeless_;
    } else if (test.contains(row)) {
      rows.push_back(static_cast<RowId>(row));
    }
  }
  if (rows.size() != batch.rows) {
    left_out_ += batch.rows - rows.size();
    batch = gather(batch, rows);
  }
}

std::unique_ptr<RowChooser> FlowTimes::chooser_before(std::unique_ptr<RowChooser> chooser) const {
  if (!inputs_.empty() || !exporters_.empty()) {
    return nullptr;
  }
  return std::make_unique<TimedChooser>(columns_, window_, std::move(chooser));
}

void FlowTimes::tell(std::vector<std::string>& warnings) const {
  if (swapped_ != 0) {
    warnings.push_back(swapped_text(name_, swapped_));
  }
  if (timeless_ != 0) {
    warnings.push_back(
        fmt::format("{}: {} flow{} without a time {} left out: --since and --until choose by it",
                    name_, timeless_, timeless_ == 1 ? "" : "s", timeless_ == 1 ? "was" : "were"));
  }
}

void FlowTimes::end_input() {
  tell(warnings_);
  swapped_ = 0;
  timeless_ = 0;
}

void FlowTimes::finish() {
  end_input();
  for (const Exporter& exporter : exporters_) {
    if (!exporter.met) {
      warnings_.push_back(
          fmt::format("--time-offset: no flow is from exporter {}", exporter.offset.source));
    }
  }
}

std::vector<std::string> FlowTimes::warnings() const {
  std::vector<std::string> all = warnings_;
  tell(all);
  return all;
}

}  // namespace nfql
