#include <fmt/format.h>

#include "common/stream/column_decoder.h"
#include "common/stream/narrow.h"

namespace nfql {
namespace {

// Distances are from the smallest value, and shorter than values.
bool is_narrowable(const ColumnEntry& entry, const Field& field) {
  const bool address = field.type == Type::address && entry.width == width_of(Type::address);
  return (is_whole_number(field.type) || field.type == Type::u16 || address) &&
         distance_width(entry.encoding) < entry.width && (entry.flags & kHasMinMax) != 0;
}

bool width_fits(const ColumnEntry& entry, const Field& field) {
  const Type type = field.type == Type::set ? field.element_type : field.type;
  return entry.width == width_of(type) || (type == Type::address && entry.width == sizeof(Address));
}

// Also of an encoding that nobody defined.
bool encoding_fits(const ColumnEntry& entry, const Field& field) {
  switch (entry.encoding) {
    case Encoding::plain:
    case Encoding::unknown:
      return true;
    case Encoding::constant:
      return field.type != Type::set;
    case Encoding::delta:
      return is_whole_number(field.type);
    case Encoding::narrow_1:
    case Encoding::narrow_2:
    case Encoding::narrow_4:
      return is_narrowable(entry, field);
    case Encoding::sequence:
      return is_whole_number(field.type) && (entry.flags & kHasUnknown) == 0;
  }
  return false;
}

bool raw_length_fits(const ColumnEntry& entry, const Field& field, std::size_t rows) {
  const std::uint64_t bitmap = (entry.flags & kHasUnknown) != 0 ? bitmap_bytes(rows) : 0;
  if (entry.encoding == Encoding::unknown) {
    return entry.raw_bytes == 0;
  }
  if (entry.encoding == Encoding::constant) {
    return entry.raw_bytes == bitmap + padded(entry.width);
  }
  if (entry.encoding == Encoding::sequence) {
    return entry.raw_bytes == 2 * sizeof(std::uint64_t);
  }
  if (const std::size_t distance = distance_width(entry.encoding); distance != 0) {
    return entry.raw_bytes == bitmap + rows * distance;
  }
  // Of sets the rest is checked with their offsets.
  const std::uint64_t offsets = (rows + 1) * sizeof(std::uint32_t);
  return field.type == Type::set
             ? entry.raw_bytes >= bitmap + padded(offsets) && entry.raw_bytes <= kMaxStored
             : entry.raw_bytes == bitmap + rows * entry.width;
}

bool stored_length_fits(const ColumnEntry& entry) {
  return entry.method == 0 ? entry.stored_bytes == entry.raw_bytes
                           : entry.stored_bytes <= kMaxExpanded && entry.raw_bytes <= kMaxExpanded;
}

bool min_max_fits(const ColumnEntry& entry, const Field& field) {
  if ((entry.flags & kHasMinMax) == 0) {
    return entry.min == 0 && entry.max == 0;
  }
  return field.type != Type::set && entry.width <= sizeof entry.min;
}

}  // namespace

std::string find_problem(const ColumnEntry& entry, const Field& field, std::size_t rows) {
  if (!encoding_fits(entry, field)) {
    return fmt::format("an encoding of number {} is not possible",
                       static_cast<int>(entry.encoding));
  }
  if (entry.method > static_cast<std::uint8_t>(Compression::Method::zstd)) {
    return fmt::format("there is no compression of number {}", entry.method);
  }
  if (!width_fits(entry, field)) {
    return fmt::format("values of {} bytes are not possible", entry.width);
  }
  const bool unknown = entry.encoding == Encoding::unknown;
  const std::uint8_t flags = unknown ? 0 : kHasUnknown | kHasMinMax;
  if ((entry.flags & ~flags) != 0 || entry.zero != 0 || (unknown && entry.method != 0) ||
      !min_max_fits(entry, field)) {
    return "flags or extremes are not possible";
  }
  if (!raw_length_fits(entry, field, rows) || !stored_length_fits(entry)) {
    return fmt::format("lengths of {} and {} bytes are not possible", entry.stored_bytes,
                       entry.raw_bytes);
  }
  return {};
}

std::string find_problem_of_bytes(const ColumnEntry& entry) {
  const bool plain = entry.encoding == Encoding::plain && entry.method == 0 && entry.width == 1 &&
                     entry.flags == 0 && entry.zero == 0 && entry.min == 0 && entry.max == 0 &&
                     entry.stored_bytes == entry.raw_bytes && entry.stored_bytes <= kMaxStored;
  return plain ? std::string() : "the directory is not possible";
}

std::uint64_t expanded_bytes(const ColumnEntry& entry, std::size_t rows) {
  const bool packed = entry.method != 0 || entry.encoding == Encoding::delta;
  const bool made = entry.encoding == Encoding::constant || entry.encoding == Encoding::sequence ||
                    distance_width(entry.encoding) != 0;
  return (packed ? entry.raw_bytes : 0) + (made ? std::uint64_t{rows} * entry.width : 0);
}

}  // namespace nfql
