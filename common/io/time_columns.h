// The columns that say when flows were: put right, and compared with a window.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "common/flow/batch.h"
#include "common/io/time_window.h"

namespace nfql {

/// Where a schema has the times of its flows: start and end are i64, the uptimes u32.
struct TimeColumns {
  std::optional<std::size_t> start, end, start_uptime, end_uptime;
};

/// The values of a column as what can be changed: in memory that the batch gets for them.
template <class T>
T* own_values(Batch& batch, std::size_t column) {
  Column& of = batch.columns[column];
  Buffer copy(of.data_bytes());
  if (copy.size() != 0) {
    std::memcpy(copy.data(), of.data, copy.size());
  }
  std::byte* data = batch.keep(std::move(copy));
  of.data = data;
  return reinterpret_cast<T*>(data);
}

/// Swaps start and end, and the uptimes that they came from, of flows that end before they start;
/// returns how many these were.
std::size_t swap_times(Batch& batch, const TimeColumns& columns);

/// Tells which flows of a batch are in a window. The batch must outlive it and have the columns of
/// times that the window needs.
class WindowTest {
 public:
  WindowTest(const Batch& batch, const TimeColumns& columns, const TimeWindow& window);

  /// Whether a time that the window needs is unknown.
  [[nodiscard]] bool lacks_time(std::size_t row) const {
    return (start_ != nullptr && !start_->is_known(row)) ||
           (end_ != nullptr && !end_->is_known(row));
  }
  /// Of a flow that lacks no time.
  [[nodiscard]] bool contains(std::size_t row) const {
    const Column* low = end_ != nullptr ? end_ : start_;
    const bool late = !window_.since || low->values<std::int64_t>()[row] >= *window_.since;
    const bool early = !window_.until || start_->values<std::int64_t>()[row] < *window_.until;
    return late && early;
  }

 private:
  const TimeWindow& window_;
  const Column* start_ = nullptr;  // null: not needed
  const Column* end_ = nullptr;
};

}  // namespace nfql
