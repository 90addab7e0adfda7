#include "common/stage/packed_rows.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <span>
#include <type_traits>

#include "common/stream/narrow.h"

namespace nfql {
namespace {

// Rows packed at a time: few enough to stay in a cache while one column after the other is put in.
constexpr std::size_t kPackedAtOnce = 1024;

template <class T>
struct Range {
  T least = std::numeric_limits<T>::max();
  T greatest = std::numeric_limits<T>::lowest();

  // 0 when there is no value.
  [[nodiscard]] std::uint64_t width() const {
    return least > greatest
               ? 0
               : static_cast<std::uint64_t>(greatest) - static_cast<std::uint64_t>(least);
  }
  [[nodiscard]] std::uint64_t base() const {
    return least > greatest ? 0 : static_cast<std::uint64_t>(least);
  }
};

// Of the known values; value(i) is the i-th.
template <class T, class Value>
Range<T> range_of(const Column& column, const Value& value) {
  Range<T> range;
  const auto look_at = [&](std::size_t i) {
    range.least = std::min<T>(range.least, value(i));
    range.greatest = std::max<T>(range.greatest, value(i));
  };
  if (column.known == nullptr) {
    for (std::size_t i = 0; i < column.rows; ++i) {
      look_at(i);
    }
    return range;
  }
  for (std::size_t i = 0; i < column.rows; ++i) {
    if (column.known[i] != 0) {
      look_at(i);
    }
  }
  return range;
}

// Where values are written: the place in the first row.
struct Target {
  std::byte* at;
  std::size_t stride;
  std::size_t count;
};

template <std::size_t Bytes, class Distance>
void write(Target to, const Distance& distance) {
  for (std::size_t i = 0; i < to.count; ++i, to.at += to.stride) {
    const std::uint64_t value = distance(i);
    std::memcpy(to.at, &value, Bytes);  // the low bytes come first
  }
}

// Writes distance(i) of each row in as many bytes as the mask has.
template <class Distance>
void write(const PackedValues& values, Target to, const Distance& distance) {
  to.at += values.offset;
  switch ((std::bit_width(values.mask) + 7) / 8) {
    case 0:
      return;
    case 1:
      return write<1>(to, distance);
    case 2:
      return write<2>(to, distance);
    case 3:
      return write<3>(to, distance);
    case 4:
      return write<4>(to, distance);
    case 5:
      return write<5>(to, distance);
    case 6:
      return write<6>(to, distance);
    case 7:
      return write<7>(to, distance);
    default:
      return write<8>(to, distance);
  }
}

template <class T>
std::uint64_t bits_of(const T& value) {
  if constexpr (std::is_same_v<T, double>) {
    return std::bit_cast<std::uint64_t>(value);
  } else {
    return static_cast<std::uint64_t>(value);
  }
}

void write(const PackedColumn& packed, const Column& column, std::size_t first, const Target& to) {
  if (!packed.all_known) {
    write(packed.known, to, [&](std::size_t i) { return column.known[first + i]; });
  }
  visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
    const T* const values = column.values<T>().data() + first;
    if constexpr (std::is_same_v<T, Address>) {
      write(packed.high, to, [&](std::size_t i) { return values[i].high - packed.high.base; });
      write(packed.values, to, [&](std::size_t i) { return values[i].low - packed.values.base; });
    } else {
      write(packed.values, to,
            [&](std::size_t i) { return bits_of(values[i]) - packed.values.base; });
    }
  });
}

}  // namespace

PackedRows::PackedRows(const Batch& batch) : rows_(batch.rows) {
  columns_.reserve(batch.columns.size());
  for (const Column& column : batch.columns) {
    plan(column);
  }
  bytes_.resize(rows_ * stride_ + sizeof(std::uint64_t));
  std::memset(bytes_.data() + rows_ * stride_, 0, sizeof(std::uint64_t));
  for (std::size_t first = 0; first < rows_; first += kPackedAtOnce) {
    pack(batch, first, std::min(kPackedAtOnce, rows_ - first));
  }
}

// Makes room in a row for distances up to `range`.
void PackedRows::reserve(PackedValues& values, std::uint64_t range) {
  const auto bytes = (static_cast<std::size_t>(std::bit_width(range)) + 7) / 8;
  values.offset = stride_;
  values.mask = bytes == 0 ? 0 : ~std::uint64_t{0} >> (64 - 8 * bytes);
  stride_ += bytes;
}

void PackedRows::plan(const Column& column) {
  PackedColumn& packed = columns_.emplace_back();
  packed.width = column.width;
  sets_.columns.emplace_back();
  if (column.type == Type::set) {
    std::vector<RowId> all(column.rows);
    std::iota(all.begin(), all.end(), RowId{0});
    sets_.columns.back() = gather(column, all, sets_);
  }
  packed.all_known =
      column.known == nullptr || std::memchr(column.known, 0, column.rows) == nullptr;
  packed.known.base = packed.all_known ? 1 : 0;
  reserve(packed.known, packed.all_known ? 0 : 1);
  if (column.type != Type::set) {
    visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
      plan_values(packed, column, column.values<T>());
    });
  }
}

void PackedRows::plan_values(PackedColumn& packed, const Column& /*column*/,
                             std::span<const double> /*values*/) {
  reserve(packed.values, std::numeric_limits<std::uint64_t>::max());
}

void PackedRows::plan_values(PackedColumn& packed, const Column& column,
                             std::span<const Address> values) {
  const auto high = range_of<std::uint64_t>(column, [&](std::size_t i) { return values[i].high; });
  const auto low = range_of<std::uint64_t>(column, [&](std::size_t i) { return values[i].low; });
  packed.high.base = high.base();
  reserve(packed.high, high.width());
  packed.values.base = low.base();
  reserve(packed.values, low.width());
}

template <class T>
void PackedRows::plan_values(PackedColumn& packed, const Column& column,
                             std::span<const T> values) {
  const auto* const numbers = reinterpret_cast<const std::make_unsigned_t<T>*>(values.data());
  if (packed.all_known && sizeof(T) == sizeof(std::uint64_t) &&
      is_sequence(std::span(numbers, values.size()))) {
    packed.values.base = numbers[0];
    packed.values.step = std::uint64_t{numbers[1]} - numbers[0];
    return;
  }
  const auto range = range_of<T>(column, [&](std::size_t i) { return values[i]; });
  packed.values.base = range.base() + (column.type == Type::address ? kMappedPrefix : 0);
  reserve(packed.values, range.width());
}

void PackedRows::pack(const Batch& batch, std::size_t first, std::size_t count) {
  const Target to{bytes_.data() + first * stride_, stride_, count};
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (batch.columns[i].type != Type::set) {
      write(columns_[i], batch.columns[i], first, to);
    }
  }
}

}  // namespace nfql
