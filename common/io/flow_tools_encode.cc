#include "common/io/flow_tools_encode.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "common/base/byte_order.h"
#include "common/base/error.h"
#include "common/flow/time.h"
#include "common/io/flow_tools_format.h"
#include "common/io/record_columns.h"

namespace nfql {
namespace {

namespace ft = flow_tools;

constexpr std::array kRawTimes = {element::kExportSeconds, element::kExportNanoseconds,
                                  element::kExportUptime, element::kStartUptime,
                                  element::kEndUptime};
constexpr std::array<std::size_t, 5> kRawTimesAt = {ft::kSecondsAt, ft::kFractionAt, ft::kUptimeAt,
                                                    ft::kFirstAt, ft::kLastAt};

constexpr std::uint64_t kLargestU32 = std::numeric_limits<std::uint32_t>::max();

bool is_time_part(ElementId id) {
  return std::find(kRawTimes.begin(), kRawTimes.end(), id) != kRawTimes.end();
}

}  // namespace

FlowToolsEncoder::FlowToolsEncoder(const Schema& schema, std::string what)
    : what_(std::move(what)) {
  for (const ft::Place& place : ft::kPlaces) {
    const std::optional<std::size_t> column = find_record_column(schema, place.id);
    if (column && !is_time_part(place.id)) {
      slots_.push_back(
          {*column, place.offset, place.width, std::string(find_field(place.id)->short_name())});
    }
  }
  times_.start = find_typed_column(schema, element::kStart);
  times_.end = find_typed_column(schema, element::kEnd);
  for (const ElementId id : kRawTimes) {
    const std::optional<std::size_t> column = find_typed_column(schema, id);
    if (!column) {
      times_.raw.clear();
      break;
    }
    times_.raw.push_back(*column);
  }
}

std::vector<std::size_t> FlowToolsEncoder::columns() const {
  std::vector<std::size_t> columns = times_.raw;
  for (const Slot& slot : slots_) {
    columns.push_back(slot.column);
  }
  return columns;
}

std::span<const std::byte> FlowToolsEncoder::encode(const Batch& batch, std::size_t first,
                                                    std::size_t count) {
  records_.resize(count * ft::kRecord5Bytes);
  std::memset(records_.data(), 0, records_.size());
  bad_.clear();
  const Rows rows{batch, first, count};
  for (const Slot& slot : slots_) {
    encode_slot(slot, rows);
  }
  encode_times(rows);
  rows_ += count;
  return bad_.empty() ? records_.bytes() : remaining(count);
}

// The records of the rows that are good, moved to the front.
std::span<const std::byte> FlowToolsEncoder::remaining(std::size_t count) {
  std::size_t kept = 0;
  for (std::size_t row = 0; row < count; ++row) {
    if (has_record(row)) {
      std::memmove(records_.data() + kept * ft::kRecord5Bytes,
                   records_.data() + row * ft::kRecord5Bytes, ft::kRecord5Bytes);
      ++kept;
    }
  }
  return records_.bytes().first(kept * ft::kRecord5Bytes);
}

void FlowToolsEncoder::leave_out(std::size_t row, const std::string& problem) {
  bad_.resize(std::max(bad_.size(), row + 1));
  if (bad_[row]) {
    return;
  }
  bad_[row] = true;
  if (left_out_++ == 0 || rows_ + row < first_row_) {
    first_row_ = rows_ + row;
    first_problem_ = fmt::format("{} {}: {}", what_, first_row_, problem);
  }
}

void FlowToolsEncoder::encode_slot(const Slot& slot, const Rows& rows) {
  switch (slot.width) {
    case 1:
      return store_slot<std::uint8_t>(slot, rows);
    case 2:
      return store_slot<std::uint16_t>(slot, rows);
    default:
      return store_slot<std::uint32_t>(slot, rows);
  }
}

template <class Stored>
void FlowToolsEncoder::store_slot(const Slot& slot, const Rows& rows) {
  constexpr std::uint64_t kLargest = std::numeric_limits<Stored>::max();
  const Column& column = rows.batch.columns[slot.column];
  std::byte* const to = records_.data() + slot.offset;
  visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
    const std::span<const T> values = column.values<T>().subspan(rows.first, rows.count);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!column.is_known(rows.first + i)) {
        continue;
      }
      if (const auto value = stored_value(values[i], kLargest)) {
        store(to + i * ft::kRecord5Bytes, static_cast<Stored>(*value));
      } else if (column.type == Type::address) {
        leave_out(i, "IPv6 address " + value_text(column, rows.first + i));
      } else {
        leave_out(i, fmt::format("{} {} (at most {})", slot.field,
                                 value_text(column, rows.first + i), kLargest));
      }
    }
  });
}

void FlowToolsEncoder::encode_times(const Rows& rows) {
  for (std::size_t i = 0; i < rows.count; ++i) {
    const std::size_t row = rows.first + i;
    std::byte* record = records_.data() + i * ft::kRecord5Bytes;
    const bool raw = !times_.raw.empty() &&
                     std::all_of(times_.raw.begin(), times_.raw.end(), [&](std::size_t column) {
                       return rows.batch.columns[column].is_known(row);
                     });
    if (!raw) {
      make_times(rows, i, record);
      continue;
    }
    for (std::size_t part = 0; part < times_.raw.size(); ++part) {
      const Column& column = rows.batch.columns[times_.raw[part]];
      store(record + kRawTimesAt[part], column.values<std::uint32_t>()[row]);
    }
  }
}

void FlowToolsEncoder::make_times(const Rows& rows, std::size_t row, std::byte* record) {
  const auto time_of = [&](std::optional<std::size_t> column) -> std::optional<std::int64_t> {
    if (!column || !rows.batch.columns[*column].is_known(rows.first + row)) {
      return std::nullopt;
    }
    return rows.batch.columns[*column].values<std::int64_t>()[rows.first + row];
  };
  std::optional<std::int64_t> start = time_of(times_.start);
  std::optional<std::int64_t> end = time_of(times_.end);
  if (!start && !end) {
    return;
  }
  start = start ? start : end;
  end = end ? end : start;
  const auto [earlier, later] = std::minmax(*start, *end);
  constexpr std::int64_t kLatest = (std::int64_t{1} << 32) * 1000 - 1;
  if (earlier < 0 || later > kLatest) {
    std::string text;
    append_time(text, earlier < 0 ? earlier : later);
    leave_out(row, fmt::format("time {} (1970 to 2106)", text));
    return;
  }
  const auto uptime = static_cast<std::uint64_t>(later - earlier);
  if (uptime > kLargestU32) {
    leave_out(row, fmt::format("duration of {} ms (at most {})", *end - *start, kLargestU32));
    return;
  }
  store(record + ft::kSecondsAt, static_cast<std::uint32_t>(later / 1000));
  store(record + ft::kFractionAt, static_cast<std::uint32_t>(later % 1000 * 1'000'000));
  store(record + ft::kUptimeAt, static_cast<std::uint32_t>(uptime));
  store(record + ft::kFirstAt, static_cast<std::uint32_t>(*start - earlier));
  store(record + ft::kLastAt, static_cast<std::uint32_t>(*end - earlier));
}

}  // namespace nfql
