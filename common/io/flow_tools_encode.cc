#include "common/io/flow_tools_encode.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>

#include "common/base/byte_order.h"
#include "common/base/error.h"
#include "common/base/names.h"
#include "common/flow/time.h"
#include "common/io/flow_tools_format.h"

namespace nfql {
namespace {

namespace ft = flow_tools;

constexpr std::array kRawTimes = {element::kExportSeconds, element::kExportNanoseconds,
                                  element::kExportUptime, element::kStartUptime,
                                  element::kEndUptime};
constexpr std::array<std::size_t, 5> kRawTimesAt = {ft::kSecondsAt, ft::kFractionAt, ft::kUptimeAt,
                                                    ft::kFirstAt, ft::kLastAt};

constexpr std::uint64_t kLargestU32 = std::numeric_limits<std::uint32_t>::max();

// The value as the integer to store, if it is one in 0..largest.
template <class T>
std::optional<std::uint64_t> stored_value(const T& value, std::uint64_t largest) {
  std::uint64_t result = 0;
  if constexpr (std::is_same_v<T, Address>) {
    if (!is_ipv4(value)) {
      return std::nullopt;
    }
    result = ipv4_of(value);
  } else if constexpr (std::is_same_v<T, double>) {
    const double rounded = std::nearbyint(value);
    if (!(rounded >= 0 && rounded <= static_cast<double>(kLargestU32))) {
      return std::nullopt;
    }
    result = static_cast<std::uint64_t>(rounded);
  } else {
    if constexpr (std::is_signed_v<T>) {
      if (value < 0) {
        return std::nullopt;
      }
    }
    result = static_cast<std::uint64_t>(value);
  }
  return result <= largest ? std::optional(result) : std::nullopt;
}

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

bool is_integer(Type type) {
  return type != Type::f64 && type != Type::set && type != Type::address;
}

// How well a computed column stands for a field: 0 not at all.
int rank_of(const Field& column, ElementId id) {
  if (column.id.any() || column.type == Type::set) {
    return 0;
  }
  const FieldInfo* same = find_field(column.name);
  if (same != nullptr && same->id == id) {
    return 3;
  }
  const bool flags = id == element::kTcpFlags;
  const std::size_t underscore = column.name.find('_');
  if (underscore == std::string::npos || !is_integer(column.type) ||
      !(flags || id == element::kPackets || id == element::kOctets)) {
    return 0;
  }
  const FieldInfo* field = find_field(std::string_view(column.name).substr(underscore + 1));
  if (field == nullptr || field->id != id) {
    return 0;
  }
  const std::string function = lower(std::string_view(column.name).substr(0, underscore));
  const bool best = flags ? function == "or" || function == "bitor" : function == "sum";
  return best ? 2 : 1;
}

std::optional<std::size_t> find_column(const Schema& schema, ElementId id) {
  const std::optional<std::size_t> same = schema.find(id);
  if (same) {
    return schema[*same].type == Type::set ? std::nullopt : same;
  }
  std::optional<std::size_t> best;
  int best_rank = 0;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const int rank = rank_of(schema[i], id);
    if (rank > best_rank) {
      best = i;
      best_rank = rank;
    }
  }
  return best;
}

bool is_time_part(ElementId id) {
  return std::find(kRawTimes.begin(), kRawTimes.end(), id) != kRawTimes.end();
}

// Columns of times come with the type that the registry gives them; others are no such times.
std::optional<std::size_t> find_typed(const Schema& schema, ElementId id) {
  const std::optional<std::size_t> column = schema.find(id);
  return column && schema[*column].type == find_field(id)->type ? column : std::nullopt;
}

std::string text_of(const Column& column, std::size_t row) {
  if (column.type == Type::address) {
    return to_string(column.address(row));
  }
  return visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
    if constexpr (std::is_same_v<T, Address>) {
      return to_string(column.values<T>()[row]);
    } else {
      return fmt::format("{}", column.values<T>()[row]);
    }
  });
}

}  // namespace

FlowToolsEncoder::FlowToolsEncoder(const Schema& schema, std::string where, std::string what)
    : where_(std::move(where)), what_(std::move(what)) {
  for (const ft::Place& place : ft::kPlaces) {
    const std::optional<std::size_t> column = find_column(schema, place.id);
    if (column && !is_time_part(place.id)) {
      slots_.push_back(
          {*column, place.offset, place.width, std::string(find_field(place.id)->short_name())});
    }
  }
  times_.start = find_typed(schema, element::kStart);
  times_.end = find_typed(schema, element::kEnd);
  for (const ElementId id : kRawTimes) {
    const std::optional<std::size_t> column = find_typed(schema, id);
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
  const std::string text = text_of(column, rows.first + stored);
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
