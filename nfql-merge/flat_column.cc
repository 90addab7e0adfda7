#include "nfql-merge/flat_column.h"

#include <type_traits>

namespace nfql::merge {
namespace {

void append_integers(const Column& column, FlatColumn& flat) {
  visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
    if constexpr (std::is_integral_v<T>) {
      std::uint64_t highest = 0;
      for (const T value : column.values<T>()) {
        flat.low.push_back(static_cast<std::uint64_t>(value));
        if constexpr (std::is_unsigned_v<T>) {
          highest |= value;
        }
      }
      flat.fits_signed = flat.fits_signed && (highest >> 63) == 0;
    }
  });
}

void append_addresses(const Column& column, bool wide, FlatColumn& flat) {
  for (std::size_t i = 0; i < column.rows; ++i) {
    if (wide) {
      const Address address = column.address(i);
      flat.low.push_back(address.low);
      flat.high.push_back(address.high);
    } else {
      flat.low.push_back(column.values<std::uint32_t>()[i]);
    }
  }
}

}  // namespace

FlatColumn flatten(const RowStore& rows, std::size_t column) {
  FlatColumn flat;
  flat.type = rows.schema()[column].type;
  const bool wide = rows.is_wide(column);
  const bool all_known = !rows.has_unknown(column);
  flat.low.reserve(rows.rows());
  flat.high.reserve(wide ? rows.rows() : 0);
  rows.visit(std::span(&column, 1), [&](std::uint64_t, const Batch& batch) {
    const Column& values = batch.columns[column];
    if (flat.type == Type::address) {
      append_addresses(values, wide, flat);
    } else {
      append_integers(values, flat);
    }
    for (std::size_t i = 0; !all_known && i < values.rows; ++i) {
      flat.known.push_back(values.is_known(i) ? 1 : 0);
    }
  });
  return flat;
}

const FlatColumn& FlatColumns::get(const ColumnRef& ref) {
  const auto entry = columns_.find(ref);
  if (entry != columns_.end()) {
    return entry->second;
  }
  return columns_.emplace(ref, flatten(stores_[ref.branch].groups(), ref.column)).first->second;
}

}  // namespace nfql::merge
