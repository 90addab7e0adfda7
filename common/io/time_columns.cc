#include "common/io/time_columns.h"

#include <cstring>
#include <span>
#include <utility>
#include <vector>

namespace nfql {
namespace {

template <class T>
void swap_rows(Batch& batch, std::size_t a, std::size_t b, const std::vector<RowId>& rows) {
  T* first = own_values<T>(batch, a);
  T* second = own_values<T>(batch, b);
  for (const RowId row : rows) {
    if (batch.columns[a].is_known(row) && batch.columns[b].is_known(row)) {
      std::swap(first[row], second[row]);
    }
  }
}

}  // namespace

std::size_t swap_times(Batch& batch, const TimeColumns& columns) {
  if (!columns.start || !columns.end) {
    return 0;
  }
  const Column& start = batch.columns[*columns.start];
  const Column& end = batch.columns[*columns.end];
  const std::span<const std::int64_t> starts = start.values<std::int64_t>();
  const std::span<const std::int64_t> ends = end.values<std::int64_t>();
  // Nearly always there is none: a loop that the compiler can make wide.
  unsigned wrong = 0;
  for (std::size_t row = 0; row < batch.rows; ++row) {
    wrong |= static_cast<unsigned>(ends[row] < starts[row]);
  }
  if (wrong == 0) {
    return 0;
  }
  std::vector<RowId> rows;
  for (std::size_t row = 0; row < batch.rows; ++row) {
    if (ends[row] < starts[row] && start.is_known(row) && end.is_known(row)) {
      rows.push_back(static_cast<RowId>(row));
    }
  }
  if (rows.empty()) {
    return 0;
  }
  swap_rows<std::int64_t>(batch, *columns.start, *columns.end, rows);
  if (columns.start_uptime && columns.end_uptime) {
    swap_rows<std::uint32_t>(batch, *columns.start_uptime, *columns.end_uptime, rows);
  }
  return rows.size();
}

WindowTest::WindowTest(const Batch& batch, const TimeColumns& columns, const TimeWindow& window)
    : window_(window),
      start_(window.needs_start() ? &batch.columns[*columns.start] : nullptr),
      end_(window.needs_end() ? &batch.columns[*columns.end] : nullptr) {}

}  // namespace nfql
