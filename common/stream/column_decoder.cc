#include "common/stream/column_decoder.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "common/base/byte_order.h"
#include "common/base/hash.h"
#include "common/stream/delta.h"
#include "common/stream/narrow.h"

namespace nfql {
namespace {

// Each set of `column` must be sorted, each value once. A NaN is as good as any value.
template <class T>
bool sets_ascend(const Column& column) {
  for (std::size_t row = 0; row < column.rows; ++row) {
    const auto set = column.set<T>(row);
    for (std::size_t i = 1; i < set.size(); ++i) {
      if (set[i] <= set[i - 1]) {
        return false;
      }
    }
  }
  return true;
}

bool sets_ascend(const Column& column) {
  return visit_values(column.element_type, column.width,
                      [&column]<class T>(std::type_identity<T>) { return sets_ascend<T>(column); });
}

std::string decode_sets(std::span<const std::byte> raw, Column& column) {
  const std::size_t size = (column.rows + 1) * sizeof(std::uint32_t);
  if (raw.size() < padded(size)) {
    return "there are too few offsets of sets";
  }
  column.offsets = reinterpret_cast<const std::uint32_t*>(raw.data());
  column.data = raw.data() + padded(size);
  const std::uint32_t* end = column.offsets + column.rows + 1;
  if (column.offsets[0] != 0 || !std::is_sorted(column.offsets, end)) {
    return "the offsets of sets are out of order";
  }
  if (padded(size) + column.data_bytes() != raw.size()) {
    return "the offsets of sets do not fit the values";
  }
  if (!is_zero(raw.subspan(size, padded(size) - size))) {
    return "padding is not zero";
  }
  return sets_ascend(column) ? std::string() : "the values of a set are out of order";
}

void fill(std::byte* to, std::size_t rows, std::span<const std::byte> value) {
  std::memcpy(to, value.data(), value.size());
  // Doubles what is there, so that each step is one copy.
  const std::size_t size = rows * value.size();
  for (std::size_t have = value.size(); have < size;) {
    const std::size_t more = std::min(have, size - have);
    std::memcpy(to + have, to, more);
    have += more;
  }
}

void undo_deltas(std::byte* values, const Column& column) {
  visit_whole(column.width, [&]<class T>(std::type_identity<T>) {
    auto* numbers = reinterpret_cast<T*>(values);
    from_deltas(numbers, column.rows, numbers);
  });
}

void decode_constant(std::span<const std::byte> raw, Column& column, Batch& owner) {
  Buffer values(column.rows * column.width);
  fill(values.data(), column.rows, raw.first(column.width));
  column.data = owner.keep(std::move(values));
}

void decode_sequence(std::span<const std::byte> raw, Column& column, Batch& owner) {
  Buffer values(column.rows * column.width);
  const auto first = load<std::uint64_t>(raw.data());
  const auto step = load<std::uint64_t>(raw.data() + sizeof first);
  visit_whole(column.width, [&]<class T>(std::type_identity<T>) {
    fill_sequence(static_cast<T>(first), static_cast<T>(step),
                  std::span(values.as<T>(), column.rows));
  });
  column.data = owner.keep(std::move(values));
}

std::string decode_bitmap(std::span<const std::byte> bitmap, Column& column, Batch& owner) {
  Buffer known(column.rows);
  const auto* words = reinterpret_cast<const std::uint64_t*>(bitmap.data());
  auto* to = known.as<std::uint8_t>();
  for (std::size_t row = 0; row < column.rows; ++row) {
    to[row] = (words[row / 64] >> (row % 64)) & 1;
  }
  const std::size_t last = column.rows % 64;
  if (last != 0 && (words[column.rows / 64] >> last) != 0) {
    return "padding is not zero";
  }
  column.known = reinterpret_cast<const std::uint8_t*>(owner.keep(std::move(known)));
  return {};
}

const std::uint8_t* gather_known(const Column& column, std::span<const RowId> rows, Batch& owner) {
  if (column.known == nullptr) {
    return nullptr;
  }
  const Column known{Type::u8, Type::u8, 1, column.rows,
                     reinterpret_cast<const std::byte*>(column.known)};
  return reinterpret_cast<const std::uint8_t*>(gather(known, rows, owner).data);
}

}  // namespace

DecodedColumn ColumnDecoder::decode(const ColumnEntry& entry, const Field& field,
                                    std::span<const std::byte> stored, Batch& owner) {
  DecodedColumn decoded;
  Column& column = decoded.column;
  column.type = field.type;
  column.element_type = field.element_type;
  column.width = entry.width;
  column.rows = rows_;
  if (xxh3(stored) != entry.checksum) {
    decoded.problem = "the checksum is wrong";
    return decoded;
  }
  if (entry.encoding == Encoding::unknown) {
    decode_unknown(column, owner);
    return decoded;
  }
  std::span<const std::byte> raw = stored;
  if (entry.method != 0 || entry.encoding == Encoding::delta) {
    Buffer unpacked(entry.raw_bytes);
    if (!decompressor_.decompress(static_cast<Compression::Method>(entry.method), stored,
                                  std::span(unpacked.data(), unpacked.size()))) {
      decoded.problem = "the compressed bytes are corrupt";
      return decoded;
    }
    if (entry.encoding == Encoding::delta) {
      undo_deltas(unpacked.data() + (unpacked.size() - rows_ * entry.width), column);
    }
    raw = {owner.keep(std::move(unpacked)), entry.raw_bytes};
  }
  decoded.problem = decode_raw(entry, raw, column, owner);
  if (decoded.problem.empty() && chosen_.has_value() && distance_width(entry.encoding) == 0) {
    column = gather(column, *chosen_, owner);
  }
  decoded.views_stored =
      !chosen_.has_value() && entry.method == 0 && entry.encoding == Encoding::plain;
  return decoded;
}

std::string ColumnDecoder::decode_raw(const ColumnEntry& entry, std::span<const std::byte> raw,
                                      Column& column, Batch& owner) {
  if ((entry.flags & kHasUnknown) != 0) {
    const std::size_t size = bitmap_bytes(column.rows);
    if (raw.size() < size) {
      return "the bitmap is cut short";
    }
    if (std::string problem = decode_bitmap(raw.first(size), column, owner); !problem.empty()) {
      return problem;
    }
    raw = raw.subspan(size);
  }
  if (column.type == Type::set) {
    return decode_sets(raw, column);
  }
  if (entry.encoding == Encoding::constant) {
    decode_constant(raw, column, owner);
    return is_zero(raw.subspan(column.width)) ? std::string() : "padding is not zero";
  }
  if (entry.encoding == Encoding::sequence) {
    decode_sequence(raw, column, owner);
  } else if (distance_width(entry.encoding) != 0) {
    decode_distances(entry, raw, column, owner);
  } else {
    column.data = raw.data();
  }
  return {};
}

void ColumnDecoder::decode_unknown(Column& column, Batch& owner) {
  column.rows = chosen_.has_value() ? chosen_->size() : rows_;
  if (zeros_ == nullptr) {
    // As many bytes as the widest values take, which are more than known bytes or offsets.
    Buffer zeros((rows_ + 1) * sizeof(Address));
    std::memset(zeros.data(), 0, zeros.size());
    zeros_ = owner.keep(std::move(zeros));
  }
  column.data = zeros_;
  column.known = reinterpret_cast<const std::uint8_t*>(zeros_);
  if (column.type == Type::set) {
    column.offsets = reinterpret_cast<const std::uint32_t*>(zeros_);
  }
}

// Only the rows that are wanted are ever widened.
void ColumnDecoder::decode_distances(const ColumnEntry& entry, std::span<const std::byte> raw,
                                     Column& column, Batch& owner) const {
  if (chosen_.has_value()) {
    column.known = gather_known(column, *chosen_, owner);
    column.rows = chosen_->size();
  }
  Buffer values(column.rows * column.width);
  visit_narrow(column.width, distance_width(entry.encoding),
               [&]<class T, class D>(std::type_identity<T>, std::type_identity<D>) {
                 const auto* distances = reinterpret_cast<const D*>(raw.data());
                 const auto base = static_cast<T>(entry.min);
                 if (chosen_.has_value()) {
                   from_distances(distances, base, *chosen_, values.as<T>());
                 } else {
                   from_distances(std::span(distances, rows_), base, values.as<T>());
                 }
               });
  column.data = owner.keep(std::move(values));
}

}  // namespace nfql
