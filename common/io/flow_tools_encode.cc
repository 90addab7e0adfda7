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

// Stores the rows' values at `to`, a record apart; returns how many fitted before one did not.
template <class Stored, class T>
std::size_t store_values(std::span<const T> values, const std::uint8_t* known, std::byte* to) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (known != nullptr && known[i] == 0) {
      continue;
    }
    const auto value = stored_value(values[i], std::numeric_limits<Stored>::max());
    if (!value) {
      return i;
    }
    store(to + i * ft::kRecord5Bytes, static_cast<Stored>(*value));
  }
  return values.size();
}

bool is_time_part(ElementId id) {
  return std::find(kRawTimes.begin(), kRawTimes.end(), id) != kRawTimes.end();
}

}  // namespace

FlowToolsEncoder::FlowToolsEncoder(const Schema& schema, std::string where, std::string what)
    : where_(std::move(where)), what_(std::move(what)) {
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

std::span<const std::byte> FlowToolsEncoder::encode(const Batch& batch, std::size_t first,
                                                    std::size_t count, std::uint64_t ordinal) {
  records_.resize(count * ft::kRecord5Bytes);
  std::memset(records_.data(), 0, records_.size());
  const Rows rows{batch, first, count, ordinal};
  for (const Slot& slot : slots_) {
    encode_slot(slot, rows);
  }
  encode_times(rows);
  return records_.bytes();
}

void FlowToolsEncoder::encode_slot(const Slot& slot, const Rows& rows) {
  const Column& column = rows.batch.columns[slot.column];
  const std::uint8_t* known = column.known == nullptr ? nullptr : column.known + rows.first;
  std::byte* to = records_.data() + slot.offset;
  const std::size_t stored =
      visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
        const std::span<const T> values = column.values<T>().subspan(rows.first, rows.count);
        switch (slot.width) {
          case 1:
            return store_values<std::uint8_t>(values, known, to);
          case 2:
            return store_values<std::uint16_t>(values, known, to);
          default:
            return store_values<std::uint32_t>(values, known, to);
        }
      });
  if (stored == rows.count) {
    return;
  }
  const std::string text = value_text(column, rows.first + stored);
  if (column.type == Type::address) {
    fail_row(rows, stored, fmt::format("IPv6 address {} cannot be written to flow-tools v5", text));
  }
  fail_row(rows, stored,
           fmt::format("{} {} cannot be written to flow-tools v5 (at most {})", slot.field, text,
                       (std::uint64_t{1} << (8 * slot.width)) - 1));
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

void FlowToolsEncoder::make_times(const Rows& rows, std::size_t row, std::byte* record) const {
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
    fail_row(rows, row,
             fmt::format("time {} cannot be written to flow-tools v5 (1970 to 2106)", text));
  }
  const auto uptime = static_cast<std::uint64_t>(later - earlier);
  if (uptime > kLargestU32) {
    fail_row(rows, row,
             fmt::format("duration of {} ms cannot be written to flow-tools v5 (at most {})",
                         *end - *start, kLargestU32));
  }
  store(record + ft::kSecondsAt, static_cast<std::uint32_t>(later / 1000));
  store(record + ft::kFractionAt, static_cast<std::uint32_t>(later % 1000 * 1'000'000));
  store(record + ft::kUptimeAt, static_cast<std::uint32_t>(uptime));
  store(record + ft::kFirstAt, static_cast<std::uint32_t>(*start - earlier));
  store(record + ft::kLastAt, static_cast<std::uint32_t>(*end - earlier));
}

void FlowToolsEncoder::fail_row(const Rows& rows, std::size_t row,
                                const std::string& problem) const {
  fail(Exit::failed, "{}: {} {}: {}", where_, what_, rows.ordinal + row, problem);
}

}  // namespace nfql
