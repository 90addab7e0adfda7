#include "common/stream/column_summary.h"

#include <bit>
#include <cstring>
#include <limits>
#include <type_traits>

namespace nfql {
namespace {

template <class T>
std::uint64_t bits_of(T value) {
  if constexpr (std::is_same_v<T, double>) {
    return std::bit_cast<std::uint64_t>(value);
  } else {
    return static_cast<std::uint64_t>(value);
  }
}

// All comparisons with a NaN are false, so it never becomes an extreme.
template <class T>
struct Extremes {
  using Limits = std::numeric_limits<T>;

  T min = Limits::has_infinity ? Limits::infinity() : Limits::max();
  T max = Limits::has_infinity ? -Limits::infinity() : Limits::lowest();

  void add(T value) {
    min = value < min ? value : min;
    max = value > max ? value : max;
  }
};

template <class T>
void find_min_max(const Column& column, ColumnSummary& summary) {
  Extremes<T> found;
  const auto values = column.values<T>();
  if (column.known == nullptr) {
    for (const T value : values) {
      found.add(value);
    }
  } else {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (column.known[i] != 0) {
        found.add(values[i]);
      }
    }
  }
  summary.has_min_max = found.min <= found.max;
  if (summary.has_min_max) {
    summary.min = bits_of(found.min);
    summary.max = bits_of(found.max);
  }
}

// Compares bits: 0.0 and -0.0 differ, a NaN equals itself.
bool find_constant(const Column& column) {
  const std::byte* first = nullptr;
  for (std::size_t i = 0; i < column.rows; ++i) {
    const std::byte* value = column.data + i * column.width;
    if (!column.is_known(i)) {
      continue;
    }
    if (first == nullptr) {
      first = value;
    } else if (std::memcmp(first, value, column.width) != 0) {
      return false;
    }
  }
  return first != nullptr;
}

}  // namespace

ColumnSummary summarize(const Column& column) {
  ColumnSummary summary;
  summary.any_known = column.rows != 0;
  if (column.known != nullptr && column.rows != 0) {
    summary.any_unknown = std::memchr(column.known, 0, column.rows) != nullptr;
    summary.any_known = std::memchr(column.known, 1, column.rows) != nullptr;
  }
  if (!summary.any_known || column.type == Type::set) {
    return summary;
  }
  visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
    if constexpr (!std::is_same_v<T, Address>) {
      find_min_max<T>(column, summary);
    }
  });
  const bool exact = column.type != Type::f64 && summary.has_min_max;
  summary.constant = exact ? summary.min == summary.max : find_constant(column);
  return summary;
}

}  // namespace nfql
