#include "common/stream/column_encoder.h"

#include <cstring>
#include <type_traits>

#include "common/base/hash.h"
#include "common/stream/column_decoder.h"
#include "common/stream/delta.h"
#include "common/stream/narrow.h"

namespace nfql {
namespace {

void pad(Buffer& to) {
  constexpr std::uint64_t kZero = 0;
  to.append(&kZero, padded(to.size()) - to.size());
}

void push_bitmap(Buffer& to, const Column& column) {
  for (std::size_t row = 0; row < column.rows; row += 64) {
    std::uint64_t bits = 0;
    for (std::size_t i = row; i < column.rows && i < row + 64; ++i) {
      bits |= std::uint64_t{column.is_known(i)} << (i - row);
    }
    to.push(bits);
  }
}

// What memory holds where a value is unknown is nobody's business.
void push_known_values(Buffer& to, const Column& column) {
  const std::size_t at = to.size();
  to.append(column.data, column.data_bytes());
  for (std::size_t row = 0; column.known != nullptr && row < column.rows; ++row) {
    if (!column.is_known(row)) {
      std::memset(to.data() + at + row * column.width, 0, column.width);
    }
  }
}

void push_sets(Buffer& to, const Column& column) {
  const std::size_t at = to.size();
  const std::uint32_t base = column.offsets[0];
  to.append(column.offsets, (column.rows + 1) * sizeof(std::uint32_t));
  for (std::size_t i = 0; base != 0 && i <= column.rows; ++i) {
    const std::uint32_t offset = column.offsets[i] - base;
    std::memcpy(to.data() + at + i * sizeof offset, &offset, sizeof offset);
  }
  pad(to);
  to.append(column.data + std::size_t{base} * column.width,
            std::size_t{column.offsets[column.rows] - base} * column.width);
}

void push_constant(Buffer& to, const Column& column) {
  std::size_t row = 0;
  while (!column.is_known(row)) {
    ++row;
  }
  to.append(column.data + row * column.width, column.width);
  pad(to);
}

// Neighbouring times and ids are near each other.
bool rises_slowly(const Field& field) {
  return is_whole_number(field.type) &&
         (field.meaning == Meaning::time || field.id == element::kFlowId ||
          field.id == element::kStartUptime || field.id == element::kEndUptime);
}

// The values as numbers without sign, which they must be, or be i64.
template <class T>
std::span<const T> numbers_of(const Column& column) {
  return {reinterpret_cast<const T*>(column.data), column.rows};
}

bool has_constant_step(const Column& column) {
  return visit_whole(column.width, [&]<class T>(std::type_identity<T>) {
    return is_sequence(numbers_of<T>(column));
  });
}

void push_sequence(Buffer& to, const Column& column) {
  visit_whole(column.width, [&]<class T>(std::type_identity<T>) {
    const auto values = numbers_of<T>(column);
    to.push(std::uint64_t{values[0]});
    to.push(std::uint64_t{static_cast<T>(values[1] - values[0])});
  });
}

void push_deltas(Buffer& to, const Column& column) {
  const std::size_t at = to.size();
  to.resize(at + column.data_bytes());
  visit_whole(column.width, [&]<class T>(std::type_identity<T>) {
    to_deltas(numbers_of<T>(column).data(), column.rows, reinterpret_cast<T*>(to.data() + at));
  });
}

void push_distances(Buffer& to, const Column& column, const ColumnEntry& entry) {
  const std::size_t distance = distance_width(entry.encoding);
  const std::size_t at = to.size();
  to.resize(at + column.rows * distance);
  visit_narrow(column.width, distance,
               [&]<class T, class D>(std::type_identity<T>, std::type_identity<D>) {
                 to_distances(numbers_of<T>(column), static_cast<T>(entry.min), column.known,
                              reinterpret_cast<D*>(to.data() + at));
               });
}

// Appends the column as it is before compression.
void push_raw(Buffer& to, const Column& column, const ColumnEntry& entry) {
  if ((entry.flags & kHasUnknown) != 0) {
    push_bitmap(to, column);
  }
  switch (entry.encoding) {
    case Encoding::plain:
      column.type == Type::set ? push_sets(to, column) : push_known_values(to, column);
      return;
    case Encoding::constant:
      push_constant(to, column);
      return;
    case Encoding::unknown:
      return;
    case Encoding::delta:
      push_deltas(to, column);
      return;
    case Encoding::narrow_1:
    case Encoding::narrow_2:
    case Encoding::narrow_4:
      push_distances(to, column, entry);
      return;
    case Encoding::sequence:
      push_sequence(to, column);
      return;
  }
}

// The narrowest encoding of values that are that far from each other.
Encoding narrowest(std::uint64_t range, std::size_t width) {
  for (const Encoding encoding : {Encoding::narrow_1, Encoding::narrow_2, Encoding::narrow_4}) {
    const std::size_t distance = distance_width(encoding);
    if (distance >= width) {
      break;
    }
    if (range >> (8 * distance) == 0) {
      return encoding;
    }
  }
  return Encoding::plain;
}

}  // namespace

Encoding ColumnEncoder::choose(const Column& column, const Field& field,
                               const ColumnSummary& summary) const {
  if (!summary.any_known) {
    return Encoding::unknown;
  }
  if (column.type == Type::set || !may_expand(column.data_bytes())) {
    return Encoding::plain;
  }
  if (summary.constant) {
    return Encoding::constant;
  }
  if (is_whole_number(field.type) && !summary.any_unknown && has_constant_step(column)) {
    return Encoding::sequence;
  }
  return summary.has_min_max && column.type != Type::f64
             ? narrowest(summary.max - summary.min, column.width)
             : Encoding::plain;
}

ColumnEntry ColumnEncoder::encode(const Column& column, const Field& field, Buffer& to) {
  const ColumnSummary summary = summarize(column);
  const std::size_t at = to.size();
  ColumnEntry entry;
  entry.width = column.width;
  entry.encoding = choose(column, field, summary);
  entry.flags = summary.any_known && summary.any_unknown ? kHasUnknown : 0;
  if (summary.has_min_max) {
    entry.flags |= kHasMinMax;
    entry.min = summary.min;
    entry.max = summary.max;
  }
  if (!compress(column, field, entry, to)) {
    push_raw(to, column, entry);
    entry.raw_bytes = to.size() - at;
  }
  expanded_ += expanded_bytes(entry, column.rows);
  entry.stored_bytes = to.size() - at;
  entry.checksum = xxh3(to.bytes().subspan(at));
  pad(to);
  return entry;
}

bool ColumnEncoder::compress(const Column& column, const Field& field, ColumnEntry& entry,
                             Buffer& to) {
  const bool long_enough = entry.encoding == Encoding::plain || distance_width(entry.encoding) != 0;
  if (compressor_.method() == Compression::Method::none || !long_enough) {
    return false;
  }
  ColumnEntry packed = entry;
  if (rises_slowly(field) && (entry.flags & kHasUnknown) == 0) {
    packed.encoding = Encoding::delta;
  }
  raw_.clear();
  push_raw(raw_, column, packed);
  packed.method = static_cast<std::uint8_t>(compressor_.method());
  packed.raw_bytes = raw_.size();
  if (!may_expand(expanded_bytes(packed, column.rows)) || !compressor_.compress(raw_.bytes(), to)) {
    return false;
  }
  entry = packed;
  return true;
}

ColumnEntry entry_of_bytes(std::span<const std::byte> bytes) {
  ColumnEntry entry;
  entry.width = 1;
  entry.stored_bytes = bytes.size();
  entry.raw_bytes = bytes.size();
  entry.checksum = xxh3(bytes);
  return entry;
}

}  // namespace nfql
