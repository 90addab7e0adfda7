#include "common/flow/batch.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <type_traits>

namespace nfql {
namespace {

template <class T>
void gather_values(const T* from, std::span<const RowId> rows, T* to) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    to[i] = from[rows[i]];
  }
}

void gather_sets(const Column& column, std::span<const RowId> rows, Batch& owner, Column& result) {
  Buffer offsets((rows.size() + 1) * sizeof(std::uint32_t));
  auto* ends = offsets.as<std::uint32_t>();
  ends[0] = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ends[i + 1] = ends[i] + (column.offsets[rows[i] + 1] - column.offsets[rows[i]]);
  }
  Buffer values(std::size_t{ends[rows.size()]} * column.width);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t bytes = std::size_t{ends[i + 1] - ends[i]} * column.width;
    if (bytes != 0) {
      std::memcpy(values.data() + std::size_t{ends[i]} * column.width,
                  column.data + std::size_t{column.offsets[rows[i]]} * column.width, bytes);
    }
  }
  result.data = owner.keep(std::move(values));
  result.offsets = reinterpret_cast<const std::uint32_t*>(owner.keep(std::move(offsets)));
}

bool owns(const Batch& batch, const void* bytes) {
  // Addresses of different objects, which only the functions of std compare in a way that is
  // defined.
  const std::less_equal<const void*> before;
  return bytes == nullptr ||
         std::any_of(batch.memory.begin(), batch.memory.end(), [&](const Buffer& memory) {
           return before(memory.data(), bytes) && before(bytes, memory.data() + memory.size());
         });
}

}  // namespace

Batch slice(const Batch& from, std::size_t first, std::size_t count) {
  Batch result;
  result.rows = count;
  result.columns = from.columns;
  for (Column& column : result.columns) {
    column.rows = count;
    column.known += column.known == nullptr ? 0 : first;
    if (column.data == nullptr) {
      continue;
    }
    if (column.type == Type::set) {
      column.offsets += first;
    } else {
      column.data += first * column.width;
    }
  }
  return result;
}

bool owns_columns(const Batch& batch) {
  return std::all_of(batch.columns.begin(), batch.columns.end(), [&batch](const Column& column) {
    return owns(batch, column.data) && owns(batch, column.known) && owns(batch, column.offsets);
  });
}

Column gather(const Column& column, std::span<const RowId> rows, Batch& owner) {
  Column result = column;
  result.rows = rows.size();
  if (column.known != nullptr) {
    Buffer known(rows.size());
    gather_values(column.known, rows, known.as<std::uint8_t>());
    result.known = reinterpret_cast<const std::uint8_t*>(owner.keep(std::move(known)));
  }
  if (column.type == Type::set) {
    gather_sets(column, rows, owner, result);
    return result;
  }
  Buffer values(rows.size() * column.width);
  visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
    gather_values(column.values<T>().data(), rows, values.as<T>());
  });
  result.data = owner.keep(std::move(values));
  return result;
}

Column column_without_values(const Field& field, std::size_t rows) {
  Column column;
  column.type = field.type;
  column.element_type = field.type == Type::set ? field.element_type : field.type;
  column.width = static_cast<std::uint8_t>(width_of(column.element_type));
  column.rows = rows;
  return column;
}

Column unknown_column(const Field& field, std::size_t rows, Batch& owner) {
  // Zeros serve as values, offsets and bitmap alike; of values the widest have 8 bytes, as
  // addresses begin with 4.
  Buffer zeros((rows + 1) * sizeof(std::uint64_t));
  std::memset(zeros.data(), 0, zeros.size());
  Column column = column_without_values(field, rows);
  column.data = owner.keep(std::move(zeros));
  column.known = reinterpret_cast<const std::uint8_t*>(column.data);
  if (field.type == Type::set) {
    column.offsets = reinterpret_cast<const std::uint32_t*>(column.data);
  }
  return column;
}

Batch gather(const Batch& from, std::span<const RowId> rows) {
  Batch result;
  result.rows = rows.size();
  result.columns.reserve(from.columns.size());
  for (const Column& column : from.columns) {
    result.columns.push_back(gather(column, rows, result));
  }
  return result;
}

}  // namespace nfql
