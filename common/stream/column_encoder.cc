#include "common/stream/column_encoder.h"

#include <cstring>

#include "common/base/hash.h"
#include "common/stream/column_summary.h"
#include "common/stream/delta.h"

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
  for (std::size_t row = 0; row < column.rows; ++row) {
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

// Only of whole numbers: neighbouring times and ids are near each other.
bool rises_slowly(const Field& field) {
  const bool wide = field.type == Type::u32 || field.type == Type::u64 || field.type == Type::i64;
  const bool near = field.meaning == Meaning::time || field.id == element::kFlowId ||
                    field.id == element::kStartUptime || field.id == element::kEndUptime;
  return wide && near;
}

// The column before compression: as it is in memory where that is possible, else made in `to`.
std::span<const std::byte> raw_bytes(const Column& column, const ColumnEntry& entry, Buffer& to) {
  const bool constant = entry.encoding == Encoding::constant;
  const bool any_unknown = (entry.flags & kHasUnknown) != 0;
  if (!constant && !any_unknown && column.type != Type::set) {
    return {column.data, column.data_bytes()};
  }
  if (any_unknown) {
    push_bitmap(to, column);
  }
  if (constant) {
    push_constant(to, column);
  } else if (column.type == Type::set) {
    push_sets(to, column);
  } else {
    push_known_values(to, column);
  }
  return to.bytes();
}

template <class T>
std::span<const std::byte> deltas_of(const Column& column, Buffer& to) {
  to.resize(column.data_bytes());
  to_deltas(reinterpret_cast<const T*>(column.data), column.rows, to.as<T>());
  return to.bytes();
}

}  // namespace

void ColumnEncoder::begin_block() {
  used_ = 0;
  expanded_ = 0;
}

EncodedColumn ColumnEncoder::encode(const Column& column, const Field& field) {
  const ColumnSummary summary = summarize(column);
  EncodedColumn encoded;
  encoded.entry.width = column.width;
  if (!summary.any_known) {
    encoded.entry.encoding = Encoding::unknown;
    encoded.entry.checksum = xxh3({});
    return encoded;
  }
  if (used_ == scratch_.size()) {
    scratch_.emplace_back();
  }
  Scratch& scratch = scratch_[used_++];
  scratch.raw.clear();
  encoded.entry.flags = summary.any_unknown ? kHasUnknown : 0;
  if (summary.has_min_max) {
    encoded.entry.flags |= kHasMinMax;
    encoded.entry.min = summary.min;
    encoded.entry.max = summary.max;
  }
  if (summary.constant && expanded_ + column.data_bytes() <= kMaxExpanded) {
    expanded_ += column.data_bytes();
    encoded.entry.encoding = Encoding::constant;
  }
  encoded.stored = raw_bytes(column, encoded.entry, scratch.raw);
  encoded.entry.raw_bytes = encoded.stored.size();
  if (encoded.entry.encoding == Encoding::plain) {
    compress(column, field, encoded, scratch);
  }
  encoded.entry.stored_bytes = encoded.stored.size();
  encoded.entry.checksum = xxh3(encoded.stored);
  return encoded;
}

void ColumnEncoder::compress(const Column& column, const Field& field, EncodedColumn& encoded,
                             Scratch& scratch) {
  if (compressor_.method() == Compression::Method::none ||
      encoded.stored.size() > kMaxExpanded - expanded_) {
    return;
  }
  std::span<const std::byte> raw = encoded.stored;
  const bool delta = rises_slowly(field) && (encoded.entry.flags & kHasUnknown) == 0;
  if (delta) {
    raw = column.width == 4 ? deltas_of<std::uint32_t>(column, deltas_)
                            : deltas_of<std::uint64_t>(column, deltas_);
  }
  if (!compressor_.compress(raw, scratch.packed)) {
    return;
  }
  expanded_ += raw.size();
  encoded.entry.encoding = delta ? Encoding::delta : Encoding::plain;
  encoded.entry.method = static_cast<std::uint8_t>(compressor_.method());
  encoded.stored = scratch.packed.bytes();
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
